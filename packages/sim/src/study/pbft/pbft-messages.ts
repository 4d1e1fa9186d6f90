import { ZERO_HASH } from '@calin/core/crypto/hash.ts';
import { SIGNATURE_BYTES, type Signed } from '../study-keys.ts';
import { entryName, requestBytes, type StudyRequest, textDigest } from '../study-node.ts';
import type { PbftState } from './pbft-state.ts';

/** A client's request, signed by it (section 4.1). */
export interface RequestBody {
  readonly kind: 'request';
  readonly request: StudyRequest;
}

/** The primary gives a request a number of the order; the request travels along (section 4.2). */
export interface PrePrepareBody {
  readonly kind: 'pre-prepare';
  readonly view: number;
  readonly seq: number;
  /** That of the request; {@link NOTHING} for the null request of a new view. */
  readonly digest: string;
}

/** A backup agrees to the order, and everybody knows that enough did (section 4.2). */
export interface VoteBody {
  readonly kind: 'prepare' | 'commit';
  readonly view: number;
  readonly seq: number;
  readonly digest: string;
}

/** The state after the request of a number (section 4.3). */
export interface CheckpointBody {
  readonly kind: 'checkpoint';
  readonly seq: number;
  readonly digest: string;
}

/** A pre-prepare with its request, which is absent for the null request. */
export interface Proposal {
  readonly prePrepare: Signed<PrePrepareBody>;
  readonly request: Signed<RequestBody> | undefined;
}

/** That a request was prepared at a number: the pre-prepare, and prepares of 2f backups (P of section 4.4). */
export interface PreparedProof extends Proposal {
  readonly prepares: readonly Signed<VoteBody>[];
}

/** A replica wants a new primary (section 4.4). */
export interface ViewChangeBody {
  readonly kind: 'view-change';
  /** The view that it wants. */
  readonly view: number;
  /** Of its last stable checkpoint, with the proof (C). */
  readonly stableSeq: number;
  readonly checkpoints: readonly Signed<CheckpointBody>[];
  /** For each number after it at which a request was prepared (P). */
  readonly prepared: readonly PreparedProof[];
}

/** The new primary begins its view (section 4.4). */
export interface NewViewBody {
  readonly kind: 'new-view';
  readonly view: number;
  /** Of a quorum (V). */
  readonly viewChanges: readonly Signed<ViewChangeBody>[];
  /** What follows from them (O). */
  readonly proposals: readonly Proposal[];
}

/** Everything that is signed. */
export type PbftBody =
  | RequestBody
  | PrePrepareBody
  | VoteBody
  | CheckpointBody
  | ViewChangeBody
  | NewViewBody;

/** What machines say to one another. What is signed may be passed on by anybody. */
export type PbftMessage =
  | { readonly kind: 'request'; readonly signed: Signed<RequestBody> }
  | { readonly kind: 'pre-prepare'; readonly proposal: Proposal }
  | { readonly kind: 'prepare' | 'commit'; readonly signed: Signed<VoteBody> }
  | { readonly kind: 'checkpoint'; readonly signed: Signed<CheckpointBody> }
  | { readonly kind: 'view-change'; readonly signed: Signed<ViewChangeBody> }
  | { readonly kind: 'new-view'; readonly signed: Signed<NewViewBody> }
  /** Where a replica is, so that others send again what it lacks (Castro, Liskov 2002, section 5.2). */
  | {
      readonly kind: 'status';
      readonly view: number;
      readonly isActive: boolean;
      readonly stableSeq: number;
      readonly executed: number;
    }
  /** Asks for the state of a stable checkpoint, and gives it. */
  | { readonly kind: 'fetch'; readonly seq: number }
  | {
      readonly kind: 'state';
      readonly state: PbftState;
      readonly checkpoints: readonly Signed<CheckpointBody>[];
    }
  /** To a client: its request of this number was executed in this view. */
  | { readonly kind: 'answer'; readonly view: number; readonly number: number };

/** The digest of the null request, which does nothing. */
export const NOTHING: string = requestDigest(undefined);

/** The digest of a request. */
export function requestDigest(request: StudyRequest | undefined): string {
  return textDigest(ZERO_HASH, `request ${entryName(request)}`);
}

/** What is signed of a statement: a text that no other statement has. Seals of others stand for what they seal. */
export function textOfBody(body: PbftBody): string {
  switch (body.kind) {
    case 'request':
      return `request ${entryName(body.request)}`;
    case 'pre-prepare':
    case 'prepare':
    case 'commit':
      return `${body.kind} ${body.view} ${body.seq} ${body.digest}`;
    case 'checkpoint':
      return `checkpoint ${body.seq} ${body.digest}`;
    case 'view-change': {
      const proofs = body.prepared.map(
        ({ prePrepare, prepares }) => `${prePrepare.seal} ${sealsOf(prepares)}`,
      );
      return `view-change ${body.view} ${body.stableSeq} [${sealsOf(body.checkpoints)}] [${proofs.join('] [')}]`;
    }
    case 'new-view': {
      const proposals = body.proposals.map(({ prePrepare }) => prePrepare);
      return `new-view ${body.view} [${sealsOf(body.viewChanges)}] [${sealsOf(proposals)}]`;
    }
  }
}

function sealsOf(statements: readonly Signed<PbftBody>[]): string {
  return statements.map(({ seal }) => seal).join(' ');
}

const HEAD_BYTES = 1 + 4;
const DIGEST_BYTES = 32;
const PRE_PREPARE_BYTES = HEAD_BYTES + 8 + 8 + DIGEST_BYTES + SIGNATURE_BYTES;
const CHECKPOINT_BYTES = HEAD_BYTES + 8 + DIGEST_BYTES + SIGNATURE_BYTES;

/** Bytes on the wire, with a signature on everything that is signed. */
export function pbftBytes(message: PbftMessage): number {
  switch (message.kind) {
    case 'request':
      return requestOf(message.signed);
    case 'pre-prepare':
      return proposalOf(message.proposal);
    case 'prepare':
    case 'commit':
      return PRE_PREPARE_BYTES;
    case 'checkpoint':
      return CHECKPOINT_BYTES;
    case 'view-change':
      return viewChangeOf(message.signed);
    case 'new-view': {
      const { viewChanges, proposals } = message.signed.body;
      return (
        HEAD_BYTES + 8 + SIGNATURE_BYTES + 4 + sum(viewChanges, viewChangeOf) + sum(proposals, proposalOf)
      );
    }
    case 'status':
      return HEAD_BYTES + 3 * 8 + 1;
    case 'fetch':
      return HEAD_BYTES + 8;
    case 'state':
      return (
        HEAD_BYTES +
        8 +
        DIGEST_BYTES +
        12 * message.state.sessions.length +
        CHECKPOINT_BYTES * message.checkpoints.length
      );
    case 'answer':
      return HEAD_BYTES + 8 + 8;
  }
}

function requestOf(signed: Signed<RequestBody> | undefined): number {
  return signed === undefined ? 1 : HEAD_BYTES + requestBytes(signed.body.request) + SIGNATURE_BYTES;
}

function proposalOf({ request }: Proposal): number {
  return PRE_PREPARE_BYTES + requestOf(request);
}

function viewChangeOf({ body }: Signed<ViewChangeBody>): number {
  const proofOf = (proof: PreparedProof) => proposalOf(proof) + PRE_PREPARE_BYTES * proof.prepares.length;
  const checkpoints = CHECKPOINT_BYTES * body.checkpoints.length;
  return HEAD_BYTES + 8 + 8 + SIGNATURE_BYTES + 4 + checkpoints + sum(body.prepared, proofOf);
}

function sum<T>(list: readonly T[], bytesOf: (one: T) => number): number {
  return list.reduce((total, one) => total + bytesOf(one), 0);
}

/** A message in a few words. */
export function describePbft(message: PbftMessage): string {
  switch (message.kind) {
    case 'request':
      return `request ${message.signed.body.request.number}`;
    case 'pre-prepare':
      return `pre-prepare ${message.proposal.prePrepare.body.seq}`;
    case 'prepare':
    case 'commit':
    case 'checkpoint':
      return `${message.kind} ${message.signed.body.seq}`;
    case 'view-change':
    case 'new-view':
      return `${message.kind} v${message.signed.body.view}`;
    case 'fetch':
      return `fetch ${message.seq}`;
    case 'state':
      return `state ${message.state.seq}`;
    case 'answer':
      return `answer ${message.number}`;
    case 'status':
      return 'status';
  }
}
