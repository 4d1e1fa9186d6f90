import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { keyOpening, signBlank, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import { specHash } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import { AUTHORITY, TestNode } from './test-node.testing.ts';

const alice = testKey(1);
const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: Array.from({ length: 600 }, () => ({ address: alice.address, amount: amount(1_000_000_000) })),
});

/** Two blocks of so many payments each. */
function twoBlocks(payments: number): readonly Uint8Array[] {
  const source = new TestNode({ spec, production: { kind: 'off' } });
  const place = { spec, env: source.node.nextEnvironment(), view: source.node.view() };
  const producing = new TestNode({ spec });
  return [0, 1].map((block) => {
    const transactions = Array.from({ length: payments }, (_, i) => {
      const outpoint = { txid: specHash(spec), index: block * payments + i };
      const outputs = [{ asset: 0, amount: amount(1000), address: AUTHORITY.address }];
      // What the first block has done to the base fee is paid by the tip.
      return spend(place, {
        from: [{ outpoint, opening: keyOpening(alice) }],
        outputs,
        signer: signBlank,
        tip: 10_000,
      }).bytes;
    });
    assert.ok(producing.ask({ kind: 'submit', transactions }).ok);
    producing.advance(5);
    const made = producing.queries.block({ kind: 'height', height: block + 1 });
    assert.equal(made?.transactions.length, payments + 1);
    return made?.bytes as Uint8Array;
  });
}

/** The height after the verdicts on both blocks came in one turn of the event loop, and after the next turn. */
function heights(payments: number): readonly number[] {
  const node = new TestNode({
    spec,
    production: { kind: 'off' },
    index: false,
    nowMs: spec.genesisTimeMs + 60_000,
  });
  node.holdsSignatures = true;
  for (const block of twoBlocks(payments)) node.runner.request({ kind: 'import', block }, () => {});
  node.releaseSignatures();
  const { chain } = node.node;
  const first = chain.head.height;
  node.advance(1);
  return [first, chain.head.height];
}

describe('blocks whose signatures are checked at the same time', () => {
  test('have a turn of the event loop each when they are long', () => {
    assert.deepEqual(heights(300), [1, 2]);
  });

  test('share one when they are short', () => {
    assert.deepEqual(heights(10), [2, 2]);
  });
});
