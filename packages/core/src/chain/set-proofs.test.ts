import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '../base/bytes.ts';
import { validatorSetKey } from '../ledger/stake/validator-sets.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import type { Block } from '../primitives/block.ts';
import { decodeValidatorSet } from '../primitives/validator-set.ts';
import { NAMESPACE } from '../state/namespaces.ts';
import { parseStateProof, verifyStateProof } from '../state/state-proof.ts';
import { storageKey, storageValueHash } from '../state/storage.ts';
import {
  blankHistory,
  chainDependencies,
  chainOptions,
  contentOf,
  grown,
  ruleOf,
  runToEnd,
  specOfVotes,
  storeOf,
  TestChain,
  testMapKernel,
} from './chain.testing.ts';
import type { Chain } from './chain.ts';
import { layout } from './layout.ts';
import { verifyChain } from './verify-chain.ts';

const CERTIFICATE = Uint8Array.of(1);

const plain = specOfVotes();
const spec = {
  ...plain,
  consensus: {
    ...plain.consensus,
    validators: { kind: 'authorities', authorities: [testKey(3).publicKey], epochBlocks: 3 },
  },
} as const;

/** Asserts that a chain keeps a proof of a set that holds for the header of a block. */
function assertProved(chain: Chain, { header }: Block, epoch: number): void {
  const { value, proof } = chain.setProof(header.height, epoch) ?? assert.fail(`${header.height} ${epoch}`);
  assert.equal(decodeValidatorSet(value).epoch, epoch);
  const parsed = parseStateProof(proof);
  assert.ok(parsed.ok);
  const key = storageKey(NAMESPACE.validators, validatorSetKey(epoch));
  const presence = verifyStateProof(header.stateRoot, 'storage', key, parsed.value);
  const valueHash = storageValueHash({ namespace: NAMESPACE.validators, value });
  assert.deepEqual(presence, { ok: true, value: { present: true, valueHash } });
}

const keptBy = (chain: Chain) =>
  [1, 2, 3, 4, 5, 6, 7, 8].map((height) => [0, 1, 2, 3, 4].filter((epoch) => chain.setProof(height, epoch)));

describe('proofs of validator sets', () => {
  for (const kernel of [undefined, testMapKernel]) {
    const more = kernel === undefined ? {} : { kernel };
    describe(kernel === undefined ? 'of the plain kernel' : 'of the map kernel', () => {
      const history = blankHistory(8, spec);
      const blocks = grown(history, 8);
      const at = (height: number) => blocks[height - 1] as Block;

      it('are kept with the first checkpoint after which there is a new set', () => {
        const test = new TestChain({ spec, ...more });
        test.importAll(blocks);
        // Epoch 0 ends with block 3, epoch 1 with block 6; checkpoints are 4 and 8.
        const { chain } = test.reopen();
        assert.deepEqual(keptBy(chain), [[], [], [], [1, 2], [], [], [], [2, 3]]);
        for (const epoch of [1, 2]) assertProved(chain, at(4), epoch);
        for (const epoch of [2, 3]) assertProved(chain, at(8), epoch);
      });

      it('are kept with a later one, when that is what becomes final', () => {
        const test = new TestChain({ spec, ...more });
        test.importAll(blocks);
        for (const height of [4, 5, 6, 7]) test.finalise(at(height).id, CERTIFICATE);
        assert.deepEqual(keptBy(test.chain), [[], [], [], [1, 2], [], [2, 3], [], [2, 3]]);
        assertProved(test.chain, at(6), 3);
      });

      it('follow the best branch', () => {
        const test = new TestChain({ spec, ...more });
        test.importAll(blocks.slice(0, 5));
        const side = grown(history.fork(2, 80), 4);
        test.importAll(side.slice(2));
        assert.deepEqual(test.chain.head.id, side[5]?.id);
        assertProved(test.chain, side[3] as Block, 2);
        test.prefer((side[2] as Block).id);
        assertProved(test.chain, side[3] as Block, 2);
      });
    });
  }

  it('are checked with the whole store', () => {
    const test = new TestChain({ spec });
    test.importAll(grown(blankHistory(8, spec), 8));
    const name = toHex(layout.setProofs(4));
    const content = contentOf(test.batches);
    const verify = (record: Uint8Array) => {
      const puts = [...content].map(([key, value]) => [fromHex(key), key === name ? record : value] as const);
      const dependencies = chainDependencies(storeOf([{ puts, deletes: [] }]), { spec });
      return ruleOf(runToEnd(verifyChain(chainOptions({ spec }), dependencies)).value);
    };
    const kept = content.get(name) ?? assert.fail('kept');
    assert.equal(verify(kept), 'ok');
    for (const at of [32, 60, kept.length - 1]) {
      assert.equal(verify(kept.map((byte, i) => (i === at ? byte ^ 1 : byte))), 'data/corrupt-record');
    }
    assert.equal(verify(kept.slice(0, -1)), 'data/corrupt-record');
    assert.equal(
      verify(kept.map((byte, i) => (i === 0 ? byte ^ 1 : byte))),
      'ok',
      'of another branch, never given',
    );
  });

  it('are none on a chain without validators', () => {
    const blocks = grown(blankHistory(8, plain), 8);
    const test = new TestChain({ spec: plain });
    test.importAll(blocks);
    const update = test.finalise((blocks[7] as Block).id, CERTIFICATE);
    assert.equal(test.chain.setProof(8, 1), undefined);
    assert.ok(update.batch.puts.every(([key]) => key[0] !== 0x67));
  });
});
