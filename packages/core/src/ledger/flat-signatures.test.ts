import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { packSignatureChecks } from '../crypto/signature-records.ts';
import { createBlock } from '../primitives/block.ts';
import { scanBlock } from '../primitives/flat-block.ts';
import { packSignatures } from './flat-signatures.ts';
import { History, type HistoryBlock } from './testing/history.testing.ts';
import { signForReal } from './testing/owners.testing.ts';
import { signatureChecks } from './transaction-signatures.ts';

describe('the packed signatures of a block', () => {
  const history = new History({ seed: 4, signer: signForReal });
  for (let height = 1; height <= 4; height++) history.grow(8);

  it('are those of its transactions, in their order, but for the checked ones', () => {
    const kinds = { transfers: 0, others: 0, left: 0 };
    for (const { block } of history.blocks) {
      const scanned = scanBlock(block.bytes, history.chainId, createPlainHasher());
      assert.ok(scanned.ok);
      for (const isChecked of [() => false, (i: number) => i % 2 === 1, () => true]) {
        const { checks, positions } = packSignatures(scanned.value, isChecked);
        const expected = block.transactions.flatMap((tx, i) =>
          i === 0 || isChecked(i) ? [] : signatureChecks(tx).map((check) => ({ i, check })),
        );
        assert.deepEqual(checks, packSignatureChecks(expected.map(({ check }) => check)));
        assert.deepEqual(
          [...positions],
          expected.map(({ i }) => i),
        );
        for (const i of positions) kinds[scanned.value.isTransfer[i] === 1 ? 'transfers' : 'others']++;
        kinds.left += block.transactions.length - new Set(positions).size;
      }
    }
    for (const [kind, count] of Object.entries(kinds)) assert.ok(count > 5, `${count} ${kind}`);
  });

  it('do not include any of the reward', () => {
    const { block } = history.blocks[0] as HistoryBlock;
    const signed = block.transactions.slice(1);
    const scanned = scanBlock(createBlock(block.header, signed).bytes, history.chainId, createPlainHasher());
    assert.ok(scanned.ok && signed.length > 1);
    const { positions } = packSignatures(scanned.value, () => false);
    assert.equal(positions[0], 1);
  });
});
