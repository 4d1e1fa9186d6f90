import { assert, unreachable } from '../../base/assert.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import type { Evidence, Result } from '../../base/result.ts';
import { OK, ok } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import {
  epochOfHeight,
  quorumWeight,
  type ValidatorSet,
  validatorIndex,
} from '../../primitives/validator-set.ts';
import { refuseVoting } from '../voting/rules.ts';
import type {
  BlockRef,
  VotingDependencies,
  VotingEffect,
  VotingEngine,
  VotingEvent,
  VotingProgress,
} from '../voting/voting-engine.ts';
import { encodeLinkEvidence, linkConflictEvidence } from './evidence.ts';
import { CHECKPOINTS_AHEAD_MAX, CHECKPOINTS_MAX, CHECKPOINTS_PAST_MAX, RESENT_VOTES_MAX } from './limits.ts';
import {
  type Checkpoint,
  encodeLinkCertificate,
  encodeLinkVote,
  type Link,
  type LinkVote,
  linkMessage,
  parseLinkCertificate,
  parseLinkMessage,
  verifyLinkCertificate,
} from './link.ts';
import { type LinkProof, LinkProofs } from './link-proofs.ts';
import { LinkVotes } from './link-votes.ts';
import { decodeLinkRecord, encodeLinkRecord } from './record.ts';

/** How often a chain votes. */
export interface VotesOptions {
  /** A checkpoint every so many blocks, at least 1. */
  readonly intervalBlocks: number;
  /** Blocks that have to stand on a checkpoint before it is voted for, so that forks near the head are over. */
  readonly lagBlocks: number;
  /** After this time without news, votes and certificates are sent again. */
  readonly resendMs: number;
}

/**
 * Votes on checkpoints over any production of blocks: Casper the Friendly Finality Gadget (Buterin, Griffith 2017) as
 * a state machine for one validator, or for a node that only follows. The genesis block is justified. Votes of more
 * than two thirds of the weight for a link from a justified checkpoint to a later one that descends from it justify
 * that one; a checkpoint is final when the link is to the very next checkpoint. Two final checkpoints never exclude
 * each other unless validators of a third of the weight signed what no honest one signs, and then the signatures name
 * them.
 *
 * Other than in the paper a link of a quorum also stands for the justification of its source: somebody honest signed
 * it, who signs from justified checkpoints alone. So who is late needs the last link and none of those before. The
 * guilty are named while they weigh less than two thirds; the paper would name them beyond.
 *
 * A validator votes once for each target height, from the highest checkpoint that it knows to be justified, and never
 * from a lower one than before: so it can neither vote twice nor around an earlier vote.
 */
export class VotesEngine implements VotingEngine {
  readonly #options: VotesOptions;
  readonly #dependencies: VotingDependencies;
  readonly #votes = new LinkVotes();
  readonly #proofs = new LinkProofs();
  #effects: VotingEffect[] = [];
  #nowMs = 0;
  #finalCheckpoint: Checkpoint | undefined;
  /** The highest justified checkpoint; of two that are equally high, the one that was justified first. */
  #highestCheckpoint: Checkpoint | undefined;
  #head: BlockRef | undefined;
  /** The last link that this node signed, or was about to. */
  #own: Link | undefined;
  #ownVote: LinkVote | undefined;
  #job = 0;
  #resendAtMs: number | undefined;
  #resent = 0;
  #wakeAtMs: number | undefined;
  /** Somebody voted for what is final here since certificates were last sent. */
  #hasLaggards = false;
  #wanted: readonly Hash[] = [];

  constructor(options: VotesOptions, dependencies: VotingDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  step(event: VotingEvent, nowMs: number): readonly VotingEffect[] {
    this.#nowMs = nowMs;
    this.#effects = [];
    this.#take(event);
    this.#vote();
    if (nowMs >= (this.#resendAtMs ?? Number.POSITIVE_INFINITY)) this.#resend();
    this.#wake();
    return this.#effects;
  }

  /** Numbers that must stay bounded whatever is sent; for tests and metrics. */
  sizes(): { readonly votes: number; readonly certificates: number } {
    return { votes: this.#votes.size, certificates: this.#proofs.size };
  }

  get progress(): VotingProgress | undefined {
    const height = this.#settledHeight();
    const set = this.#setOf(height);
    if (height <= this.#highest.height || !set.ok) return undefined;
    return { height, round: undefined, heard: this.#votes.weightAt(height), quorum: quorumWeight(set.value) };
  }

  get #final(): Checkpoint {
    assert(this.#finalCheckpoint !== undefined, 'the first event is a start');
    return this.#finalCheckpoint;
  }

  get #highest(): Checkpoint {
    return this.#highestCheckpoint ?? this.#final;
  }

  #take(event: VotingEvent): void {
    switch (event.kind) {
      case 'start':
        return this.#start(event);
      case 'head':
        this.#head = event.block;
        return this.#retry();
      case 'block':
        return event.valid ? this.#retry() : undefined;
      case 'final':
        return this.#finalise(event.block);
      case 'message':
        return this.#takeMessage(event.bytes, event.from);
      case 'certificate':
        return this.#takeMessage(event.bytes, undefined, event.checkedWith);
      case 'signed':
        return this.#takeSignature(event.job, event.signature);
      case 'made':
      case 'tick':
        return;
      default:
        return unreachable(event);
    }
  }

  #start({ final, certificate, record }: Extract<VotingEvent, { kind: 'start' }>): void {
    assert(this.#finalCheckpoint === undefined, 'there is one start');
    this.#finalCheckpoint = { height: final.height, id: final.id };
    this.#head = final;
    this.#resendAtMs = this.#nowMs + this.#options.resendMs;
    const saved = record === undefined ? undefined : decodeLinkRecord(record);
    for (const bytes of [certificate, saved?.certificate]) {
      if (bytes === undefined) continue;
      const parsed = parseLinkCertificate(bytes);
      assert(parsed.ok, 'a malformed certificate among what was saved');
      if (!this.#proofs.has(parsed.value)) this.#takeProof({ certificate: parsed.value, bytes });
    }
    if (saved === undefined) return;
    this.#own = saved.link;
    this.#sign(saved.link);
  }

  // Own votes

  /** Votes for the last checkpoint of the head's branch, if it descends from the highest justified one. */
  #vote(): void {
    if (this.#head === undefined) return;
    const height = this.#settledHeight();
    const source = this.#highest;
    if (height <= source.height || height <= (this.#own?.target.height ?? 0)) return;
    if (source.height < (this.#own?.source.height ?? 0)) return;
    const set = this.#setOf(height);
    const { blocks, publicKey } = this.#dependencies;
    if (!set.ok || publicKey === undefined || validatorIndex(set.value, publicKey) === undefined) return;
    const id = blocks.ancestor(this.#head.id, height);
    if (id === undefined || !this.#descends(id, source)) return;
    this.#own = { epoch: set.value.epoch, source, target: { height, id } };
    const certificate = this.#proofs.to(source)?.bytes;
    this.#effects.push({ kind: 'save', record: encodeLinkRecord({ link: this.#own, certificate }) });
    this.#sign(this.#own);
  }

  /** The height of the last checkpoint that enough blocks stand on. */
  #settledHeight(): number {
    const settled = Math.max(0, (this.#head?.height ?? 0) - this.#options.lagBlocks);
    return settled - (settled % this.#options.intervalBlocks);
  }

  #sign(link: Link): void {
    this.#ownVote = undefined;
    const message = linkMessage(this.#dependencies.chainId, link);
    this.#effects.push({ kind: 'sign', job: ++this.#job, message });
  }

  #takeSignature(job: number, signature: Uint8Array | undefined): void {
    if (job !== this.#job || this.#own === undefined) return;
    if (signature === undefined) return this.#log('error', 'The signer did not sign a vote.', { job });
    const { publicKey } = this.#dependencies;
    const set = this.#setOf(this.#own.target.height);
    const member = set.ok && publicKey !== undefined ? validatorIndex(set.value, publicKey) : undefined;
    if (!set.ok || member === undefined) return;
    this.#ownVote = { ...this.#own, member, signature };
    this.#broadcast(encodeLinkVote(this.#ownVote));
    this.#count(this.#ownVote, set.value);
  }

  // Messages of others

  #takeMessage(bytes: Uint8Array, from: string | undefined, checkedWith?: ValidatorSet): void {
    const message = parseLinkMessage(bytes);
    if (!message.ok) return this.#refuse(message, from);
    if (message.value.kind === 'vote') this.#takeVote(message.value.vote, bytes, from);
    else this.#takeCertificate({ certificate: message.value.certificate, bytes }, from, checkedWith);
  }

  #takeVote(vote: LinkVote, bytes: Uint8Array, from: string | undefined): void {
    if (!this.#isNear(vote.target.height)) return this.#noteLaggard(vote);
    const set = this.#check(vote);
    if (!set.ok) return this.#refuse(set, from);
    const { chainId, verify } = this.#dependencies;
    const publicKey = set.value.members[vote.member]?.publicKey;
    if (publicKey === undefined) {
      return this.#refuse(refuseVoting('consensus/vote-stranger', { got: vote.member }), from);
    }
    if (this.#votes.has(vote, set.value)) return this.#noteLaggard(vote);
    if (!verify({ publicKey, message: linkMessage(chainId, vote), signature: vote.signature })) {
      return this.#refuse(refuseVoting('consensus/vote-signature', { member: vote.member }), from);
    }
    this.#noteLaggard(vote);
    this.#effects.push({ kind: 'broadcast', bytes, from });
    this.#count(vote, set.value);
  }

  /** Who still votes for what is final here needs the last certificates. */
  #noteLaggard(vote: LinkVote): void {
    if (vote.target.height <= this.#final.height) this.#hasLaggards = true;
  }

  #count(vote: LinkVote, set: ValidatorSet): void {
    const { contradicted, weight } = this.#votes.add(vote, set);
    if (contradicted !== undefined) {
      this.#effects.push({ kind: 'evidence', bytes: encodeLinkEvidence(contradicted, vote) });
    }
    if (weight < quorumWeight(set) || this.#proofs.has(vote)) return;
    const certificate = this.#votes.certificate(vote, set);
    this.#takeProof({ certificate, bytes: encodeLinkCertificate(certificate) });
  }

  #takeCertificate(proof: LinkProof, from: string | undefined, checkedWith?: ValidatorSet): void {
    const { certificate } = proof;
    if (this.#proofs.has(certificate)) return;
    const rivals = this.#proofs.rivals(certificate);
    const top = this.#top();
    if (rivals.length === 0 && certificate.target.height <= this.#final.height) return;
    if (rivals.length === 0 && certificate.target.height > top && !this.#proofs.hasRoom()) return;
    const set = this.#check(certificate);
    if (!set.ok) return this.#refuse(set, from);
    const { chainId, verify } = this.#dependencies;
    const isChecked = set.value === checkedWith;
    const checked = isChecked ? OK : verifyLinkCertificate(certificate, set.value, chainId, verify);
    if (!checked.ok) return this.#refuse(checked, from);
    if (from !== undefined) this.#effects.push({ kind: 'broadcast', bytes: proof.bytes, from });
    this.#takeProof(proof);
  }

  /** Epoch, interval and set of a vote or a certificate. */
  #check(link: Link): Result<ValidatorSet> {
    const { intervalBlocks } = this.#options;
    const { source, target } = link;
    if (source.height % intervalBlocks !== 0 || target.height % intervalBlocks !== 0) {
      return refuseVoting('consensus/link-invalid', { source: source.height, target: target.height });
    }
    const set = this.#setOf(target.height);
    if (!set.ok || set.value.epoch === link.epoch) return set;
    return refuseVoting('consensus/vote-epoch', { got: link.epoch, expected: set.value.epoch });
  }

  #setOf(height: number): Result<ValidatorSet> {
    const epoch = epochOfHeight(height, this.#dependencies.epochBlocks);
    const set = this.#dependencies.validators.at(epoch);
    return set === undefined ? refuseVoting('consensus/vote-validators-unknown', { epoch }) : ok(set);
  }

  // Justification and finality

  /** Takes a supermajority link: finds who contradicts an earlier one, and justifies what it can. */
  #takeProof(proof: LinkProof): void {
    for (const rival of this.#proofs.rivals(proof.certificate)) this.#tellContradiction(rival, proof);
    this.#proofs.add(proof);
    this.#retry();
  }

  #tellContradiction(rival: LinkProof, proof: LinkProof): void {
    const { validators } = this.#dependencies;
    const evidence = linkConflictEvidence(rival.certificate, proof.certificate, validators);
    for (const bytes of evidence) this.#effects.push({ kind: 'evidence', bytes });
    this.#broadcast(rival.bytes);
    this.#log('error', 'Two certificates contradict each other.', {
      kept: toHex(rival.certificate.target.id),
      other: toHex(proof.certificate.target.id),
    });
  }

  /** Applies the links whose target is here, until none is left. */
  #retry(): void {
    for (let next = this.#applicable(); next !== undefined; next = this.#applicable()) {
      this.#proofs.done(next);
      this.#apply(next);
    }
    this.#votes.prune(this.#bottom());
  }

  #applicable(): LinkProof | undefined {
    return this.#proofs.pending().find(({ certificate: { source, target } }) => {
      if (this.#dependencies.blocks.ancestor(target.id, target.height) === undefined) this.#want(target.id);
      return this.#descends(target.id, target) && this.#descends(target.id, source);
    });
  }

  /** Justifies the ends of a link, and finalises its source if the target is the very next checkpoint. */
  #apply({ certificate, bytes }: LinkProof): void {
    const { source, target } = certificate;
    const [final, highest] = [this.#final, this.#highest];
    if (target.height <= final.height) return;
    if (!this.#descends(target.id, final)) {
      const fields = { height: target.height, block: toHex(target.id) };
      return this.#log('error', 'A quorum voted for a checkpoint that excludes a final one.', fields);
    }
    if (target.height > highest.height) {
      this.#highestCheckpoint = target;
      this.#effects.push({ kind: 'prefer', id: target.id });
    }
    const isNext = target.height === source.height + this.#options.intervalBlocks;
    if (!isNext || source.height <= final.height) return;
    const parent = this.#dependencies.blocks.ancestor(source.id, source.height - 1);
    assert(parent !== undefined, 'the parent of a block that is here');
    this.#finalise(source);
    this.#effects.push({ kind: 'finalise', block: { ...source, parent }, certificate: bytes });
  }

  #finalise({ height, id }: Checkpoint): void {
    if (height <= this.#final.height) return;
    this.#finalCheckpoint = { height, id };
    if (height > this.#highest.height) this.#highestCheckpoint = this.#finalCheckpoint;
  }

  #descends(id: Hash, from: Checkpoint): boolean {
    const ancestor = this.#dependencies.blocks.ancestor(id, from.height);
    return ancestor !== undefined && equalBytes(ancestor, from.id);
  }

  // Bounds, time and surroundings

  /** The greatest target height whose votes are kept. */
  #top(): number {
    const known = Math.max(this.#head?.height ?? 0, this.#highest.height);
    return known + CHECKPOINTS_AHEAD_MAX * this.#options.intervalBlocks;
  }

  /** The least one. */
  #bottom(): number {
    const { intervalBlocks } = this.#options;
    const past = this.#final.height - CHECKPOINTS_PAST_MAX * intervalBlocks;
    return Math.max(1, past, this.#top() - (CHECKPOINTS_MAX - 1) * intervalBlocks);
  }

  #isNear(height: number): boolean {
    return height >= this.#bottom() && height <= this.#top();
  }

  #want(id: Hash): void {
    if (this.#wanted.some((other) => equalBytes(other, id))) return;
    this.#wanted = [...this.#wanted, id];
    this.#effects.push({ kind: 'want', id });
  }

  /** Sends again what others may lack: certificates, this node's vote, and votes of others in turn. */
  #resend(): void {
    this.#resendAtMs = this.#nowMs + this.#options.resendMs;
    this.#wanted = [];
    this.#retry();
    const isStuck = this.#settledHeight() > this.#highest.height;
    if (!this.#hasLaggards && !isStuck) return;
    this.#hasLaggards = false;
    for (const { bytes } of this.#proofs.resend(this.#highest, this.#final)) this.#broadcast(bytes);
    if (this.#ownVote !== undefined) this.#broadcast(encodeLinkVote(this.#ownVote));
    const votes = this.#votes.above(this.#final.height).filter((vote) => vote !== this.#ownVote);
    for (let i = 0; i < Math.min(RESENT_VOTES_MAX, votes.length); i++)
      this.#broadcast(encodeLinkVote(votes[this.#resent++ % votes.length] as LinkVote));
  }

  #broadcast(bytes: Uint8Array): void {
    this.#effects.push({ kind: 'broadcast', bytes, from: undefined });
  }

  #wake(): void {
    if (this.#resendAtMs === undefined || this.#resendAtMs === this.#wakeAtMs) return;
    this.#wakeAtMs = this.#resendAtMs;
    this.#effects.push({ kind: 'wake', atMs: this.#resendAtMs });
  }

  #refuse(refused: Result<unknown>, from: string | undefined): void {
    if (!refused.ok && from !== undefined)
      this.#effects.push({ kind: 'refuse', from, refusal: refused.error });
  }

  #log(level: 'info' | 'error', message: string, fields: Evidence): void {
    this.#effects.push({ kind: 'log', level, message, fields });
  }
}
