import { ZERO_HASH } from '@calin/core/crypto/hash.ts';
import { SIGNATURE_BYTES } from '@calin/core/crypto/signature.ts';
import { PREIMAGE_BYTES } from '@calin/core/primitives/locks/htlc.ts';
import {
  createTransaction,
  type Transaction,
  type TransactionBody,
} from '@calin/core/primitives/transaction.ts';
import type { Witness } from '@calin/core/primitives/witness.ts';
import { type Opening, openingPath } from './opening.ts';

/**
 * A transaction as large as it will be when it is signed, with zeros in the place of what is not known yet. Its gas is
 * right; its txid is of no chain.
 *
 * @param openings - one for each witness
 */
export function blankTransaction(body: TransactionBody, openings: readonly Opening[]): Transaction {
  return createTransaction(body, openings.map(blankWitness), ZERO_HASH);
}

function blankWitness(opening: Opening): Witness {
  const { threshold, condition } = openingPath(opening);
  const signers = Array.from({ length: threshold }, (_, i) => i);
  return {
    lock: opening.lock,
    path: opening.path,
    signers,
    signatures: signers.map(() => new Uint8Array(SIGNATURE_BYTES)),
    preimage: condition.kind === 'preimage' ? new Uint8Array(PREIMAGE_BYTES) : undefined,
  };
}
