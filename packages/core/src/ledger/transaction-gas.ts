import { assert } from '../base/assert.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';

/**
 * What a transaction costs every node: bytes, signatures, added coins and actions, each at its price.
 * Depends on the bytes alone. A reward is not asked for here: see {@link rewardActionGas}.
 *
 * @returns at most 2^53 − 1: the prices are u32 and the largest transaction has 2^20 bytes
 * @see docs/reference/ledger.md#gas-and-fees
 */
export function gasOf({ fees }: Pick<ChainSpec, 'fees'>, tx: Transaction): number {
  let signatures = 0;
  for (const witness of tx.witnesses) signatures += witness.signatures.length;
  const gas =
    tx.bytes.length * fees.gasPerByte +
    signatures * fees.gasPerSignature +
    tx.outputs.length * fees.gasPerOutput +
    tx.actions.length * fees.gasPerAction;
  assert(Number.isSafeInteger(gas), `gas ${gas} is not exact`);
  return gas;
}

/**
 * What a transaction costs at the least, by its head and without an object of its parts: every witness has a signature
 * or more, and actions are left out. Of a plain transfer it is all that {@link gasOf} says.
 */
export function gasLeast({ fees }: Pick<ChainSpec, 'fees'>, { bytes }: Pick<Transaction, 'bytes'>): number {
  const [outputs, witnesses] = [bytes[2] as number, bytes[3] as number];
  return bytes.length * fees.gasPerByte + witnesses * fees.gasPerSignature + outputs * fees.gasPerOutput;
}

/**
 * The gas of one action of a reward. The rest of a reward has none: every block has to have one.
 *
 * @param bytes - of the action as it travels
 */
export function rewardActionGas({ fees }: Pick<ChainSpec, 'fees'>, bytes: number): number {
  return bytes * fees.gasPerByte + fees.gasPerAction;
}
