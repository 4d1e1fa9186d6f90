import type { Evidence, Refusal } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PublicKey, Signature, VerifySignature } from '../../crypto/signature.ts';
import type { ValidatorSet, ValidatorView } from '../../primitives/validator-set.ts';

/**
 * Finality by votes: a state machine without clock, dice, disk or network. Equal events at equal times give equal
 * effects. It never throws over what a stranger sent.
 */
export interface VotingEngine {
  /**
   * Takes one event.
   *
   * @param nowMs - the time of the node, never earlier than at the call before
   * @returns what has to be done, in this order
   */
  step(event: VotingEvent, nowMs: number): readonly VotingEffect[];
  /** What is being voted on; undefined while nothing is. */
  readonly progress: VotingProgress | undefined;
}

/** How far a vote has come, for people. */
export interface VotingProgress {
  /** Of the block that is voted on. */
  readonly height: number;
  /** The round of votes on each block. */
  readonly round: number | undefined;
  /** The weight of the validators that were heard, and what it takes. */
  readonly heard: number;
  readonly quorum: number;
}

/** As much of a block as voting needs. */
export interface BlockRef {
  readonly id: Hash;
  readonly height: number;
  readonly parent: Hash;
}

/** What a voting engine is told. */
export type VotingEvent =
  /** The first event, and the only one of its kind: where the chain stands, and what was saved before. */
  | {
      readonly kind: 'start';
      readonly final: BlockRef;
      /** The certificate that the block was finalised with; the genesis block has none. */
      readonly certificate: Uint8Array | undefined;
      /** The last record that a `save` effect gave. */
      readonly record: Uint8Array | undefined;
    }
  /** The chain has executed a block with all before it (`valid`), or found that it breaks a rule. */
  | { readonly kind: 'block'; readonly block: BlockRef; readonly valid: boolean }
  /** The block that a `propose` effect asked for; the chain has executed it. */
  | { readonly kind: 'made'; readonly round: number; readonly block: BlockRef }
  /** The chain's head has moved. */
  | { readonly kind: 'head'; readonly block: BlockRef }
  /** Something else proved that a block is final: a snapshot. */
  | { readonly kind: 'final'; readonly block: BlockRef }
  /**
   * A block of the best branch holds this certificate. It proves what it says on whichever branch it is told, so it is
   * taken like one from a peer; but nobody is to blame, nor needs to be sent, what the chain holds already.
   */
  | {
      readonly kind: 'certificate';
      readonly bytes: Uint8Array;
      /** The members whose signatures were checked when that block was executed. */
      readonly checkedWith: ValidatorSet | undefined;
    }
  /** A peer's vote or certificate. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array; readonly from: string }
  /** The answer to a `sign` effect; undefined when the signer would not. */
  | { readonly kind: 'signed'; readonly job: number; readonly signature: Signature | undefined }
  /** A time that a `wake` effect named has come. */
  | { readonly kind: 'tick' };

/** What a voting engine wants done. */
export type VotingEffect =
  /**
   * Keep this record in the place of the one before. It must be on disk before any later effect of this engine is
   * done: it holds what the node is about to sign, so that it never contradicts itself after a crash.
   */
  | { readonly kind: 'save'; readonly record: Uint8Array }
  /** Sign a message with the validator's key. */
  | { readonly kind: 'sign'; readonly job: number; readonly message: Hash }
  /** Send to all peers but the one it came from. */
  | { readonly kind: 'broadcast'; readonly bytes: Uint8Array; readonly from: string | undefined }
  /** Get this block and all before it, execute it, and say so by a `block` event. Asked again while it is missing. */
  | { readonly kind: 'want'; readonly id: Hash }
  /** This node leads: make a block on this parent now. */
  | { readonly kind: 'propose'; readonly height: number; readonly round: number; readonly parent: Hash }
  /** Fork choice: from now on the head must be this block or descend from it. */
  | { readonly kind: 'prefer'; readonly id: Hash }
  /** This block and all before it can no longer be undone; the certificate shows it to anybody. */
  | { readonly kind: 'finalise'; readonly block: BlockRef; readonly certificate: Uint8Array }
  /** Proof that a validator broke the rules; fit for an `evidence` action. */
  | { readonly kind: 'evidence'; readonly bytes: Uint8Array }
  /** Send a `tick` at this time; takes the place of the wake before it. */
  | { readonly kind: 'wake'; readonly atMs: number }
  /** A peer sent something that breaks a rule. */
  | { readonly kind: 'refuse'; readonly from: string; readonly refusal: Refusal }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'error';
      readonly message: string;
      readonly fields: Evidence;
    };

/** What the chain lets a voting engine look up. */
export interface BlockView {
  /**
   * The id at a height of the branch that ends with block `id`; the block itself at its own height. Undefined when the
   * block is unknown, or the height is above it or below all that is kept.
   */
  ancestor(id: Hash, height: number): Hash | undefined;
}

/** What every voting engine is built with. */
export interface VotingDependencies {
  /** Signatures are made for one chain only. */
  readonly chainId: Hash;
  readonly epochBlocks: number;
  /** The key whose signatures the node can ask for; undefined for a node that only follows. */
  readonly publicKey: PublicKey | undefined;
  readonly validators: ValidatorView;
  /** Those that the branch of a block has decided that was executed and is final; as above when left out. */
  readonly validatorsAfter?: (id: Hash) => ValidatorView;
  readonly blocks: BlockView;
  readonly verify: VerifySignature;
}
