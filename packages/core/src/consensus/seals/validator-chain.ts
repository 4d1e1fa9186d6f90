import type { Hash } from '../../crypto/hash.ts';

/** What productions whose producers are the validators need to know of their chain. */
export interface ValidatorChain {
  /** See epochOfHeight of primitives/validator-set.ts. */
  readonly epochBlocks: number;
  /** The hash of the spec: signatures are made for one chain only. */
  readonly origin: Hash;
}
