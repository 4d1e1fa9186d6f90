import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import type { Message } from '../messages/message.ts';
import {
  ANNOUNCE_DELAY_MS,
  FOLLOWED_VOTES,
  HESITATE_MS,
  LOOK_FOR_LATE_MS,
  VOTE_AGAIN_MS,
  VOTE_WAIT_MS,
  VOTES_GIVEN_BURST,
  VOTES_KEPT,
  VOTES_KEPT_BYTES,
  VOTES_KEPT_MS,
  VOTES_WANTED_LATE_MAX,
  VOTES_WANTED_MAX,
} from './limits.ts';
import { voteId } from './vote-id.ts';
import { VoteSpread } from './vote-spread.ts';

/** The vote number `n` of a validator: three bytes; a certificate has four. */
const vote = (voter: number, n: number) => Uint8Array.of(voter, n >>> 8, n & 0xff);
const certificate = (n: number) => Uint8Array.of(1, 2, n >>> 8, n & 0xff);

const idsOf = (...payloads: readonly Uint8Array[]) =>
  Uint8Array.from(payloads.flatMap((payload) => [...voteId(payload)]));

interface Sent {
  readonly to: string;
  readonly message: Message;
}

/** One node with peers n0, n1, …; what its engine hears is passed on when the test says so. */
function setUp(peers: number) {
  const sent: Sent[] = [];
  const heard: { readonly from: string; readonly payload: Uint8Array }[] = [];
  const wakes: number[] = [];
  const spread = new VoteSpread({
    host: { send: (to, message) => void sent.push({ to, message }), wake: (atMs) => void wakes.push(atMs) },
    voting: {
      engine: 2,
      message: (payload, from) => void heard.push({ payload, from }),
      voterOf: (payload) => (payload.length === 3 ? payload[0] : undefined),
    },
  });
  for (let i = 0; i < peers; i++) spread.join(`n${i}`);
  const takes = (): readonly Sent[] => sent.splice(0);
  return { spread, heard, wakes, takes };
}

const announce = (...payloads: readonly Uint8Array[]) =>
  ({ kind: 'vote-announce', ids: idsOf(...payloads) }) as const;
const request = (...payloads: readonly Uint8Array[]) =>
  ({ kind: 'vote-request', ids: idsOf(...payloads) }) as const;
const carry = (payload: Uint8Array) => ({ kind: 'consensus', engine: 2, payload }) as const;

describe('spreading votes', () => {
  it('sends own votes to all, and announces certificates and those of others to who has not shown to have them', () => {
    const { spread, takes, wakes } = setUp(4);
    spread.broadcast(vote(7, 1), undefined, 0);
    assert.deepEqual(
      takes(),
      ['n0', 'n1', 'n2', 'n3'].map((to) => ({ to, message: carry(vote(7, 1)) })),
    );
    spread.broadcast(vote(8, 1), 'n1', 10);
    spread.broadcast(certificate(1), undefined, 20);
    spread.announced(idsOf(vote(8, 1)), 'n2', 30);
    assert.deepEqual(takes(), []);
    assert.deepEqual(wakes, [10 + ANNOUNCE_DELAY_MS]);
    spread.tick(10 + ANNOUNCE_DELAY_MS);
    assert.deepEqual(takes(), [
      { to: 'n0', message: announce(vote(8, 1), certificate(1)) },
      { to: 'n1', message: announce(certificate(1)) },
      { to: 'n2', message: announce(certificate(1)) },
      { to: 'n3', message: announce(vote(8, 1), certificate(1)) },
    ]);
  });

  it('hands the engine what is new, and what a peer says twice, for it may be behind', () => {
    const { spread, heard } = setUp(3);
    spread.take(vote(1, 1), 'n0', 0);
    spread.broadcast(vote(1, 1), 'n0', 0);
    spread.take(vote(1, 1), 'n1', 5);
    assert.equal(heard.length, 1, 'the engine has it from n0');
    spread.announced(idsOf(vote(1, 1)), 'n2', 6);
    assert.equal(heard.length, 1);
    spread.announced(idsOf(certificate(3), vote(1, 1), vote(1, 1)), 'n2', 7);
    assert.deepEqual(heard.at(-1), { payload: vote(1, 1), from: 'n2' });
    assert.equal(heard.length, 2, 'one of a message');
    spread.take(vote(1, 1), 'n0', 8);
    assert.deepEqual(heard.at(-1), { payload: vote(1, 1), from: 'n0' });
  });

  it('asks one who announced what is missing, then the next', () => {
    const { spread, takes, wakes } = setUp(4);
    spread.announced(idsOf(vote(1, 1), vote(2, 1)), 'n0', 0);
    spread.announced(idsOf(vote(1, 1)), 'n1', 1);
    spread.announced(idsOf(vote(2, 1)), 'n2', 1);
    assert.deepEqual(takes(), [{ to: 'n0', message: request(vote(1, 1), vote(2, 1)) }]);
    spread.take(vote(1, 1), 'n3', 50);
    assert.equal(wakes[0], LOOK_FOR_LATE_MS);
    spread.tick(VOTE_WAIT_MS - 1);
    assert.deepEqual(takes(), []);
    spread.tick(VOTE_WAIT_MS + LOOK_FOR_LATE_MS);
    assert.deepEqual(takes(), [{ to: 'n2', message: request(vote(2, 1)) }]);
    assert.equal(spread.counts.wanted, 1);
    spread.leave('n2');
    spread.tick(3 * VOTE_WAIT_MS);
    assert.deepEqual([takes(), spread.counts.wanted], [[], 0], 'nobody has it');
    // n0 has left a request unanswered: somebody else may announce before it is asked.
    spread.announced(idsOf(vote(3, 1), vote(4, 1)), 'n0', 2_000);
    spread.announced(idsOf(vote(3, 1)), 'n1', 2_010);
    assert.deepEqual(takes(), [{ to: 'n1', message: request(vote(3, 1)) }]);
    spread.tick(2_000 + HESITATE_MS);
    assert.deepEqual(takes(), [{ to: 'n0', message: request(vote(4, 1)) }]);
    spread.take(vote(4, 1), 'n0', 2_150);
    spread.announced(idsOf(vote(5, 1)), 'n0', 2_200);
    assert.equal(takes().length, 1, 'it has answered');
  });

  it('does not ask again at once for what the engine did not pass on', () => {
    const { spread, takes } = setUp(2);
    spread.take(vote(1, 1), 'n0', 1_000);
    spread.announced(idsOf(vote(1, 1)), 'n1', 1_100);
    assert.deepEqual(takes(), []);
    spread.announced(idsOf(vote(1, 1)), 'n1', 1_000 + VOTE_AGAIN_MS);
    assert.deepEqual(takes(), [{ to: 'n1', message: request(vote(1, 1)) }]);
  });

  it('gives what it is asked for, if it has it, and as much as a peer may be given', () => {
    const { spread, takes } = setUp(3);
    spread.broadcast(certificate(1), undefined, 0);
    spread.asked(idsOf(certificate(1), certificate(2)), 'n1', 1);
    assert.deepEqual(takes(), [{ to: 'n1', message: carry(certificate(1)) }]);
    const large = new Uint8Array(64 * 1024);
    spread.broadcast(large, undefined, 2);
    const names = idsOf(...Array.from({ length: 100 }, () => large));
    spread.asked(names, 'n1', 3);
    assert.ok(takes().length <= VOTES_GIVEN_BURST / large.length + 1);
    spread.asked(names.subarray(0, 8), 'n2', 3);
    assert.equal(takes().length, 1);
  });

  it('sends a peer the votes of a validator at once that it had to ask for twice in a row, for a while', () => {
    const { spread, takes } = setUp(2);
    let nowMs = 0;
    /** The next vote of validator 5 comes from n0: how n1 gets it. */
    const next = (n: number): string => {
      nowMs += 1_000;
      spread.broadcast(vote(5, n), 'n0', nowMs);
      const [pushed] = takes();
      if (pushed !== undefined) return `${pushed.to} ${pushed.message.kind}`;
      spread.tick(nowMs + ANNOUNCE_DELAY_MS);
      spread.asked(idsOf(vote(5, n)), 'n1', nowMs + 100);
      return takes()
        .map(({ message }) => message.kind)
        .join(', ');
    };
    assert.equal(next(0), 'vote-announce, consensus');
    assert.equal(next(1), 'vote-announce, consensus');
    for (let n = 2; n < 2 + FOLLOWED_VOTES; n++) assert.equal(next(n), 'n1 consensus', `${n}`);
    // One is asked for, and it goes on.
    assert.equal(next(100), 'vote-announce, consensus');
    assert.equal(next(101), 'n1 consensus');
  });

  it('announces again what the engine says again, but not to who has shown to have it', () => {
    const { spread, takes } = setUp(3);
    spread.broadcast(vote(7, 1), undefined, 0);
    takes();
    spread.announced(idsOf(vote(7, 1)), 'n1', 10);
    spread.broadcast(vote(7, 1), undefined, 1_000);
    spread.tick(2_000);
    assert.deepEqual(takes(), [
      { to: 'n0', message: announce(vote(7, 1)) },
      { to: 'n2', message: announce(vote(7, 1)) },
    ]);
    spread.leave('n1');
    spread.join('n1');
    spread.broadcast(vote(7, 1), undefined, 3_000);
    spread.tick(4_000);
    assert.equal(takes().length, 3, 'who comes again may have lost it');
  });

  it('reaches everybody over any network, each node about once, and mends what is lost', () => {
    const random = seededRandom(5);
    const NODES = 20;
    const links = Array.from({ length: NODES }, (_, i) => [(i + 1) % NODES, (i + 3) % NODES]);
    const isLinked = (a: number, b: number) =>
      links[a]?.includes(b) === true || links[b]?.includes(a) === true;
    const arrivals: { readonly atMs: number; readonly from: number; readonly sent: Sent }[] = [];
    let [nowMs, carried] = [0, 0];
    const held = Array.from({ length: NODES }, () => new Set<string>());
    const nodes = held.map((mine, self) => {
      const spread: VoteSpread = new VoteSpread({
        host: {
          wake: () => {},
          send: (to, message) => {
            if (message.kind === 'consensus') carried += 1;
            if (!random.oneIn(20))
              arrivals.push({ atMs: nowMs + 20 + random.below(60), from: self, sent: { to, message } });
          },
        },
        voting: {
          engine: 2,
          voterOf: (payload) => payload[0],
          message: (payload, from) => {
            if (mine.has(payload.join())) return;
            mine.add(payload.join());
            spread.broadcast(payload, from, nowMs);
          },
        },
      });
      for (let peer = 0; peer < NODES; peer++) if (isLinked(self, peer)) spread.join(`${peer}`);
      return spread;
    });
    const VOTES = 100;
    for (; nowMs < VOTES * 100 + 3_000; nowMs += 5) {
      if (nowMs % 100 === 0 && nowMs < VOTES * 100) {
        const voter = random.below(4);
        const payload = vote(voter, nowMs / 100);
        (held[voter] as Set<string>).add(payload.join());
        (nodes[voter] as VoteSpread).broadcast(payload, undefined, nowMs);
      }
      for (const node of nodes) node.tick(nowMs);
      for (const arrival of arrivals.splice(0)) {
        if (arrival.atMs > nowMs) arrivals.push(arrival);
        else deliver(arrival.sent, `${arrival.from}`);
      }
    }
    function deliver({ to, message }: Sent, from: string): void {
      const node = nodes[Number(to)] as VoteSpread;
      if (message.kind === 'consensus') node.take(message.payload, from, nowMs);
      if (message.kind === 'vote-announce') node.announced(message.ids, from, nowMs);
      if (message.kind === 'vote-request') node.asked(message.ids, from, nowMs);
    }
    assert.deepEqual(new Set(held.map(({ size }) => size)), new Set([VOTES]));
    // Over these 40 links a flood carries each vote 3.2 times for each node that lacks it.
    assert.ok(carried < 2 * VOTES * (NODES - 1), `${carried / VOTES / (NODES - 1)} times`);
  });

  it('keeps a bounded amount, whatever is announced, asked for and sent', () => {
    const { spread } = setUp(3);
    for (let n = 0; n < 3 * VOTES_KEPT; n++) spread.take(vote(n & 7, n), 'n0', 0);
    assert.equal(spread.counts.votes, VOTES_KEPT);
    for (let n = 0; n < 2_000; n++) spread.announced(idsOf(certificate(n)), 'n1', 0);
    assert.equal(spread.counts.wanted, VOTES_WANTED_MAX);
    spread.tick(VOTE_WAIT_MS + LOOK_FOR_LATE_MS);
    assert.equal(spread.counts.wanted, 0);
    for (let n = 0; n < 2_000; n++) spread.announced(idsOf(certificate(n)), 'n1', 1_000);
    assert.equal(spread.counts.wanted, VOTES_WANTED_LATE_MAX);
    for (let i = 0; i < 140; i++) {
      spread.broadcast(new Uint8Array(64 * 1024).fill(i), undefined, 2_000);
    }
    assert.ok(spread.counts.votes <= VOTES_KEPT_BYTES / (64 * 1024));
    spread.take(vote(1, 1), 'n0', 2_000 + VOTES_KEPT_MS);
    assert.equal(spread.counts.votes, 1, 'the rest is old');
    spread.leave('n9');
    spread.announced(idsOf(vote(9, 9)), 'n9', 3_000);
    assert.equal(spread.counts.peers, 3);
  });
});
