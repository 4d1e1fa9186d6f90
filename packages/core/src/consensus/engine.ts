import type { Refusal, Result } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { PublicKey, VerifySignature } from '../crypto/signature.ts';
import type { Address } from '../primitives/address.ts';
import type { Header } from '../primitives/header.ts';
import type { Judge } from '../primitives/judge.ts';
import type { ValidatorView } from '../primitives/validator-set.ts';
import type { VotingDependencies, VotingEngine } from './voting/voting-engine.ts';

/** How a chain agrees: two choices of its spec, freely combined. @see docs/reference/consensus.md */
export interface Consensus {
  readonly production: Production;
  readonly finality: Finality;
  /**
   * Reads the evidence and the certificates that blocks hold; undefined where there are no validators to show anything
   * of.
   */
  judge(context: JudgeContext): Judge | undefined;
}

/** What a judge works with: the validators are those of the branch of the block that is executed. */
export type JudgeContext = Pick<VotingDependencies, 'chainId' | 'validators' | 'verify'>;

/** What checking a header needs beside its parent. */
export interface HeaderContext {
  readonly verify: VerifySignature;
  /**
   * The sets that the branch of the parent knows: that of the header's epoch is one of them. One without any where the
   * chain has no validators.
   */
  readonly validators: ValidatorView;
}

/** Who may make a block, how its seal is checked and how heavy it is. A pure function of its arguments. */
export interface Production {
  /** The name in the spec, such as `poa`. */
  readonly kind: string;
  /**
   * Checks what the consensus says about a header: seal, turn, and time against the parent. That the header follows
   * its parent (height and id) is checked by the chain, and what the block does by the ledger.
   */
  verifyHeader(header: Header, parent: Header, context: HeaderContext): Result<undefined>;
  /**
   * How much this block adds to its branch; at least 1n. The branch with the greatest sum wins. Only for a header that
   * {@link verifyHeader} takes.
   */
  weight(header: Header): bigint;
  /** Which of two equally heavy branches is the better one. */
  readonly ties: Ties;
  /**
   * How far ahead of a node's clock the time of a header may be, in milliseconds, where time says whose turn it is. The
   * limit of the chain holds where it is lower, or this is left out.
   */
  readonly driftMsMax?: number;
  /** Whether `identity` may make the block after `parent` now, has to wait, or may not at all. */
  turn(parent: Header, identity: ProducerIdentity, nowMs: number, context: TurnContext): Turn;
  /** What has to be done to seal a header whose other fields are set. The seal it holds is not looked at. */
  sealRequest(header: Header, identity: ProducerIdentity, parent: Header, claim: Uint8Array): SealRequest;
  /** What the ledger is told of a block beside its header. Only for a claim and a turn that are in order. */
  facts(origin: ClaimedOrigin, parent: Header, validators: ValidatorView): BlockFacts;
  /** What a seal says beside the signature; see {@link ClaimedOrigin.claim}. Only for a seal that was checked. */
  claimOf(seal: Uint8Array): Uint8Array;
  /** The claim of the leader of a round; only of a production whose blocks are asked for by votes. */
  readonly claimOfRound?: (round: number) => Uint8Array;
  /** Where the validators of an epoch sign the blocks: what shows that one of them signed two in one turn. */
  readonly signedTurns?: SignedTurns;
}

/** Turns of which each is good for one block: a slot, or a round of a height. */
export interface SignedTurns {
  /** The seal is a claim of so many bytes, then a 64-byte signature. */
  readonly claimBytes: number;
  /** What the producer of a header signs. The seal that the header holds is not looked at. */
  message(header: Header, claim: Uint8Array): Hash;
  /**
   * Which turn a block is made in; at most 2^53 − 1. It grows along every branch, so whoever keeps the number of the
   * last header it signed, and signs for none that is not greater, never signs two in one turn.
   */
  numberOf(origin: ClaimedOrigin): number;
}

/** What a turn depends on beside time and parent. */
export interface TurnContext {
  /** As in {@link HeaderContext}, for the block after the parent. */
  readonly validators: ValidatorView;
  /** The proof that the key gave for the input of a draw, if it was asked for it before; see {@link Turn}. */
  draw(input: Uint8Array): Uint8Array | undefined;
}

/** What is known of a block before it is executed. */
export interface ClaimedOrigin extends Pick<Header, 'height' | 'timeMs' | 'producer'> {
  /** What the producer claims its turn with, as in the seal: a proof of luck, a round; empty where time says all. */
  readonly claim: Uint8Array;
}

/** What the ledger is told by the consensus; see BlockEnvironment of the ledger. */
export interface BlockFacts {
  readonly randomness?: Hash | undefined;
  readonly missed?: readonly PublicKey[] | undefined;
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
  /** Make a block with this header time and this claim now. */
  | { readonly kind: 'now'; readonly timeMs: number; readonly claim: Uint8Array }
  /** Ask again at this time, or when the head has moved. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** Have the key prove its output for this input (crypto/vrf.ts), and ask again with the proof. */
  | { readonly kind: 'draw'; readonly input: Uint8Array }
  /** Blocks are made when the votes ask for them, by a `propose` effect. */
  | { readonly kind: 'asked' }
  /** No block after this parent. The key may be a validator in a later epoch, so ask again after the next block. */
  | { readonly kind: 'never'; readonly refusal: Refusal };

/** How a header gets its seal. */
export type SealRequest = SignRequest | WorkRequest;

/** The seal is the claim of the turn, if it has one, and a signature. */
export interface SignRequest {
  readonly kind: 'sign';
  readonly publicKey: PublicKey;
  /** What the 64-byte signature at the end of the seal is of; it covers the claim too. */
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

/** When a block can no longer be undone: some blocks later, or when votes say so. */
export interface Finality {
  /** The name in the spec, such as `depth`. */
  readonly kind: string;
  /**
   * Height of the last block of a branch that is final by that branch alone: from 0 to `headHeight`, and never lower
   * for a higher head. The chain keeps the highest answer it ever got, so that what was final stays so. 0 where votes
   * decide.
   */
  finalHeight(headHeight: number): number;
  /** Makes the engine that counts votes; absent where there are none. */
  readonly createEngine?: (dependencies: VotingDependencies) => VotingEngine;
}
