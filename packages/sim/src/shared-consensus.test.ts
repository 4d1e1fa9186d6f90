import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectOk, TestChain } from '@calin/core/chain/chain.testing.ts';
import { SharedBlocks } from '@calin/core/chain/shared-blocks.ts';
import { ValidatorBranch } from '@calin/core/chain/validator-branch.testing.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { stakeSpec } from '@calin/core/ledger/testing/stake-chain.testing.ts';
import { SIGNATURES_CHECKED } from '@calin/core/ledger/transaction-signatures.ts';
import { encodeHeader, parseHeader } from '@calin/core/primitives/header.ts';
import type { ValidatorView } from '@calin/core/primitives/validator-set.ts';
import { shareVerdicts } from './shared-consensus.ts';

test('nodes that share verdicts and blocks agree on branches with validators of their own', () => {
  const finality = { kind: 'depth', blocks: 20 } as const;
  const spec = stakeSpec({}, { production: { kind: 'dpos', slotMs: 1_000 }, finality });
  const one = new ValidatorBranch(spec).grow(1);
  const two = one.fork(1);
  // Another time means other turns that were missed, and so other validators later.
  two.add({ afterMs: 9_000 });
  two.grow(9);
  one.grow(11);
  let checks = 0;
  const consensus = createConsensus(spec);
  const counted = {
    ...consensus,
    production: {
      ...consensus.production,
      verifyHeader: (...given: Parameters<typeof consensus.production.verifyHeader>) => {
        checks += 1;
        return consensus.production.verifyHeader(...given);
      },
    },
  };
  const shared = new SharedBlocks({ blocksMax: 100 });
  const options = {
    spec,
    consensus: shareVerdicts(counted),
    verify: SIGNATURES_CHECKED,
    verifySeal: verifySignature,
    shared,
  };
  const orders = [
    [...one.above(), ...two.above(1)],
    [...two.above(), ...one.above(1)],
    [...one.above().slice(0, 6), ...two.above(1), ...one.above().slice(6)],
  ];
  const chains = orders.map((blocks) => {
    const node = new TestChain(options);
    for (const { bytes } of blocks) expectOk(node.try(expectOk(node.chain.scanBlock(bytes))));
    return node;
  });
  const [first, ...others] = chains.map(({ summary }) => summary);
  for (const other of others) assert.deepEqual(other, first);
  assert.deepEqual(chains[0]?.chain.head.id, one.head.id);
  const blocks = one.blocks.length + two.blocks.length - 1;
  assert.ok(checks <= blocks, `${checks} checks of ${blocks} headers`);
  assert.ok(shared.executed <= blocks, `${shared.executed} executions of ${blocks} blocks`);
});

test('that one node cannot check a header yet is no verdict for the others', () => {
  const finality = { kind: 'depth', blocks: 20 } as const;
  const spec = stakeSpec({}, { production: { kind: 'dpos', slotMs: 1_000 }, finality });
  const branch = new ValidatorBranch(spec).grow(1);
  const { header } = branch.head;
  const parent = branch.genesis.header;
  const { production } = shareVerdicts(createConsensus(spec));
  const check = (validators: ValidatorView) =>
    production.verifyHeader(header, parent, { verify: verifySignature, validators });
  const early = check({ at: () => undefined });
  assert.equal(!early.ok && early.error.rule, 'consensus/validators-unknown');
  const { chain } = new TestChain({ spec });
  assert.ok(check(chain.validators()).ok);
  // What was found follows from the header and its branch, so now nobody has to know the validators.
  assert.ok(check({ at: () => undefined }).ok);
  // Nor of the same header, read from bytes.
  const context = { verify: verifySignature, validators: { at: () => undefined } };
  const again = expectOk(parseHeader(encodeHeader(header)));
  assert.ok(again !== header && production.verifyHeader(again, parent, context).ok);
  const other = expectOk(parseHeader(encodeHeader({ ...header, timeMs: header.timeMs + 1 })));
  assert.ok(!production.verifyHeader(other, parent, context).ok);
});
