import type { Amount } from '../base/amount.ts';
import type { Hash } from '../crypto/hash.ts';
import type { PublicKey } from '../crypto/signature.ts';
import type { Address } from '../primitives/address.ts';
import type { Header } from '../primitives/header.ts';
import type { Judge } from '../primitives/judge.ts';
import type { MISSED_MAX } from '../primitives/limits.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { nextBaseFee } from './base-fee.ts';

/** What a block's transactions may know of the world beside the state: nothing else decides. */
export interface BlockEnvironment {
  /** The id of the genesis block; txids and asset ids depend on it through the transaction. */
  readonly chainId: Hash;
  readonly height: number;
  /** The header time, in milliseconds since 1970. */
  readonly timeMs: number;
  readonly producer: Address;
  /** Hugs burned per unit of gas. */
  readonly baseFee: Amount;
  /** What the seal of the block adds to the seeds of later validator sets; only where the production draws lots. */
  readonly randomness?: Hash | undefined;
  /** Validators whose turns before this block nobody took, one entry for each turn; at most {@link MISSED_MAX}. */
  readonly missed?: readonly PublicKey[] | undefined;
  /** Reads evidence and certificates; without one, no block can hold any. */
  readonly judge?: Judge | undefined;
}

/** What names a block before it is executed: when and by whom. */
export type BlockOrigin = Pick<Header, 'timeMs' | 'producer'>;

/**
 * The environment of the block after `parent`. The header of the block is the origin when it is checked; a
 * producer gives its own time and address.
 */
export function environmentAfter(
  spec: ChainSpec,
  chainId: Hash,
  parent: Header,
  { timeMs, producer }: BlockOrigin,
): BlockEnvironment {
  return { chainId, height: parent.height + 1, timeMs, producer, baseFee: nextBaseFee(spec, parent) };
}
