import { assert } from '@calin/core/base/assert.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { type PublicKey, type SecretKey, sign } from '@calin/core/crypto/signature.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  transactionId,
} from '@calin/core/primitives/transaction.ts';
import type { UnsignedTransaction } from '../transaction-builder/build-transaction.ts';

/**
 * Signs a transaction whose every witness is the lock of one and the same key.
 *
 * @param chainId - of the chain that shall take it: no other one will
 * @throws AssertionError when a witness belongs to another lock
 */
export function signWithKey(
  { body, openings }: UnsignedTransaction,
  chainId: Hash,
  key: { readonly secretKey: SecretKey; readonly publicKey: PublicKey },
): Transaction {
  const signature = sign(transactionId(encodeBody(body), chainId), key.secretKey);
  const witnesses = openings.map(({ lock, path }) => {
    const isOwn = lock.kind === 'key' && equalBytes(lock.publicKey, key.publicKey);
    assert(isOwn, 'a witness belongs to another lock');
    return { lock, path, signers: [0], signatures: [signature], preimage: undefined };
  });
  return createTransaction(body, witnesses, chainId);
}
