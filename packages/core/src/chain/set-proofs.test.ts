import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { validatorSetKey } from '../ledger/stake/validator-sets.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import type { Block } from '../primitives/block.ts';
import { decodeValidatorSet } from '../primitives/validator-set.ts';
import { NAMESPACE } from '../state/namespaces.ts';
import { parseStateProof, verifyStateProof } from '../state/state-proof.ts';
import { storageKey, storageValueHash } from '../state/storage.ts';
import { blankHistory, grown, specOfVotes, TestChain, testMapKernel } from './chain.testing.ts';

const CERTIFICATE = Uint8Array.of(1);

const plain = specOfVotes();
const spec = {
  ...plain,
  consensus: {
    ...plain.consensus,
    validators: { kind: 'authorities', authorities: [testKey(3).publicKey], epochBlocks: 3 },
  },
} as const;

describe('proofs of validator sets', () => {
  for (const kernel of [undefined, testMapKernel]) {
    it(`are kept with the first final block that has a new set (${kernel === undefined ? 'plain' : 'map'} kernel)`, () => {
      const blocks = grown(blankHistory(8, spec), 8);
      const test = new TestChain({ spec, ...(kernel === undefined ? {} : { kernel }) });
      test.importAll(blocks);
      const finalise = (height: number) => test.finalise((blocks[height - 1] as Block).id, CERTIFICATE);
      // Epoch 0 ends with block 3, epoch 1 with block 6: from there on the state has the sets of epochs 2 and 3.
      for (const height of [2, 4, 5, 8]) finalise(height);
      const kept = [2, 3, 4, 5, 6, 7, 8].map((height) =>
        [0, 1, 2, 3, 4].filter((epoch) => test.chain.setProof(height, epoch)),
      );
      assert.deepEqual(kept, [[], [], [1, 2], [], [], [], [2, 3]]);
      const { chain } = test.reopen();
      for (const [height, epoch] of [
        [4, 1],
        [4, 2],
        [8, 3],
      ] as const) {
        const { value, proof } = chain.setProof(height, epoch) ?? assert.fail('kept');
        assert.equal(decodeValidatorSet(value).epoch, epoch);
        const parsed = parseStateProof(proof);
        assert.ok(parsed.ok);
        const { stateRoot } = (blocks[height - 1] as Block).header;
        const key = storageKey(NAMESPACE.validators, validatorSetKey(epoch));
        const presence = verifyStateProof(stateRoot, 'storage', key, parsed.value);
        const valueHash = storageValueHash({ namespace: NAMESPACE.validators, value });
        assert.deepEqual(presence, { ok: true, value: { present: true, valueHash } });
      }
    });
  }

  it('are none on a chain without validators', () => {
    const blocks = grown(blankHistory(8, plain), 8);
    const test = new TestChain({ spec: plain });
    test.importAll(blocks);
    const update = test.finalise((blocks[7] as Block).id, CERTIFICATE);
    assert.equal(test.chain.setProof(8, 1), undefined);
    assert.ok(update.batch.puts.every(([key]) => key[0] !== 0x67));
  });
});
