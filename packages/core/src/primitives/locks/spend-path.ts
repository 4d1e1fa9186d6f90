import type { Hash } from '../../crypto/hash.ts';
import type { PublicKey } from '../../crypto/signature.ts';

/** What must hold in the block that spends, beside the signatures. */
export type SpendCondition =
  | { readonly kind: 'none' }
  /** The spending block's height is at least this. */
  | { readonly kind: 'height'; readonly heightMin: number }
  /** The spending block's header time is at least this. */
  | { readonly kind: 'time'; readonly timeMsMin: number }
  /** At least this many blocks lie between the coin's block and the spending block. */
  | { readonly kind: 'age'; readonly blocksMin: number }
  /** The witness shows 32 bytes with this SHA-256. */
  | { readonly kind: 'preimage'; readonly sha256: Hash };

/** One way to open a lock: exactly `threshold` of the keys sign, and the condition holds. */
export interface SpendPath {
  readonly publicKeys: readonly PublicKey[];
  readonly threshold: number;
  readonly condition: SpendCondition;
}
