import { assert, unreachable } from '../../base/assert.ts';
import { equalBytes, isZero, toHex } from '../../base/bytes.ts';
import type { Evidence, Result } from '../../base/result.ts';
import { type Hash, ZERO_HASH } from '../../crypto/hash.ts';
import type { ValidatorSet } from '../../primitives/validator-set.ts';
import type {
  BlockRef,
  VotingDependencies,
  VotingEffect,
  VotingEngine,
  VotingEvent,
  VotingProgress,
} from '../voting/voting-engine.ts';
import { parseVotingMessage } from './certificate.ts';
import { checkCertificate, checkVote, setOfHeight } from './check-message.ts';
import { Deadlines, type Step } from './deadlines.ts';
import { Decided, decodeProof, type Proof, proofOf } from './decided.ts';
import { encodeEvidence } from './evidence.ts';
import { HeightBook } from './height-book.ts';
import type { HeightVotes } from './height-votes.ts';
import { ROUNDS_MAX } from './limits.ts';
import { isFreeFor, type Lock, lockOn } from './lock.ts';
import { OwnVotes } from './own-votes.ts';
import { Polkas } from './polkas.ts';
import type { VotesEachTimeouts } from './timeouts.ts';
import { Verdicts } from './verdicts.ts';
import { encodeSignedVote, type SignedVote, type VoteKind } from './vote.ts';

/** More turns of the rules than one event can cause: each turn is a step, a round or a height further. */
const TURNS_MAX = 1_000;

/**
 * Votes on each block: Tendermint as a state machine for one validator, or for a node that only follows. A block is
 * final when validators of more than two thirds of the weight have precommitted it in one round. No two blocks of a
 * height become final while those who break the rules weigh less than a third, whatever the network does; blocks go on
 * becoming final once messages arrive within the time-outs.
 *
 * The methods below name the lines of Algorithm 1 in Buchman, Kwon, Milosevic: "The latest gossip on BFT consensus"
 * (2018), and the phase of PBFT (Castro, Liskov 1999) that they stand for. Four things are done otherwise here than
 * there, none of which lets a quorum exist that did not there:
 *
 * - Votes may be lost. So the proof that a block may be unlocked travels with the proposal as one certificate (a
 *   "polka"), and votes are sent again while a height lasts; the paper assumes that all is delivered in the end.
 * - A polka of any round from `validRound` on counts for line 28, and one of an older round may set the valid value.
 * - A prevote names the `validRound` of the proposal, so that who breaks a lock is found out; see evidence.ts.
 * - Line 55 counts validators that are in a round or in a later one.
 */
export class VotesEachEngine implements VotingEngine {
  readonly #dependencies: VotingDependencies;
  readonly #verdicts = new Verdicts();
  readonly #own: OwnVotes;
  readonly #book: HeightBook;
  readonly #deadlines: Deadlines;
  readonly #decided = new Decided();
  #effects: VotingEffect[] = [];
  #nowMs = 0;
  #final: BlockRef | undefined;

  #round = 0;
  #step: Step = 'pause';
  #lock: Lock | undefined;
  #polkas = new Polkas();
  /** A quorum of precommits for a block that is not executed yet. */
  #decision: Proof | undefined;

  #hasLaggards = false;
  #wakeAtMs: number | undefined;
  /** The blocks that were asked for since votes were last sent again: the round's, the polka's and the decision's. */
  #wanted: readonly Hash[] = [];

  constructor(timeouts: VotesEachTimeouts, dependencies: VotingDependencies) {
    this.#dependencies = dependencies;
    this.#own = new OwnVotes(dependencies);
    this.#book = new HeightBook(dependencies);
    this.#deadlines = new Deadlines(timeouts);
  }

  step(event: VotingEvent, nowMs: number): readonly VotingEffect[] {
    this.#nowMs = nowMs;
    this.#effects = [];
    this.#take(event);
    if (this.#deadlines.takeResend(nowMs)) this.#resend();
    for (let turn = 0; this.#applyRule(); turn++) assert(turn < TURNS_MAX, 'the rules come to an end');
    this.#wake();
    return this.#effects;
  }

  /** Numbers that must stay bounded whatever is sent; for tests and metrics. */
  sizes(): { readonly votes: number; readonly verdicts: number; readonly certificates: number } {
    return { votes: this.#book.size, verdicts: this.#verdicts.size, certificates: this.#decided.size };
  }

  get progress(): VotingProgress | undefined {
    return this.#step === 'pause' ? undefined : this.#book.progress(this.#round);
  }

  #take(event: VotingEvent): void {
    switch (event.kind) {
      case 'start':
        return this.#start(event);
      case 'block':
        return this.#verdicts.add(event);
      case 'made':
        return this.#takeOwnBlock(event.round, event.block);
      case 'final':
        if (event.block.height >= this.#height.height) this.#enterHeight(event.block);
        return;
      case 'message':
        return this.#takeMessage(event.bytes, event.from);
      case 'certificate':
        return this.#takeMessage(event.bytes, undefined, event.checkedWith);
      case 'signed':
        return this.#takeSignature(event.job, event.signature);
      case 'head':
      case 'tick':
        return;
      default:
        return unreachable(event);
    }
  }

  get #height(): HeightVotes {
    return this.#book.present;
  }

  // Heights and rounds

  #start({ final, certificate, record }: Extract<VotingEvent, { kind: 'start' }>): void {
    assert(this.#final === undefined, 'there is one start');
    if (record !== undefined) this.#own.load(record);
    // Those who are late may have nobody else to ask.
    if (certificate !== undefined) this.#decided.add(decodeProof(certificate), []);
    this.#enterHeight(final);
  }

  /** Begins the height after a final block. Lines 51 to 54. */
  #enterHeight(final: BlockRef): void {
    const votes = this.#book.enter(final);
    this.#final = final;
    [this.#round, this.#step] = [0, 'pause'];
    [this.#lock, this.#polkas, this.#decision] = [undefined, new Polkas(), undefined];
    this.#deadlines.enterHeight(this.#nowMs);
    this.#wanted = [];
    const record = this.#own.enter(votes);
    if (record === undefined) return;
    // A crash ended the run before in this height: on from there, with the same votes.
    this.#lock = record.lock;
    if (record.polka !== undefined) this.#polkas.add(decodeProof(record.polka));
    this.#effects.push(...this.#own.repeat());
    this.#startRound(record.round);
    if (this.#own.find(record.round, 'prevote') !== undefined) this.#step = 'prevote';
    if (this.#own.find(record.round, 'precommit') !== undefined) this.#step = 'precommit';
  }

  /** Lines 11 to 21; PBFT's view change is over: the new primary sends its pre-prepare. */
  #startRound(round: number): void {
    this.#round = round;
    this.#step = 'propose';
    this.#height.enter(round);
    this.#deadlines.enterRound(this.#nowMs, round);
    if (this.#isLeader()) this.#lead();
  }

  #isLeader(): boolean {
    const { height, electorate } = this.#height;
    return electorate.proposers.at(height, this.#round) === this.#own.member;
  }

  /** Proposes the valid value, with the proof that it is one, or asks for a new block. Lines 14 to 19. */
  #lead(): void {
    if (this.#own.find(this.#round, 'proposal') !== undefined) return;
    const { height } = this.#height;
    const valid = this.#polkas.latest;
    if (valid !== undefined && this.#judge(valid.certificate.blockId) === true) {
      this.#effects.push({ kind: 'broadcast', bytes: valid.bytes, from: undefined });
      this.#cast('proposal', valid.certificate.blockId, valid.certificate.round);
    } else {
      this.#effects.push({ kind: 'propose', height, round: this.#round, parent: this.#lastFinal.id });
    }
  }

  #takeOwnBlock(round: number, block: BlockRef): void {
    this.#verdicts.add({ block, valid: true });
    if (round !== this.#round || this.#step !== 'propose') return;
    if (this.#isLeader() && this.#judge(block.id) === true) this.#cast('proposal', block.id, -1);
  }

  get #lastFinal(): BlockRef {
    assert(this.#final !== undefined, 'the first event is a start');
    return this.#final;
  }

  // The rules of Algorithm 1

  /** Applies the first rule that has something to do; false when none has. */
  #applyRule(): boolean {
    return (
      this.#notePolka() ||
      this.#learnValidValue() ||
      this.#noteDecision() ||
      this.#decide() ||
      this.#skipRounds() ||
      this.#prevoteProposal() ||
      this.#lockPolka() ||
      this.#precommitNil() ||
      this.#startWaiting() ||
      this.#timeOut()
    );
  }

  /** A quorum of prevotes in a later round than before becomes the valid value. Lines 42 and 43; PBFT: prepared. */
  #notePolka(): boolean {
    const { quorum } = this.#height.electorate;
    for (const [round, { prevote }] of this.#height.rounds()) {
      if (round <= (this.#polkas.latest?.certificate.round ?? -1)) continue;
      const leader = prevote.leader(quorum);
      if (leader === undefined || isZero(leader.blockId)) continue;
      this.#polkas.add(proofOf(prevote.certificate(leader, 'prevote')));
      return true;
    }
    return false;
  }

  /** After a crash, or with a polka from others, the valid value has to be known before it can be proposed. */
  #learnValidValue(): boolean {
    const polka = this.#polkas.latest?.certificate;
    return polka !== undefined && this.#judge(polka.blockId) === undefined && this.#want(polka.blockId);
  }

  /** A quorum of precommits in any round. Line 49; PBFT: committed. */
  #noteDecision(): boolean {
    if (this.#decision !== undefined) return false;
    const { quorum } = this.#height.electorate;
    for (const [, { precommit }] of this.#height.rounds()) {
      const leader = precommit.leader(quorum);
      if (leader === undefined || isZero(leader.blockId)) continue;
      this.#decision = proofOf(precommit.certificate(leader, 'precommit'));
      return true;
    }
    return false;
  }

  /** The decided block is executed: it is final. Lines 50 to 54. */
  #decide(): boolean {
    if (this.#decision === undefined) return false;
    const { certificate, bytes } = this.#decision;
    const verdict = this.#verdicts.get(certificate.blockId);
    if (verdict === undefined) return this.#want(certificate.blockId);
    const final = this.#lastFinal;
    const before = this.#dependencies.blocks.ancestor(certificate.blockId, final.height);
    const follows = before !== undefined && equalBytes(before, final.id);
    if (!verdict.valid || !follows || verdict.block.height !== certificate.height) {
      if (this.#isAsked(certificate.blockId)) return false;
      this.#log('error', 'A quorum decided on a block that this node cannot follow.', {
        height: certificate.height,
        block: toHex(certificate.blockId),
      });
      for (const own of this.#decided.at(final.height)) this.#broadcast(own.bytes);
      this.#wanted = [...this.#wanted, certificate.blockId];
      return false;
    }
    this.#decided.add(this.#decision, this.#polkas.all);
    this.#effects.push({ kind: 'finalise', block: verdict.block, certificate: bytes });
    this.#enterHeight(verdict.block);
    return true;
  }

  /** Somebody honest is in a later round. Lines 55 and 56; PBFT: f + 1 view changes make one join them. */
  #skipRounds(): boolean {
    const reached = this.#height.reachedRound();
    if (reached <= this.#round) return false;
    this.#startRound(reached);
    return true;
  }

  /** Answers the proposal of the round. Lines 22 to 33; PBFT: pre-prepare accepted, prepare sent. */
  #prevoteProposal(): boolean {
    if (this.#step !== 'propose') return false;
    const polka = this.#polkas.latest?.certificate;
    // Who lacks the proposal but sees that a quorum took it may take it too.
    const offer = this.#height.proposal(this.#round) ?? (polka?.round === this.#round ? polka : undefined);
    if (offer === undefined) return false;
    const { blockId, validRound } = offer;
    const valid = this.#judge(blockId);
    if (valid === undefined) return this.#want(blockId);
    // Line 28 waits for the proof that the proposal speaks of.
    if (valid && validRound >= 0 && !this.#polkas.has(blockId, validRound)) return false;
    const takes = valid && isFreeFor(blockId, validRound, this.#lock);
    if (takes) this.#effects.push({ kind: 'prefer', id: blockId });
    this.#step = 'prevote';
    this.#cast('prevote', takes ? blockId : ZERO_HASH, takes ? validRound : -1);
    return true;
  }

  /** Locks the block of the round's polka. Lines 36 to 41; PBFT: prepared, commit sent. */
  #lockPolka(): boolean {
    const polka = this.#polkas.latest?.certificate;
    if (this.#step !== 'prevote' || polka === undefined || polka.round !== this.#round) return false;
    const valid = this.#judge(polka.blockId);
    if (valid === undefined) return this.#want(polka.blockId);
    if (!valid) return false;
    this.#lock = lockOn(polka.blockId, this.#round, this.#lock);
    this.#step = 'precommit';
    this.#cast('precommit', polka.blockId, -1);
    return true;
  }

  /** A quorum found no block in this round. Lines 44 to 46. */
  #precommitNil(): boolean {
    if (this.#step !== 'prevote') return false;
    const leader = this.#height.at(this.#round).prevote.leader(this.#height.electorate.quorum);
    if (leader === undefined || !isZero(leader.blockId)) return false;
    this.#step = 'precommit';
    this.#cast('precommit', ZERO_HASH, -1);
    return true;
  }

  /** A quorum voted, though not for one thing: waits a little for the rest. Lines 34, 35, 47 and 48. */
  #startWaiting(): boolean {
    if (this.#step === 'pause') return false;
    const { prevote, precommit } = this.#height.at(this.#round);
    const { quorum } = this.#height.electorate;
    const wait = (kind: 'prevote' | 'precommit') =>
      this.#deadlines.waitForVotes(kind, this.#nowMs, this.#round);
    return (
      (this.#step === 'prevote' && prevote.weight >= quorum && wait('prevote')) ||
      (precommit.weight >= quorum && wait('precommit'))
    );
  }

  /** Lines 57 to 67; the last one is PBFT's view change. */
  #timeOut(): boolean {
    const isOver = (step: Step): boolean => this.#deadlines.isOver(step, this.#nowMs);
    if (this.#step === 'pause') {
      if (!isOver('pause')) return false;
      this.#startRound(0);
    } else if (isOver('precommit') && this.#round + 1 < ROUNDS_MAX) {
      this.#startRound(this.#round + 1);
    } else if (this.#step === 'propose' && isOver('propose')) {
      this.#step = 'prevote';
      this.#cast('prevote', ZERO_HASH, -1);
    } else if (this.#step === 'prevote' && isOver('prevote')) {
      this.#step = 'precommit';
      this.#cast('precommit', ZERO_HASH, -1);
    } else {
      return false;
    }
    return true;
  }

  /** True when a block may follow the last final one, false when it may not, undefined while nobody has executed it. */
  #judge(blockId: Hash): boolean | undefined {
    const verdict = this.#verdicts.get(blockId);
    if (verdict === undefined) return undefined;
    const { block, valid } = verdict;
    return valid && block.height === this.#height.height && equalBytes(block.parent, this.#lastFinal.id);
  }

  /** Asks for a block, once until votes are sent again. Never a change of state: always false. */
  #want(id: Hash): false {
    if (!this.#isAsked(id)) {
      this.#wanted = [...this.#wanted, id];
      this.#effects.push({ kind: 'want', id });
    }
    return false;
  }

  #isAsked(id: Hash): boolean {
    return this.#wanted.some((other) => equalBytes(other, id));
  }

  // Own votes

  #cast(kind: VoteKind, blockId: Hash, validRound: number): void {
    const { height, electorate } = this.#height;
    const vote = { kind, epoch: electorate.set.epoch, height, round: this.#round, validRound, blockId };
    this.#effects.push(...this.#own.cast(vote, { lock: this.#lock, polka: this.#polkas.latest?.bytes }));
  }

  #takeSignature(job: number, signature: Uint8Array | undefined): void {
    if (signature === undefined) this.#log('error', 'The signer did not sign a vote.', { job });
    const vote = this.#own.take(job, signature);
    if (vote === undefined) return;
    this.#broadcast(encodeSignedVote(vote));
    this.#count(vote, this.#height);
  }

  // Messages of others

  #takeMessage(bytes: Uint8Array, from: string | undefined, checkedWith?: ValidatorSet): void {
    const message = parseVotingMessage(bytes);
    if (!message.ok) return this.#refuse(message, from);
    if (message.value.kind === 'vote') this.#takeVote(message.value.vote, bytes, from);
    else this.#takeCertificate({ certificate: message.value.certificate, bytes }, from, checkedWith);
  }

  #takeVote(vote: SignedVote, bytes: Uint8Array, from: string | undefined): void {
    const present = this.#height.height;
    if (vote.height > present + 1) return;
    const held = this.#book.at(vote.height);
    const isLate =
      vote.height < present - 1 || (vote.height < present && this.#deadlines.isHeightLate(this.#nowMs));
    // Who is late needs to be noticed once.
    if (held === undefined && this.#hasLaggards) return;
    const set = setOfHeight(vote.height, vote.epoch, this.#dependencies);
    if (!set.ok) return this.#refuse(set, from);
    const isKnown = vote.member < set.value.members.length && held?.has(vote) === true;
    if (!isKnown) {
      const proposers = held?.isNear(vote.round) ? held.electorate.proposers : undefined;
      const checked = checkVote(vote, set.value, proposers, this.#dependencies);
      if (!checked.ok) return this.#refuse(checked, from);
    }
    this.#hasLaggards ||= isLate;
    if (isKnown || held === undefined || !this.#count(vote, held) || vote.height < present) return;
    this.#effects.push({ kind: 'broadcast', bytes, from });
  }

  /** Counts a vote; true when it was not known. Two different ones are evidence. */
  #count(vote: SignedVote, held: HeightVotes): boolean {
    const counted = held.add(vote);
    if (counted.kind === 'contradiction') {
      this.#effects.push({ kind: 'evidence', bytes: encodeEvidence(counted.before, vote) });
    }
    return counted.kind !== 'known';
  }

  #takeCertificate(proof: Proof, from: string | undefined, checkedWith?: ValidatorSet): void {
    const { kind, height, round } = proof.certificate;
    const present = this.#height.height;
    if (height < present) return this.#compareFinals(proof, from, checkedWith);
    if (kind === 'prevote' && height > present) return;
    const known =
      kind === 'prevote' ? this.#polkas.latest?.certificate.round : this.#decision?.certificate.height;
    if (known !== undefined && known >= (kind === 'prevote' ? round : height)) return;
    const checked = checkCertificate(proof.certificate, this.#dependencies, checkedWith);
    if (!checked.ok) return this.#refuse(checked, from);
    if (kind === 'precommit') {
      this.#decision = proof;
    } else {
      this.#polkas.add(proof);
      this.#height.reach(proof.certificate.indices, round);
    }
    if (from !== undefined) this.#effects.push({ kind: 'broadcast', bytes: proof.bytes, from });
  }

  /** Two blocks of one height are final: more than a third broke the rules, and here is who. */
  #compareFinals({ certificate }: Proof, from: string | undefined, checkedWith?: ValidatorSet): void {
    if (!this.#decided.isRival(certificate)) return;
    const checked = checkCertificate(certificate, this.#dependencies, checkedWith);
    if (!checked.ok) return this.#refuse(checked, from);
    const { kept, evidence, isFirst } = this.#decided.compare(certificate);
    for (const bytes of evidence) this.#effects.push({ kind: 'evidence', bytes });
    if (!isFirst) return;
    for (const own of this.#decided.at(certificate.height)) this.#broadcast(own.bytes);
    this.#log('error', 'Two blocks of one height were decided.', {
      height: certificate.height,
      kept: toHex(kept.blockId),
      other: toHex(certificate.blockId),
    });
  }

  // Time and surroundings

  /**
   * Sends again what others may lack: what this node voted, the polka, and votes of others in turn. So in the end
   * everybody has every vote that anybody honest has, which the paper takes for granted.
   */
  #resend(): void {
    const [last] = this.#decided.at(this.#lastFinal.height);
    if (this.#hasLaggards && last !== undefined) this.#broadcast(last.bytes);
    this.#hasLaggards = false;
    this.#wanted = [];
    if (!this.#deadlines.isHeightLate(this.#nowMs)) return;
    if (this.#polkas.latest !== undefined) this.#broadcast(this.#polkas.latest.bytes);
    if (this.#decision !== undefined) this.#broadcast(this.#decision.bytes);
    for (const bytes of this.#own.signed()) this.#broadcast(bytes);
    for (const bytes of this.#book.resend(this.#round, this.#own.member)) this.#broadcast(bytes);
  }

  #broadcast(bytes: Uint8Array): void {
    this.#effects.push({ kind: 'broadcast', bytes, from: undefined });
  }

  /** Says when the next deadline is, if that is news. */
  #wake(): void {
    const atMs = this.#deadlines.next(this.#step);
    if (atMs === this.#wakeAtMs) return;
    this.#wakeAtMs = atMs;
    this.#effects.push({ kind: 'wake', atMs });
  }

  #refuse(refused: Result<unknown>, from: string | undefined): void {
    if (!refused.ok && from !== undefined)
      this.#effects.push({ kind: 'refuse', from, refusal: refused.error });
  }

  #log(level: 'info' | 'error', message: string, fields: Evidence): void {
    this.#effects.push({ kind: 'log', level, message, fields });
  }
}
