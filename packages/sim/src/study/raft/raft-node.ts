import { assert } from '@calin/core/base/assert.ts';
import type { Dice } from '../../dice.ts';
import type { StudyEffect, StudyEvent, StudyNode, StudyRequest } from '../study-node.ts';
import { LOG_ENTRIES_MAX, RaftLog } from './raft-log.ts';
import type { RaftMessage, RaftRecord } from './raft-messages.ts';

/** Choices for a {@link RaftNode}. */
export interface RaftOptions {
  readonly index: number;
  readonly nodes: number;
  readonly clients: number;
  /** A follower that hears nothing waits for a time drawn from these (section 5.2; 150 to 300 ms in section 9.3). */
  readonly electionMsMin: number;
  readonly electionMsMax: number;
  readonly heartbeatMs: number;
  readonly dice: Dice;
}

/** Entries of one message: a follower that is far behind is helped step by step. */
const ENTRIES_MAX = 64;

type Message<K extends RaftMessage['kind']> = Extract<RaftMessage, { kind: K }>;

/**
 * One server of Raft. Comments name the parts of figure 2 and the sections of Ongaro, Ousterhout: "In search of an
 * understandable consensus algorithm", 2014. No membership change and no compaction.
 */
export class RaftNode implements StudyNode<RaftMessage, RaftRecord> {
  readonly #options: RaftOptions;
  // Persistent state (figure 2, State): saved before any message that follows from it leaves.
  #term = 0;
  #votedFor: number | undefined;
  #log = new RaftLog();
  // Volatile state.
  #role: 'follower' | 'candidate' | 'leader' = 'follower';
  #leader: number | undefined;
  #commitIndex = 0;
  #lastApplied = 0;
  readonly #votes = new Set<number>();
  readonly #nextIndex: number[];
  readonly #matchIndex: number[];
  /** The last request of each client that was executed (section 8); at most one for each client. */
  readonly #sessions = new Map<number, number>();
  #electionMs = 0;
  #heartbeatMs = 0;
  #nowMs = 0;
  #effects: StudyEffect<RaftMessage, RaftRecord>[] = [];

  constructor(options: RaftOptions) {
    this.#options = options;
    this.#nextIndex = Array.from({ length: options.nodes }, () => 1);
    this.#matchIndex = Array.from({ length: options.nodes }, () => 0);
  }

  step(event: StudyEvent<RaftMessage, RaftRecord>, nowMs: number) {
    this.#effects = [];
    this.#nowMs = nowMs;
    if (event.kind === 'start') this.#start(event.disk);
    else if (event.kind === 'message') this.#hear(event.from, event.message);
    else this.#tick();
    this.#apply();
    const atMs = this.#role === 'leader' ? this.#heartbeatMs : this.#electionMs;
    this.#effects.push({ kind: 'wake', atMs });
    return this.#effects;
  }

  #start(disk: ReadonlyMap<string, RaftRecord>): void {
    const record = disk.get('term');
    if (record?.kind === 'term') [this.#term, this.#votedFor] = [record.term, record.votedFor];
    this.#log = RaftLog.open(disk);
    this.#putOffElection();
  }

  #tick(): void {
    if (this.#role === 'leader' && this.#nowMs >= this.#heartbeatMs) this.#replicate(true);
    if (this.#role !== 'leader' && this.#nowMs >= this.#electionMs) this.#startElection();
  }

  #hear(from: number, message: RaftMessage): void {
    // Only a client asks, and only a server does anything else.
    if (message.kind === 'request') return this.#request(message.request);
    if (from >= this.#options.nodes || from === this.#options.index || message.kind === 'answer') return;
    // Rules for servers, all servers: a higher term makes a follower (section 5.1).
    if (message.term > this.#term) this.#follow(message.term);
    switch (message.kind) {
      case 'request-vote':
        return this.#requestVote(from, message);
      case 'vote':
        return this.#vote(from, message);
      case 'append':
        return this.#append(from, message);
      case 'append-reply':
        return this.#appendReply(from, message);
    }
  }

  // Leader election (section 5.2)

  #follow(term: number): void {
    this.#role = 'follower';
    this.#leader = undefined;
    this.#votes.clear();
    this.#saveTerm(term, undefined);
    this.#putOffElection();
  }

  #putOffElection(): void {
    const { dice, electionMsMin, electionMsMax } = this.#options;
    this.#electionMs = this.#nowMs + dice.between(electionMsMin, electionMsMax);
  }

  /** Rules for servers, candidates. */
  #startElection(): void {
    this.#role = 'candidate';
    this.#leader = undefined;
    this.#saveTerm(this.#term + 1, this.#options.index);
    this.#putOffElection();
    this.#votes.clear();
    this.#votes.add(this.#options.index);
    this.#effects.push({ kind: 'suspect', term: this.#term });
    const { lastIndex: lastLogIndex, lastTerm: lastLogTerm } = this.#log;
    this.#broadcast({ kind: 'request-vote', term: this.#term, lastLogIndex, lastLogTerm });
    this.#countVotes();
  }

  /** Figure 2, RequestVote, receiver; the vote goes to logs that are at least as far as this one (section 5.4.1). */
  #requestVote(from: number, { term, lastLogIndex, lastLogTerm }: Message<'request-vote'>): void {
    const { lastTerm, lastIndex } = this.#log;
    const isAsFar = lastLogTerm > lastTerm || (lastLogTerm === lastTerm && lastLogIndex >= lastIndex);
    const isFree = this.#votedFor === undefined || this.#votedFor === from;
    const isGranted = term === this.#term && isFree && isAsFar;
    if (isGranted) {
      if (this.#votedFor === undefined) this.#saveTerm(this.#term, from);
      this.#putOffElection();
    }
    this.#send(from, { kind: 'vote', term: this.#term, isGranted });
  }

  #vote(from: number, { term, isGranted }: Message<'vote'>): void {
    if (this.#role !== 'candidate' || term !== this.#term || !isGranted) return;
    this.#votes.add(from);
    this.#countVotes();
  }

  #countVotes(): void {
    if (this.#votes.size < this.#majority) return;
    this.#role = 'leader';
    this.#leader = this.#options.index;
    this.#nextIndex.fill(this.#log.lastIndex + 1);
    this.#matchIndex.fill(0);
    this.#effects.push({ kind: 'lead', term: this.#term });
    // An entry of its own term, so that those before it can be committed (section 8).
    this.#effects.push(this.#log.append({ term: this.#term, request: undefined }));
    this.#replicate(true);
  }

  // Log replication (section 5.3)

  /** Sends each follower what it lacks; with `isHeartbeat` also those that lack nothing. */
  #replicate(isHeartbeat: boolean): void {
    if (isHeartbeat) this.#heartbeatMs = this.#nowMs + this.#options.heartbeatMs;
    for (let peer = 0; peer < this.#options.nodes; peer++) {
      if (peer !== this.#options.index) this.#replicateTo(peer, isHeartbeat);
    }
    this.#advanceCommit();
  }

  #replicateTo(peer: number, isHeartbeat: boolean): void {
    const next = this.#nextIndex[peer] as number;
    const entries = this.#log.from(next, ENTRIES_MAX);
    if (entries.length === 0 && !isHeartbeat) return;
    const prevLogIndex = next - 1;
    const prevLogTerm = this.#log.termAt(prevLogIndex) ?? 0;
    const [term, leaderCommit] = [this.#term, this.#commitIndex];
    this.#send(peer, { kind: 'append', term, prevLogIndex, prevLogTerm, entries, leaderCommit });
    // Taken as received: when it was lost, the next message does not fit and the follower says so.
    this.#nextIndex[peer] = next + entries.length;
  }

  /** Figure 2, AppendEntries, receiver. */
  #append(from: number, message: Message<'append'>): void {
    const { term, prevLogIndex, prevLogTerm, entries, leaderCommit } = message;
    const reply = { kind: 'append-reply', term: this.#term, isHeartbeat: entries.length === 0 } as const;
    if (term < this.#term) return this.#send(from, { ...reply, isSuccess: false, index: 0 });
    // Two leaders of one term are what crash faults cannot make.
    if (this.#role === 'leader') return;
    this.#role = 'follower';
    this.#leader = from;
    this.#putOffElection();
    if (this.#log.termAt(prevLogIndex) !== prevLogTerm) {
      const index = Math.min(this.#log.lastIndex + 1, this.#log.startOfTerm(prevLogIndex));
      return this.#send(from, { ...reply, isSuccess: false, index });
    }
    this.#effects.push(...this.#log.merge(prevLogIndex, entries));
    const index = prevLogIndex + entries.length;
    this.#commitIndex = Math.max(this.#commitIndex, Math.min(leaderCommit, index, this.#log.lastIndex));
    this.#send(from, { ...reply, isSuccess: true, index });
  }

  /** Rules for servers, leaders. */
  #appendReply(from: number, { term, isSuccess, index }: Message<'append-reply'>): void {
    if (this.#role !== 'leader' || term !== this.#term) return;
    const match = this.#matchIndex[from] as number;
    if (isSuccess) {
      // What the leader has not sent nobody can have.
      if (index > this.#log.lastIndex) return;
      this.#matchIndex[from] = Math.max(match, index);
      this.#nextIndex[from] = Math.max(this.#nextIndex[from] as number, index + 1);
      this.#advanceCommit();
    } else {
      this.#nextIndex[from] = Math.max(match + 1, Math.min(index, this.#nextIndex[from] as number));
    }
    this.#replicateTo(from, false);
  }

  /** An entry of the leader's own term that a majority has is committed, with all before it (section 5.4.2). */
  #advanceCommit(): void {
    this.#matchIndex[this.#options.index] = this.#log.lastIndex;
    const descending = this.#matchIndex.toSorted((a, b) => b - a);
    const index = descending[this.#majority - 1] as number;
    if (index > this.#commitIndex && this.#log.termAt(index) === this.#term) this.#commitIndex = index;
  }

  /** Rules for servers, all servers: what is committed is applied, each request once (section 8). */
  #apply(): void {
    while (this.#lastApplied < this.#commitIndex) {
      const index = this.#lastApplied + 1;
      const { request } = this.#log.at(index);
      this.#lastApplied = index;
      const executed = request !== undefined && request.number > (this.#sessions.get(request.client) ?? 0);
      if (executed) this.#sessions.set(request.client, request.number);
      this.#effects.push({ kind: 'decide', index, request, executed });
      if (request !== undefined && this.#role === 'leader') this.#answer(request.client, request.number);
    }
  }

  // Clients (section 8)

  #request(request: StudyRequest): void {
    const { client, number } = request;
    if (client < this.#options.nodes || client >= this.#options.nodes + this.#options.clients) return;
    if (this.#role !== 'leader') return this.#answer(client, undefined);
    if (number <= (this.#sessions.get(client) ?? 0)) return this.#answer(client, number);
    if (this.#log.lastIndex >= LOG_ENTRIES_MAX || this.#isInLog(request)) return;
    this.#effects.push(this.#log.append({ term: this.#term, request }));
    this.#replicate(false);
  }

  /** True when the leader has the request in its log, behind what is applied. */
  #isInLog({ client, number }: StudyRequest): boolean {
    for (let index = this.#lastApplied + 1; index <= this.#log.lastIndex; index++) {
      const { request } = this.#log.at(index);
      if (request?.client === client && request.number === number) return true;
    }
    return false;
  }

  #answer(client: number, number: number | undefined): void {
    this.#send(client, { kind: 'answer', number, leader: this.#leader });
  }

  get #majority(): number {
    return Math.floor(this.#options.nodes / 2) + 1;
  }

  #saveTerm(term: number, votedFor: number | undefined): void {
    assert(term >= this.#term, 'terms never go back');
    [this.#term, this.#votedFor] = [term, votedFor];
    this.#effects.push({ kind: 'save', key: 'term', record: { kind: 'term', term, votedFor } });
  }

  #broadcast(message: RaftMessage): void {
    for (let peer = 0; peer < this.#options.nodes; peer++) {
      if (peer !== this.#options.index) this.#send(peer, message);
    }
  }

  #send(to: number, message: RaftMessage): void {
    this.#effects.push({ kind: 'send', to, message });
  }
}
