import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import {
  type PublicKey,
  publicKeyOf,
  type SecretKey,
  type Signature,
  sign,
} from '@calin/core/crypto/signature.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import type { UnsignedTransaction } from './build-transaction.ts';
import {
  addSignature,
  createPartial,
  finalisePartial,
  missingParts,
  type PartialTransaction,
  partialId,
} from './partial-transaction.ts';

/** Somebody who signs with one key: a secret in memory, or a device. */
export interface TransactionSigner {
  readonly publicKey: PublicKey;
  /** @param message - the txid */
  sign(message: Uint8Array): Signature;
}

/** Signs with a secret in memory. */
export function keySigner(secretKey: SecretKey): TransactionSigner {
  return { publicKey: publicKeyOf(secretKey), sign: (message) => sign(message, secretKey) };
}

/**
 * Signs a transaction with keys that are all at hand: each key signs where it is still needed, in the order given.
 * Refuses by `wallet/missing-signature` or `wallet/missing-preimage`; what cannot be completed here goes on as a
 * partially signed transaction.
 */
export function signTransaction(
  unsigned: UnsignedTransaction,
  chainId: Hash,
  signers: readonly TransactionSigner[],
): Result<Transaction> {
  let partial = createPartial(unsigned, chainId);
  for (const signer of signers) {
    const isNeeded = missingParts(partial).some(({ publicKeys }) =>
      publicKeys.some((key) => equalBytes(key, signer.publicKey)),
    );
    if (!isNeeded) continue;
    const signed = signPartial(partial, signer);
    if (!signed.ok) return signed;
    partial = signed.value;
  }
  return finalisePartial(partial);
}

/** Adds the signature of one key. Refuses by `wallet/unknown-key`, or by `wallet/signature-invalid` if it is wrong. */
export function signPartial(
  partial: PartialTransaction,
  signer: TransactionSigner,
): Result<PartialTransaction> {
  const signature = signer.sign(partialId(partial));
  return addSignature(partial, { publicKey: signer.publicKey, signature });
}
