import { assert, unreachable } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import type { Evidence, Refusal, Result } from '../base/result.ts';
import type { BlockNode } from '../chain/block-tree.ts';
import { subjectOf } from '../chain/certificate-subject.ts';
import type { Chain } from '../chain/chain.ts';
import type { ChainUpdate } from '../chain/chain-update.ts';
import type { Consensus, Finality } from '../consensus/engine.ts';
import { linkVoterOf } from '../consensus/votes/link.ts';
import { voterOf } from '../consensus/votes-each/vote.ts';
import type {
  BlockRef,
  VotingEffect,
  VotingEngine,
  VotingEvent,
  VotingProgress,
} from '../consensus/voting/voting-engine.ts';
import type { Hash } from '../crypto/hash.ts';
import type { PublicKey, VerifySignature } from '../crypto/signature.ts';
import { CERTIFICATE_TAG } from '../ledger/actions/certificate.ts';
import type { VotingHost } from '../p2p/consensus/vote-exchange.ts';
import type { PeerId } from '../ports/network.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import { transactionAt } from '../primitives/flat-block.ts';
import type { Header } from '../primitives/header.ts';
import { epochOfHeight, type ValidatorSet } from '../primitives/validator-set.ts';
import type { ChainSpec, FinalitySpec } from '../spec/chain-spec.ts';
import { ancestorAt } from './ancestor.ts';
import type { EvidencePool } from './evidence-pool.ts';
import type { Outbox } from './outbox.ts';
import { PastCertificates } from './past-certificates.ts';
import { VotingWatch } from './voting-watch.ts';

/** Signatures under way that are remembered: more than an engine asks for at a time. */
const SIGN_JOBS_MAX = 32;

/** Blocks that are waited for; the ones wanted longest ago leave, for an engine asks again. */
const WANTED_MAX = 32;

/** Blocks after the last final one, where each is voted on: as many as come between two certificates while syncing. */
const AHEAD_BLOCKS_MAX = 128;

/** More events than one step of a node can cause: each is a block, a vote, or a step of the engine further. */
const EVENTS_MAX = 100_000;

/** What voting reads of the chain, and has it do. */
export type VotingChain = Pick<
  Chain,
  | 'certificate'
  | 'chainId'
  | 'execute'
  | 'final'
  | 'finalise'
  | 'head'
  | 'header'
  | 'idAt'
  | 'isInvalid'
  | 'layout'
  | 'node'
  | 'prefer'
  | 'setOfEpoch'
  | 'setProof'
  | 'validatorsAfter'
>;

/** What an engine asks of a leader. */
export type Proposal = Pick<Extract<VotingEffect, { kind: 'propose' }>, 'height' | 'round' | 'parent'>;

/** What the votes of a node need of it. */
export interface VotingDependencies {
  readonly finality: FinalitySpec;
  readonly createEngine: NonNullable<Finality['createEngine']>;
  readonly judge: Consensus['judge'];
  readonly epochBlocks: number;
  /** The key that this node votes with; undefined for a node that only follows. */
  readonly publicKey: PublicKey | undefined;
  readonly verify: VerifySignature;
  readonly chain: VotingChain;
  readonly store: ReadStore;
  readonly outbox: Outbox;
  nextJob(): number;
  /** Follows the chain after it changed. */
  adopt(update: ChainUpdate): void;
  /** Makes a block. */
  propose(proposal: Proposal): void;
  /** Keeps proof of an offence until a block holds it. */
  evidence(bytes: Uint8Array): void;
  /** The door to the network; absent on a node without one. */
  link(): VotingLink | undefined;
}

/** What votes ask of the network. */
export interface VotingLink {
  /** Says nothing until what was committed so far is on disk. */
  holdUntilDurable(): void;
  broadcastVote(payload: Uint8Array, except: PeerId | undefined, nowMs: number): void;
  wantBlock(id: Hash, nowMs: number): void;
  punish(peer: PeerId, refusal: Refusal, nowMs: number): void;
}

/** Where a node's votes stand. */
export interface VotingStatus {
  /** What is being voted on; undefined while nothing is. */
  readonly progress: VotingProgress | undefined;
  /** Since when this very height is voted on, in milliseconds since 1970. */
  readonly sinceMs: number;
}

/**
 * The engine that counts votes inside its node: gives it what the chain and the network bring, and does what it wants
 * done. Everything it is told waits until the step of the node is over, so that no part is called while it works.
 *
 * A record of the engine is on disk before anything that it asked for later leaves the node: signatures are asked for
 * and messages sent behind it. @see docs/decisions/0027-what-a-validator-signs.md
 */
export class Voting implements VotingHost {
  readonly engine: number;
  readonly behindBlocks: number;
  readonly aheadBlocksMax: number;
  readonly past: PastCertificates;
  readonly #deps: VotingDependencies;
  readonly #engine: VotingEngine;
  readonly #watch: VotingWatch;
  #events: VotingEvent[] = [];
  /** The engine's number of each signature that was asked for, by that of the node. */
  readonly #jobs = new Map<number, number>();
  readonly #wanted = new Map<string, Hash>();
  #finalHeight = 0;
  #isRunning = false;
  #nowMs = 0;

  constructor(dependencies: VotingDependencies) {
    const { finality, chain, createEngine, judge, epochBlocks, publicKey, verify, outbox } = dependencies;
    const { chainId } = chain;
    this.#deps = dependencies;
    this.engine = finality.kind === 'votes' ? 1 : 2;
    this.behindBlocks = finality.kind === 'votes' ? 2 * finality.intervalBlocks + finality.lagBlocks + 1 : 3;
    this.aheadBlocksMax = finality.kind === 'votes' ? Number.POSITIVE_INFINITY : AHEAD_BLOCKS_MAX;
    this.#watch = new VotingWatch(outbox);
    this.past = new PastCertificates({
      ...{ finality, epochBlocks, chain, outbox },
      judge: (validators) => judge({ chainId, validators, verify }),
    });
    this.#engine = createEngine({
      chainId,
      epochBlocks,
      publicKey,
      validators: { at: (epoch) => this.#setOf(epoch) },
      validatorsAfter: (id) => {
        const node = chain.node(id);
        return node === undefined ? { at: (epoch) => this.#setOf(epoch) } : chain.validatorsAfter(node);
      },
      blocks: { ancestor: (id, height) => ancestorAt(chain, id, height) },
      verify,
    });
  }

  /**
   * With votes on each block the set of a height is decided by a final block. Else it may be one that is not final:
   * votes that stopped for some epochs could never go on.
   */
  get checkedHeightMax(): number {
    const { chain, epochBlocks, finality } = this.#deps;
    if (finality.kind === 'votes') return chain.head.height;
    return epochBlocks * (Math.floor(chain.final.height / epochBlocks) + 2);
  }

  /** Numbers that stay bounded whatever strangers send; for tests and metrics. */
  get counts(): { readonly events: number; readonly jobs: number; readonly wanted: number } {
    return { events: this.#events.length, jobs: this.#jobs.size, wanted: this.#wanted.size };
  }

  /** Where the votes stand, for people. */
  get status(): VotingStatus {
    return { progress: this.#engine.progress, sinceMs: this.#watch.sinceMs };
  }

  /** Begins with what is on disk. */
  start(nowMs: number): void {
    const { chain, store } = this.#deps;
    const { final, head } = chain;
    this.#isRunning = true;
    this.#finalHeight = final.height;
    const certificate = chain.certificate(final.height);
    const record = store.get(chain.layout.voting);
    this.#events.push({ kind: 'start', final: refOf(final), certificate, record });
    this.#events.push({ kind: 'head', block: refOf(head) });
    this.settle(nowMs);
  }

  /** Takes no more events: the node stops. */
  stop(): void {
    this.#isRunning = false;
    this.#events = [];
    this.#deps.outbox.push({ type: 'clear-timer', name: 'voting' });
  }

  message(payload: Uint8Array, from: PeerId): void {
    this.#tell({ kind: 'message', bytes: payload, from });
  }

  voterOf(payload: Uint8Array): number | undefined {
    return this.#deps.finality.kind === 'votes' ? linkVoterOf(payload) : voterOf(payload);
  }

  certificateUpTo(height: number): Uint8Array | undefined {
    const { chain, finality } = this.#deps;
    const step = finality.kind === 'votes' ? finality.intervalBlocks : 1;
    let at = Math.min(height, chain.final.height);
    at -= at % step;
    for (let i = 0; i < CERTIFICATES_LOOKED_AT && at > 0; i++, at -= step) {
      const certificate = chain.certificate(at);
      if (certificate !== undefined) return certificate;
    }
    return undefined;
  }

  /** The timer `voting` went off. */
  tick(): void {
    this.#tell({ kind: 'tick' });
  }

  /** Takes a signature; false when it was asked for by somebody else. */
  signed(job: number, signature: Uint8Array | undefined): boolean {
    const own = this.#jobs.get(job);
    if (own === undefined) return false;
    this.#jobs.delete(job);
    this.#tell({ kind: 'signed', job: own, signature });
    return true;
  }

  /** The best branch changed: what joined it was executed. */
  headMoved({ added }: Pick<ChainUpdate, 'added'>): void {
    for (const { id, header } of added) {
      this.#wanted.delete(bytesKey(id));
      this.#tell({ kind: 'block', block: refOf({ id, header }), valid: true });
    }
    this.#tell({ kind: 'head', block: refOf(this.#deps.chain.head) });
    for (const block of added) this.#tellCertificate(block);
  }

  /** The chain has taken a block, or refused it; if votes wait for it, it is executed. */
  imported({ id, header }: Pick<BlockNode, 'id' | 'header'>, { ok }: Result<unknown>): void {
    if (!this.#wanted.has(bytesKey(id))) return;
    if (ok) this.#execute(id);
    else if (this.#deps.chain.isInvalid(id)) this.#judged({ id, header }, false);
  }

  /** The block that was proposed is in the chain. */
  made(round: number, block: Pick<BlockNode, 'id' | 'header'>): void {
    const executed = this.#deps.chain.execute(block.id);
    if (executed.ok) return this.#tell({ kind: 'made', round, block: refOf(block) });
    const fields = { height: block.header.height, rule: executed.error.rule };
    this.#deps.outbox.log('error', 'voting', 'own proposal was refused', fields);
  }

  /** Lets the engine take what has come up in this step, and what follows from it. */
  settle(nowMs: number): void {
    this.#nowMs = nowMs;
    if (this.#isRunning) this.#noteFinal();
    for (let i = 0; this.#isRunning && this.#events.length > 0; i++) {
      assert(i < EVENTS_MAX, 'votes come to an end');
      const event = this.#events.shift() as VotingEvent;
      for (const effect of this.#engine.step(event, nowMs)) this.#do(effect);
    }
    if (this.#isRunning) this.#watch.look(this.#engine, this.#finalHeight, nowMs);
  }

  /** As final blocks decided it, for a branch that is not final may be the work of a single validator. */
  #setOf(epoch: number): ValidatorSet | undefined {
    const { chain, finality } = this.#deps;
    const decided = chain.validatorsAfter(chain.final).at(epoch);
    return decided ?? (finality.kind === 'votes' ? chain.setOfEpoch(epoch) : undefined);
  }

  /**
   * Takes the certificate in the reward of a block that joined the best branch: so who is far behind finalises as it
   * goes. One for a block of another branch is taken as far as final blocks have decided who could sign it.
   */
  #tellCertificate(block: Block): void {
    if (!this.#isRunning) return;
    const { chain, finality, epochBlocks } = this.#deps;
    const action = transactionAt(block, 0).actions.find(({ tag }) => tag === CERTIFICATE_TAG);
    const subject = action && subjectOf(finality, action.body);
    if (action === undefined || subject === undefined) return;
    const epoch = epochOfHeight(subject.signedHeight, epochBlocks);
    const signed = ancestorAt(chain, chain.head.id, subject.signedHeight);
    const isHere = signed !== undefined && equalBytes(signed, subject.signedId);
    if (!isHere && chain.validatorsAfter(chain.final).at(epoch) === undefined) return;
    this.#tell({ kind: 'certificate', bytes: action.body, checkedWith: chain.setOfEpoch(epoch) });
  }

  #tell(event: VotingEvent): void {
    if (this.#isRunning) this.#events.push(event);
  }

  /** Something else than votes made blocks final: a snapshot. */
  #noteFinal(): void {
    const { final } = this.#deps.chain;
    if (final.height <= this.#finalHeight) return;
    this.#finalHeight = final.height;
    this.#events.unshift({ kind: 'final', block: refOf(final) });
  }

  #do(effect: VotingEffect): void {
    const { outbox, chain } = this.#deps;
    switch (effect.kind) {
      case 'save':
        outbox.commit({ puts: [[chain.layout.voting, effect.record]], deletes: [] });
        return this.#deps.link()?.holdUntilDurable();
      case 'sign':
        return this.#sign(effect.job, effect.message);
      case 'broadcast':
        return this.#deps.link()?.broadcastVote(effect.bytes, effect.from, this.#nowMs);
      case 'want':
        return this.#want(effect.id);
      case 'propose':
        return this.#deps.propose(effect);
      case 'prefer':
        return this.#follow(chain.prefer(effect.id), { preferred: toHex(effect.id) });
      case 'finalise':
        return this.#finalise(effect.block, effect.certificate);
      case 'evidence':
        return this.#deps.evidence(effect.bytes);
      case 'wake':
        return outbox.setTimer('voting', effect.atMs);
      case 'refuse':
        return this.#deps.link()?.punish(effect.from, effect.refusal, this.#nowMs);
      case 'log':
        return outbox.log(effect.level, 'voting', effect.message, plain(effect.fields));
      default:
        return unreachable(effect);
    }
  }

  /** Behind everything committed so far: the record of the vote is on disk before there is a signature of it. */
  #sign(job: number, message: Hash): void {
    const own = this.#deps.nextJob();
    this.#jobs.set(own, job);
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size > SIGN_JOBS_MAX && oldest !== undefined) this.#jobs.delete(oldest);
    this.#deps.outbox.afterCommits({ type: 'sign', job: own, message });
  }

  #want(id: Hash): void {
    const { chain } = this.#deps;
    if (chain.node(id) !== undefined) return this.#execute(id);
    const header = chain.header(id);
    if (header.ok && ancestorAt(chain, id, header.value.height) !== undefined)
      return this.#judged({ id, header: header.value }, true);
    const key = bytesKey(id);
    this.#wanted.delete(key);
    this.#wanted.set(key, id);
    const [oldest] = this.#wanted.keys();
    if (this.#wanted.size > WANTED_MAX && oldest !== undefined) this.#wanted.delete(oldest);
    this.#deps.link()?.wantBlock(id, this.#nowMs);
  }

  /** Executes a block of the tree; a store that failed says nothing about it. */
  #execute(id: Hash): void {
    const { chain, outbox } = this.#deps;
    const node = chain.node(id);
    if (node === undefined) return;
    const executed = chain.execute(id);
    if (executed.ok) return this.#judged(node, true);
    const { rule } = executed.error;
    outbox.log('info', 'voting', 'a block that is voted on was refused', { height: node.height, rule });
    if (chain.isInvalid(id)) this.#judged(node, false);
  }

  #judged(block: Pick<BlockNode, 'id' | 'header'>, valid: boolean): void {
    this.#wanted.delete(bytesKey(block.id));
    this.#tell({ kind: 'block', block: refOf(block), valid });
  }

  #finalise(block: BlockRef, certificate: Uint8Array): void {
    const { chain, outbox } = this.#deps;
    this.#follow(chain.finalise(block.id, certificate), { height: block.height });
    this.#finalHeight = Math.max(this.#finalHeight, chain.final.height);
    outbox.log('debug', 'voting', 'final', { height: block.height, id: toHex(block.id) });
  }

  #follow(update: Result<ChainUpdate>, fields: Readonly<Record<string, string | number>>): void {
    if (update.ok) return this.#deps.adopt(update.value);
    const { rule } = update.error;
    this.#deps.outbox.log('error', 'voting', 'the chain does not follow the votes', { ...fields, rule });
  }
}

/** How far back a certificate is looked for, in final blocks or checkpoints. */
const CERTIFICATES_LOOKED_AT = 16;

function refOf({ id, header }: { readonly id: Hash; readonly header: Header }): BlockRef {
  return { id, height: header.height, parent: header.parent };
}

function plain(fields: Evidence): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value ?? 'none']));
}

/** What {@link createVoting} wires; the rest follows from the spec. */
export interface VotingParts
  extends Pick<
    VotingDependencies,
    'publicKey' | 'store' | 'outbox' | 'nextJob' | 'adopt' | 'propose' | 'link'
  > {
  readonly spec: ChainSpec;
  readonly chain: Chain;
  readonly evidence: EvidencePool;
}

/** The votes of a chain, or undefined where nobody votes. */
export function createVoting({ finality, judge }: Consensus, parts: VotingParts): Voting | undefined {
  const { createEngine } = finality;
  const { spec, outbox, evidence } = parts;
  const { validators } = spec.consensus;
  if (createEngine === undefined || validators === undefined) return undefined;
  return new Voting({
    ...parts,
    finality: spec.consensus.finality,
    createEngine,
    judge,
    epochBlocks: validators.epochBlocks,
    verify: parts.chain.verifySeal,
    evidence(bytes) {
      if (evidence.add(bytes))
        outbox.log('warn', 'voting', 'a validator broke the rules', { bytes: bytes.length });
    },
  });
}
