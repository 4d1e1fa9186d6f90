import type { Amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { refuseStake } from '../stake/rules.ts';

/** The body of actions that move stake of one validator. 40 bytes: publicKey 32, hugs or shares u64. */
export interface StakeAmount {
  readonly validator: PublicKey;
  /** At least 1. */
  readonly amount: Amount;
}

/**
 * The body as it travels.
 *
 * @throws AssertionError when the amount is 0
 */
export function encodeStakeAmount({ validator, amount }: StakeAmount): Uint8Array {
  assert(amount >= 1, 'moving no stake');
  return new Writer(40).hash(validator).u53(amount).finish();
}

/** Reads a body. Refuses by `codec/…` or `stake/amount-zero`. */
export function parseStakeAmount(body: Uint8Array): Result<StakeAmount> {
  const reader = new Reader(body);
  const validator = reader.hash();
  const layout = reader.finish(reader.u53() as Amount);
  if (!layout.ok) return layout;
  return layout.value === 0 ? refuseStake('stake/amount-zero') : ok({ validator, amount: layout.value });
}
