import type { Refusal, Result } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { PublicKey, VerifySignature } from '../crypto/signature.ts';
import type { Address } from '../primitives/address.ts';
import type { Header } from '../primitives/header.ts';

/** How a chain agrees: two choices of its spec, freely combined. @see docs/reference/consensus.md */
export interface Consensus {
  readonly production: Production;
  readonly finality: Finality;
}

/** Who may make a block, how its seal is checked and how heavy it is. A pure function of its arguments. */
export interface Production {
  /** The name in the spec, such as `poa`. */
  readonly kind: string;
  /**
   * Checks what the consensus says about a header: seal, turn, and time against the parent. That the header follows
   * its parent (height and id) is checked by the chain, and what the block does by the ledger.
   */
  verifyHeader(header: Header, parent: Header, verify: VerifySignature): Result<undefined>;
  /**
   * How much this block adds to its branch; at least 1n. The branch with the greatest sum wins. Only for a header that
   * {@link verifyHeader} takes.
   */
  weight(header: Header): bigint;
  /** Which of two equally heavy branches is the better one. */
  readonly ties: Ties;
  /** Whether `identity` may make the block after `parent` now, has to wait, or never may. */
  turn(parent: Header, identity: ProducerIdentity, nowMs: number): Turn;
  /** What has to be done to seal a header whose other fields are set. The seal it holds is not looked at. */
  sealRequest(header: Header, identity: ProducerIdentity, parent: Header): SealRequest;
}

/**
 * Which of two equally heavy branches a node stays on or goes to: `smaller-id`, so that every order of arrival ends at
 * the same head, or `first-seen`, where makers of blocks could otherwise gain by holding back a block whose id is
 * smaller than most.
 */
export type Ties = 'smaller-id' | 'first-seen';

/** Who wants to make blocks. */
export interface ProducerIdentity {
  readonly publicKey: PublicKey;
  /** What the headers name as their producer. */
  readonly address: Address;
}

/** The answer of {@link Production.turn}. */
export type Turn =
  /** Make a block with this header time now. */
  | { readonly kind: 'now'; readonly timeMs: number }
  /** Ask again at this time, or when the head has moved. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'never'; readonly refusal: Refusal };

/** How a header gets its seal. */
export type SealRequest = SignRequest | WorkRequest;

/** The seal is a signature. */
export interface SignRequest {
  readonly kind: 'sign';
  readonly publicKey: PublicKey;
  /** The seal is the 64-byte signature of this. */
  readonly message: Uint8Array;
}

/** The seal is a nonce that has to be searched for; see consensus/pow/work.ts. */
export interface WorkRequest {
  readonly kind: 'work';
  /** What is hashed with the nonce. */
  readonly message: Hash;
  /** The target that the hash must not be above, in its short form. */
  readonly bits: number;
}

/** When a block can no longer be undone. */
export interface Finality {
  /** The name in the spec, such as `depth`. */
  readonly kind: string;
  /**
   * Height of the last final block of a branch, by that branch alone: from 0 to `headHeight`, and never lower for a
   * higher head. The chain keeps the highest answer it ever got, so that what was final stays so.
   */
  finalHeight(headHeight: number): number;
}
