import { assert } from '../../base/assert.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import { encodeMessage, type Message } from '../messages/message.ts';
import { VOTES_KEPT, VOTES_WANTED_MAX } from './limits.ts';
import { voteId } from './vote-id.ts';
import { VoteSpread } from './vote-spread.ts';

const PEERS = 6;

/** Votes there are; few, so that they are met again. */
const VOTES = 200;

/** What one event may cause: a message to each peer, and answers to what one peer asked for. */
const SENDS_MAX = 600;

/**
 * Peers who announce, ask for and send votes, true and made up, in any order, and come and go, with an engine that
 * takes some of them and says some again. What is kept is bounded, every message can be sent, nothing is announced that
 * the engine did not take, and each vote that it takes reaches every peer by its name or whole.
 */
export const fuzz: FuzzTarget = {
  name: 'p2p/vote-spread',
  run(random, iterations) {
    const stage = new Stage(random);
    for (let i = 0; i < iterations; i++) stage.act();
  },
};

class Stage {
  readonly #random: SeededRandom;
  readonly #spread: VoteSpread;
  readonly #here = new Set<string>();
  /** Votes that each peer was told of or has shown, since it came. */
  readonly #told = new Map<string, Set<number>>();
  /** Votes that the engine took in this step. */
  #taken: { readonly vote: number; readonly from: string | undefined }[] = [];
  #sends = 0;
  #nowMs = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#spread = new VoteSpread({
      host: { send: (to, message) => this.#sent(to, message), wake: () => {} },
      voting: {
        engine: 1,
        message: (payload, from) => {
          // The engine does nothing before the step is over.
          if (!random.oneIn(3)) this.#taken.push({ vote: numberOf(payload), from });
        },
        voterOf: (payload) => ((payload[0] as number) % 2 === 0 ? (payload[0] as number) : undefined),
      },
    });
  }

  act(): void {
    const random = this.#random;
    const peer = `p${random.below(PEERS)}`;
    this.#sends = 0;
    this.#nowMs += random.pick([0, 1, 10, 60, 600, 40_000]);
    if (!this.#here.has(peer)) this.#join(peer);
    else if (random.oneIn(30)) this.#leave(peer);
    else this.#say(peer);
    for (const { vote, from } of this.#taken.splice(0)) {
      this.#spread.broadcast(
        payloadOf(vote),
        from !== undefined && this.#here.has(from) ? from : undefined,
        this.#nowMs,
      );
      this.#spread.tick(this.#nowMs + 1_000);
      for (const one of this.#here) {
        assert(one === from || this.#told.get(one)?.has(vote) === true, `${one} was not told of ${vote}`);
      }
    }
    const { votes, wanted } = this.#spread.counts;
    assert(votes <= VOTES_KEPT && wanted <= PEERS * VOTES_WANTED_MAX, `${votes} votes, ${wanted} wanted`);
    assert(this.#sends <= SENDS_MAX * PEERS, `${this.#sends} messages about one event`);
  }

  #say(peer: string): void {
    const random = this.#random;
    const nowMs = this.#nowMs;
    const votes = Array.from({ length: 1 + random.below(20) }, () => random.below(VOTES));
    const ids = random.oneIn(8)
      ? random.bytes(8 * votes.length)
      : Uint8Array.from(votes.flatMap((vote) => [...voteId(payloadOf(vote))]));
    switch (random.below(5)) {
      case 0:
        for (const vote of votes) this.#told.get(peer)?.add(vote);
        return this.#spread.announced(ids, peer, nowMs);
      case 1:
        return this.#spread.asked(ids, peer, nowMs);
      case 2:
        this.#taken.push({ vote: votes[0] as number, from: undefined });
        return;
      case 3:
        return this.#spread.tick(nowMs);
      default:
        for (const vote of votes) {
          this.#told.get(peer)?.add(vote);
          this.#spread.take(payloadOf(vote), peer, nowMs);
        }
    }
  }

  #join(peer: string): void {
    this.#here.add(peer);
    this.#told.set(peer, new Set());
    this.#spread.join(peer);
  }

  #leave(peer: string): void {
    this.#here.delete(peer);
    this.#told.delete(peer);
    this.#spread.leave(peer);
  }

  #sent(to: string, message: Message): void {
    this.#sends += 1;
    assert(this.#here.has(to), 'nobody is told who is gone');
    encodeMessage(message);
    const told = this.#told.get(to);
    if (message.kind === 'consensus') told?.add(numberOf(message.payload));
    if (message.kind !== 'vote-announce') return;
    for (let at = 0; at < message.ids.length; at += 8) {
      const vote = NUMBERS.get(message.ids.subarray(at, at + 8).join());
      assert(vote !== undefined, 'only what the engine took is announced');
      told?.add(vote);
    }
  }
}

function payloadOf(vote: number): Uint8Array {
  return Uint8Array.of(vote % 7, vote);
}

function numberOf(payload: Uint8Array): number {
  return payload[1] as number;
}

const NUMBERS = new Map(Array.from({ length: VOTES }, (_, vote) => [voteId(payloadOf(vote)).join(), vote]));
