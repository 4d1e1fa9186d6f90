import type { Amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { AssetId } from '../../primitives/output.ts';
import { refuseLedger } from '../rules.ts';

/** The body of actions that change a supply. 16 bytes: asset u64, amount u64. */
export interface AssetAmount {
  readonly asset: AssetId;
  /** At least 1. */
  readonly amount: Amount;
}

/**
 * The body as it travels.
 *
 * @throws AssertionError when the amount is 0
 */
export function encodeAssetAmount({ asset, amount }: AssetAmount): Uint8Array {
  assert(amount >= 1, 'changing a supply by nothing');
  return new Writer(16).u53(asset).u53(amount).finish();
}

/** Reads a body. Refuses by `codec/…` or `token/amount-zero`. */
export function parseAssetAmount(body: Uint8Array): Result<AssetAmount> {
  const reader = new Reader(body);
  const asset = reader.u53();
  // u53 has refused everything above 2^53 − 1, so the brand holds.
  const amount = reader.u53() as Amount;
  const layout = reader.finish(undefined);
  if (!layout.ok) return layout;
  return amount === 0 ? refuseLedger('token/amount-zero', { asset }) : ok({ asset, amount });
}
