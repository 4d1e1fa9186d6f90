import type { Signed, StudyKeys } from '../study-keys.ts';
import {
  type CheckpointBody,
  type NewViewBody,
  NOTHING,
  type PbftBody,
  type PreparedProof,
  type Proposal,
  requestDigest,
  type ViewChangeBody,
  type VoteBody,
} from './pbft-messages.ts';
import { quorumOf } from './quorum.ts';

/** Numbers between two checkpoints: K of section 4.3. */
export const CHECKPOINT_INTERVAL = 16;

/** How far the order may go ahead of a stable checkpoint: L of section 4.3. */
export const WINDOW = 2 * CHECKPOINT_INTERVAL;

/** What proofs are checked against. */
export interface ProofContext {
  readonly nodes: number;
  readonly keys: Pick<StudyKeys<PbftBody>, 'verify'>;
}

/** Who leads a view (section 4). */
export function primaryOf(view: number, nodes: number): number {
  return view % nodes;
}

/** Says whether the primary of the view made a proposal, and its request is the one it names and really a client's. */
export function isProposal({ keys, nodes }: ProofContext, { prePrepare, request }: Proposal): boolean {
  const { from, body } = prePrepare;
  if (body.kind !== 'pre-prepare' || from !== primaryOf(body.view, nodes)) return false;
  if (body.digest !== requestDigest(request?.body.request)) return false;
  const isAsked =
    request === undefined ||
    (request.body.kind === 'request' &&
      request.from === request.body.request.client &&
      request.from >= nodes &&
      keys.verify(request));
  return isAsked && keys.verify(prePrepare);
}

/** Says whether a replica made a vote of a kind. */
export function isVote(
  { keys, nodes }: ProofContext,
  signed: Signed<VoteBody>,
  kind: VoteBody['kind'],
): boolean {
  return signed.body.kind === kind && signed.from < nodes && keys.verify(signed);
}

/** Says whether a request was really prepared: predicate *prepared* of section 4.2, for anybody to check. */
export function isPrepared(context: ProofContext, proof: PreparedProof): boolean {
  const { prePrepare, prepares } = proof;
  const { view, seq, digest } = prePrepare.body;
  const backups = new Set<number>();
  // One for each backup is all that an honest replica puts in.
  if (prepares.length >= context.nodes) return false;
  for (const prepare of prepares) {
    const { body, from } = prepare;
    if (body.view !== view || body.seq !== seq || body.digest !== digest) return false;
    if (from === prePrepare.from || !isVote(context, prepare, 'prepare')) return false;
    backups.add(from);
  }
  return backups.size >= quorumOf(context.nodes) - 1 && isProposal(context, proof);
}

/** The checkpoint that a quorum vouches for; undefined when the statements do not prove one. */
export function provenCheckpoint(
  { keys, nodes }: ProofContext,
  checkpoints: readonly Signed<CheckpointBody>[],
): CheckpointBody | undefined {
  const body = checkpoints[0]?.body;
  if (body === undefined || checkpoints.length > nodes) return undefined;
  const replicas = new Set<number>();
  for (const one of checkpoints) {
    if (one.body.kind !== 'checkpoint' || one.body.seq !== body.seq || one.body.digest !== body.digest) {
      return undefined;
    }
    if (one.from >= nodes || !keys.verify(one)) return undefined;
    replicas.add(one.from);
  }
  return replicas.size >= quorumOf(nodes) ? body : undefined;
}

/** Says whether a replica's wish for a new view proves all that it claims. */
export function isViewChange(context: ProofContext, signed: Signed<ViewChangeBody>): boolean {
  const { body, from } = signed;
  if (body.kind !== 'view-change' || from >= context.nodes || !context.keys.verify(signed)) return false;
  const isStable =
    body.stableSeq === 0
      ? body.checkpoints.length === 0
      : provenCheckpoint(context, body.checkpoints)?.seq === body.stableSeq;
  if (!isStable || body.prepared.length > WINDOW) return false;
  let last = body.stableSeq;
  for (const proof of body.prepared) {
    const { view, seq } = proof.prePrepare.body;
    if (seq <= last || seq > body.stableSeq + WINDOW || view >= body.view) return false;
    if (!isPrepared(context, proof)) return false;
    last = seq;
  }
  return true;
}

/** What follows from a quorum of wishes for a view: O of section 4.4, without the new primary's signatures. */
export interface Reproposal {
  readonly seq: number;
  /** The prepared request of the highest view; undefined where nothing can have been committed. */
  readonly proof: PreparedProof | undefined;
}

/** Works O out: from the latest stable checkpoint (min-s) to the highest number that was prepared (max-s). */
export function reproposals(viewChanges: readonly Signed<ViewChangeBody>[]): readonly Reproposal[] {
  const minSeq = Math.max(...viewChanges.map(({ body }) => body.stableSeq));
  const best = new Map<number, PreparedProof>();
  for (const { body } of viewChanges) {
    for (const proof of body.prepared) {
      const { view, seq } = proof.prePrepare.body;
      const known = best.get(seq);
      if (known === undefined || view > known.prePrepare.body.view) best.set(seq, proof);
    }
  }
  const maxSeq = Math.max(minSeq, ...best.keys());
  return Array.from({ length: maxSeq - minSeq }, (_, i) => {
    const seq = minSeq + 1 + i;
    return { seq, proof: best.get(seq) };
  });
}

/** Says whether a new view is what follows from the wishes of a quorum; every backup works that out for itself. */
export function isNewView(context: ProofContext, signed: Signed<NewViewBody>): boolean {
  const { body, from } = signed;
  const { view, viewChanges, proposals } = body;
  if (body.kind !== 'new-view' || from !== primaryOf(view, context.nodes)) return false;
  if (viewChanges.length > context.nodes || !context.keys.verify(signed)) return false;
  const replicas = new Set(viewChanges.map((one) => one.from));
  if (replicas.size < quorumOf(context.nodes)) return false;
  if (!viewChanges.every((one) => one.body.view === view && isViewChange(context, one))) return false;
  const expected = reproposals(viewChanges);
  if (proposals.length !== expected.length) return false;
  return proposals.every((proposal, i) => {
    const { seq, proof } = expected[i] as Reproposal;
    const { body: own } = proposal.prePrepare;
    const digest = proof?.prePrepare.body.digest ?? NOTHING;
    return own.view === view && own.seq === seq && own.digest === digest && isProposal(context, proposal);
  });
}
