import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '../base/bytes.ts';
import { verifyMerkleProof } from '../crypto/merkle.ts';
import { verifySignature } from '../crypto/signature.ts';
import { addressOf, parseAddress } from './address.ts';
import { parseBlock } from './block.ts';
import { parseReceipts } from './receipt.ts';
import { parseTransaction } from './transaction.ts';
import { parseValidatorSet, quorumWeight } from './validator-set.ts';
import {
  blockVectors,
  lockVectors,
  receiptVectors,
  transactionVectors,
  validatorSetVectors,
} from './vectors.ts';
import { witnessPath } from './witness.ts';

const path = new URL('../../../../vectors/primitives.json', import.meta.url);
const committed = JSON.parse(readFileSync(path, 'utf8')) as unknown;

describe('the vectors of primitives', () => {
  it('are those that were reviewed', () => {
    assert.deepEqual(
      {
        lock: lockVectors(),
        transaction: transactionVectors(),
        block: blockVectors(),
        receipt: receiptVectors(),
        validatorSet: validatorSetVectors(),
      },
      committed,
    );
  });

  it('hold transactions that are read back and whose signatures hold', () => {
    const { chainId, transactions } = transactionVectors();
    for (const vector of transactions) {
      const parsed = parseTransaction(fromHex(vector.bytes), fromHex(chainId));
      assert.ok(parsed.ok, vector.name);
      const { txid, witnesses } = parsed.value;
      assert.equal(toHex(txid), vector.txid);
      for (const witness of witnesses) {
        const { publicKeys } = witnessPath(witness);
        for (const [i, signer] of witness.signers.entries()) {
          const check = {
            publicKey: publicKeys[signer] as Uint8Array,
            message: txid,
            signature: witness.signatures[i] as Uint8Array,
          };
          assert.ok(verifySignature(check), vector.name);
        }
      }
    }
  });

  it('hold a way of spending for every path of every lock', () => {
    const names = transactionVectors().transactions.map(({ name }) => name);
    assert.equal(names.filter((name) => name.includes('path')).length, 8);
  });

  it('hold addresses that are read back on their own network only', () => {
    for (const { address, texts } of lockVectors()) {
      for (const [i, prefix] of ['cal', 'tcal', 'dcal'].entries()) {
        const parsed = parseAddress(texts[i] as string, prefix);
        assert.ok(parsed.ok && toHex(parsed.value) === address);
        assert.equal(parseAddress(texts[i] as string, 'other').ok, false);
      }
    }
  });

  it('hold a block that is read back, with a proof of each transaction', () => {
    const vector = blockVectors();
    const parsed = parseBlock(fromHex(vector.bytes), fromHex(vector.chainId));
    assert.ok(parsed.ok);
    const { id, header, transactions } = parsed.value;
    assert.equal(toHex(id), vector.id);
    assert.deepEqual(
      transactions.map(({ txid }) => toHex(txid)),
      vector.txids,
    );
    for (const [index, leaf] of vector.leaves.entries()) {
      const siblings = (vector.proofs[index] as string[]).map(fromHex);
      assert.ok(
        verifyMerkleProof(header.txRoot, fromHex(leaf), { index, size: vector.leaves.length, siblings }),
      );
    }
    const genesis = parseBlock(fromHex(vector.genesisBytes), fromHex(vector.chainId));
    assert.ok(genesis.ok && genesis.value.transactions.length === 0);
  });

  it('hold receipts that are read back', () => {
    const { bytes, receipts } = receiptVectors();
    const parsed = parseReceipts(fromHex(bytes));
    assert.ok(parsed.ok && parsed.value.length === receipts.length);
  });

  it('hold validator sets that are read back', () => {
    for (const vector of validatorSetVectors()) {
      const parsed = parseValidatorSet(fromHex(vector.bytes));
      assert.ok(parsed.ok);
      assert.equal(quorumWeight(parsed.value), vector.quorumWeight);
    }
  });

  it('say of a lock what its witness shows', () => {
    const { chainId, transactions } = transactionVectors();
    const addresses = new Set(lockVectors().map(({ address }) => address));
    for (const { bytes } of transactions) {
      const parsed = parseTransaction(fromHex(bytes), fromHex(chainId));
      assert.ok(parsed.ok);
      for (const { lock } of parsed.value.witnesses) assert.ok(addresses.has(toHex(addressOf(lock))));
    }
  });
});
