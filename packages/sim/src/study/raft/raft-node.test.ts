import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Dice, seedOf } from '../../dice.ts';
import type { StudyEffect } from '../study-node.ts';
import type { RaftEntry, RaftMessage, RaftRecord } from './raft-messages.ts';
import { RaftNode } from './raft-node.ts';

type Effects = readonly StudyEffect<RaftMessage, RaftRecord>[];

const NODES = 5;
const request = (number: number) => ({ client: NODES, number, operation: `put ${number}` });
const entry = (term: number, number: number): RaftEntry => ({ term, request: request(number) });

/** A server with a disk that keeps what it saves. */
class Server {
  readonly disk = new Map<string, RaftRecord>();
  #node = this.#create();
  #nowMs = 0;

  constructor(term = 0, log: readonly RaftEntry[] = []) {
    if (term > 0) this.disk.set('term', { kind: 'term', term, votedFor: undefined });
    for (const [i, one] of log.entries()) this.disk.set(`entry ${i + 1}`, { kind: 'entry', entry: one });
    this.#step({ kind: 'start', disk: this.disk });
  }

  #create(): RaftNode {
    const times = { electionMsMin: 150, electionMsMax: 300, heartbeatMs: 50 };
    return new RaftNode({ index: 0, nodes: NODES, clients: 2, ...times, dice: new Dice(seedOf(1)) });
  }

  #step(event: Parameters<RaftNode['step']>[0]): Effects {
    const effects = this.#node.step(event, this.#nowMs);
    for (const effect of effects) {
      if (effect.kind !== 'save') continue;
      if (effect.record === undefined) this.disk.delete(effect.key);
      else this.disk.set(effect.key, effect.record);
    }
    return effects;
  }

  restart(): void {
    this.#node = this.#create();
    this.#step({ kind: 'start', disk: this.disk });
  }

  hear(from: number, message: RaftMessage): Effects {
    return this.#step({ kind: 'message', from, message });
  }

  /** Waits until its patience has ended, and gets these votes. */
  campaign(voters: readonly number[]): Effects {
    this.#nowMs += 301;
    const effects = [...this.#step({ kind: 'tick' })];
    const term = this.term;
    for (const from of voters) effects.push(...this.hear(from, { kind: 'vote', term, isGranted: true }));
    return effects;
  }

  get term(): number {
    const record = this.disk.get('term');
    return record?.kind === 'term' ? record.term : 0;
  }

  get log(): readonly (number | undefined)[] {
    const terms: (number | undefined)[] = [];
    for (let index = 1; this.disk.has(`entry ${index}`); index++) {
      const record = this.disk.get(`entry ${index}`);
      terms.push(record?.kind === 'entry' ? record.entry.term : undefined);
    }
    return terms;
  }
}

function sent<K extends RaftMessage['kind']>(effects: Effects, kind: K) {
  return effects.flatMap((effect) =>
    effect.kind === 'send' && effect.message.kind === kind
      ? [effect.message as Extract<RaftMessage, { kind: K }>]
      : [],
  );
}

const decided = (effects: Effects) =>
  effects.flatMap((effect) => (effect.kind === 'decide' ? [effect.index] : []));

function append(term: number, prev: readonly [number, number], entries: readonly RaftEntry[], commit = 0) {
  const [prevLogIndex, prevLogTerm] = prev;
  return { kind: 'append', term, prevLogIndex, prevLogTerm, entries, leaderCommit: commit } as const;
}

describe('a vote (figure 2, RequestVote; section 5.4.1)', () => {
  const ask = (term: number, lastLogIndex: number, lastLogTerm: number) =>
    ({ kind: 'request-vote', term, lastLogIndex, lastLogTerm }) as const;

  it('is given once in a term, and is on the disk before it is given', () => {
    const server = new Server();
    const effects = server.hear(1, ask(1, 0, 0));
    const kinds = effects.map(({ kind }) => kind);
    assert.ok(kinds.lastIndexOf('save') < kinds.indexOf('send'));
    assert.equal(sent(effects, 'vote')[0]?.isGranted, true);
    server.restart();
    assert.equal(sent(server.hear(2, ask(1, 0, 0)), 'vote')[0]?.isGranted, false);
    assert.equal(sent(server.hear(1, ask(1, 0, 0)), 'vote')[0]?.isGranted, true, 'again to the same one');
    assert.equal(sent(server.hear(2, ask(2, 0, 0)), 'vote')[0]?.isGranted, true, 'in the next term');
  });

  it('goes to no log that is behind: an earlier last term, or a shorter log of the same', () => {
    const votes = [
      [3, 1, false],
      [9, 1, false],
      [1, 2, false],
      [2, 2, true],
      [1, 3, true],
    ] as const;
    for (const [index, term, isGranted] of votes) {
      const server = new Server(2, [entry(1, 1), entry(2, 2)]);
      assert.equal(sent(server.hear(1, ask(5, index, term)), 'vote')[0]?.isGranted, isGranted);
    }
  });

  it('is not given to a candidate of a term that is over', () => {
    const server = new Server(4);
    const [vote] = sent(server.hear(1, ask(3, 9, 3)), 'vote');
    assert.deepEqual(vote, { kind: 'vote', term: 4, isGranted: false });
  });
});

describe('entries of a leader (figure 2, AppendEntries)', () => {
  it('are taken where the logs agree, and are on the disk before it says so', () => {
    const server = new Server();
    const effects = server.hear(1, append(1, [0, 0], [entry(1, 1), entry(1, 2)]));
    const kinds = effects.map(({ kind }) => kind);
    assert.ok(kinds.lastIndexOf('save') < kinds.indexOf('send'));
    assert.deepEqual(
      sent(effects, 'append-reply').map(({ isSuccess, index }) => [isSuccess, index]),
      [[true, 2]],
    );
    assert.deepEqual(server.log, [1, 1]);
  });

  it('are refused after an entry that is not there, or is another one', () => {
    const server = new Server(3, [entry(1, 1), entry(2, 2), entry(2, 3)]);
    const refusals = [append(3, [5, 2], [entry(3, 4)]), append(3, [3, 3], [entry(3, 4)])];
    const replies = refusals.flatMap((message) => sent(server.hear(1, message), 'append-reply'));
    // Where to look next: behind the end, and at the start of the term that differs.
    assert.deepEqual(
      replies.map(({ isSuccess, index }) => [isSuccess, index]),
      [
        [false, 4],
        [false, 2],
      ],
    );
    assert.deepEqual(server.log, [1, 2, 2]);
  });

  it('replace those that differ with all after them, from the end on', () => {
    const server = new Server(3, [entry(1, 1), entry(2, 2), entry(2, 3)]);
    const effects = server.hear(1, append(4, [1, 1], [entry(4, 9)]));
    assert.deepEqual(
      effects.flatMap((effect) => (effect.kind === 'save' ? [effect.key] : [])),
      ['term', 'entry 3', 'entry 2', 'entry 2'],
    );
    assert.deepEqual(server.log, [1, 4]);
    server.hear(1, append(4, [0, 0], [entry(1, 1)]));
    assert.deepEqual(server.log, [1, 4], 'an old message takes nothing away');
  });

  it('are decided up to what the leader has committed and the message reaches', () => {
    const server = new Server();
    assert.deepEqual(decided(server.hear(1, append(1, [0, 0], [entry(1, 1), entry(1, 2)], 1))), [1]);
    assert.deepEqual(decided(server.hear(1, append(1, [2, 1], [], 9))), [2]);
    server.restart();
    assert.deepEqual(decided(server.hear(1, append(1, [1, 1], [], 9))), [1], 'not what it has not compared');
  });
});

describe('a leader', () => {
  it('is who has the votes of a majority, and begins with an entry of its term', () => {
    const server = new Server();
    assert.equal(sent(server.campaign([1]), 'append').length, 0);
    const effects = server.hear(2, { kind: 'vote', term: 1, isGranted: true });
    assert.deepEqual(
      effects.flatMap((effect) => (effect.kind === 'lead' ? [effect.term] : [])),
      [1],
    );
    assert.deepEqual(server.log, [1]);
    assert.equal(sent(effects, 'append').length, NODES - 1);
  });

  it('does not count copies of an entry of an earlier term (section 5.4.2, figure 8)', () => {
    const server = new Server(2, [entry(1, 1), entry(2, 2)]);
    server.campaign([1, 2]);
    const has = (from: number, index: number) =>
      server.hear(from, { kind: 'append-reply', term: 3, isSuccess: true, index, isHeartbeat: false });
    assert.deepEqual(decided([...has(1, 2), ...has(2, 2), ...has(3, 2), ...has(4, 2)]), []);
    assert.deepEqual(decided([...has(1, 3), ...has(2, 3)]), [1, 2, 3]);
  });

  it('steps back for a later term, and forgets its vote', () => {
    const server = new Server();
    server.campaign([1, 2]);
    server.hear(3, { kind: 'vote', term: 7, isGranted: false });
    assert.deepEqual(server.disk.get('term'), { kind: 'term', term: 7, votedFor: undefined });
    const [answer] = sent(server.hear(NODES, { kind: 'request', request: request(1) }), 'answer');
    assert.deepEqual(answer, { kind: 'answer', number: undefined, leader: undefined });
  });

  it('executes a request once, however often it is sent (section 8)', () => {
    const server = new Server();
    server.campaign([1, 2]);
    server.hear(NODES, { kind: 'request', request: request(1) });
    assert.deepEqual(server.hear(NODES, { kind: 'request', request: request(1) }).length, 1, 'only waits on');
    assert.deepEqual(server.log, [1, 1]);
    const has = (from: number) =>
      server.hear(from, { kind: 'append-reply', term: 1, isSuccess: true, index: 2, isHeartbeat: false });
    assert.equal(sent([...has(1), ...has(2)], 'answer')[0]?.number, 1);
    assert.equal(sent(server.hear(NODES, { kind: 'request', request: request(1) }), 'answer')[0]?.number, 1);
    assert.deepEqual(server.log, [1, 1]);
  });
});
