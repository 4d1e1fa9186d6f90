import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import { Chain } from '../chain/chain.ts';
import { Writer } from '../codec/writer.ts';
import { sealMessage } from '../consensus/seals/signed-seal.ts';
import { parseCertificate, parseVotingMessage } from '../consensus/votes-each/certificate.ts';
import { voteMessage } from '../consensus/votes-each/vote.ts';
import type { BlockDraft } from '../ledger/build-block.ts';
import type { Message } from '../p2p/messages/message.ts';
import type { TestNetwork } from '../p2p/test-network.testing.ts';
import { specHash } from '../spec/chain-spec.ts';
import type { TestNode } from './test-node.testing.ts';
import {
  authoritiesOf,
  FAST_ROUNDS,
  SlowDisk,
  validator,
  validatorNetwork,
  votingSpec,
  watchDisk,
} from './validators.testing.ts';

const spec = votingSpec({
  production: { kind: 'leader' },
  finality: FAST_ROUNDS,
  validators: authoritiesOf(4),
});

/** What validators were heard to say, and where two things exclude each other. */
class Witness {
  readonly contradictions: string[] = [];
  readonly #votes = new Map<string, string>();
  readonly #headers = new Map<string, string>();

  hear(message: Message): void {
    if (message.kind === 'compact-block') {
      const { producer, height, seal, txRoot } = message.header;
      const turn = `${toHex(producer)} ${height} ${toHex(seal.subarray(0, 4))}`;
      this.#note(this.#headers, turn, `${toHex(txRoot)} ${toHex(seal)}`);
    }
    if (message.kind !== 'consensus') return;
    const parsed = parseVotingMessage(message.payload);
    assert.ok(parsed.ok, 'nobody lies here');
    if (parsed.value.kind !== 'vote') return;
    const { vote } = parsed.value;
    const said = toHex(voteMessage(new Uint8Array(32), vote));
    this.#note(this.#votes, `${vote.member} ${vote.height} ${vote.round} ${vote.kind}`, said);
  }

  get count(): number {
    return this.#votes.size;
  }

  get headers(): number {
    return this.#headers.size;
  }

  #note(said: Map<string, string>, occasion: string, what: string): void {
    const before = said.get(occasion) ?? what;
    said.set(occasion, before);
    if (before !== what) this.contradictions.push(occasion);
  }
}

/** Four validators on slow disks, whose power is cut now and then until the end of the bad times. */
class BadTimes {
  readonly witness = new Witness();
  readonly broken: string[] = [];
  readonly net: TestNetwork;
  readonly #random: SeededRandom;
  readonly #disks = [0, 1, 2, 3].map(() => new SlowDisk());
  readonly #off = new Map<number, number>();
  readonly #headers: ReadonlySet<string>;
  cuts = 0;

  constructor(seed: number, headers: ReadonlySet<string>) {
    this.#headers = headers;
    this.#random = seededRandom(seed);
    this.net = validatorNetwork(spec, {
      validators: 4,
      node: (index) => ({ store: (this.#disks[index] as SlowDisk).store }),
      wire: (delivery, message) => {
        this.witness.hear(message);
        return this.#random.oneIn(20) ? [] : [{ ...delivery, delayMs: 1 + this.#random.below(30) }];
      },
    });
    for (const [index, node] of this.net.nodes.entries()) this.#watch(index, node);
    for (const disk of this.#disks) disk.flush();
  }

  run(forMs: number, cutOneIn: number): void {
    const endMs = this.net.nowMs + forMs;
    while (this.net.nowMs < endMs) {
      this.net.run(5);
      for (const [index, disk] of this.#disks.entries()) {
        if (this.#off.has(index)) this.#maybeStart(index);
        else if (this.#random.below(cutOneIn) === 0) this.#cut(index);
        else if (!this.#random.oneIn(3)) disk.flush(1 + this.#random.below(4));
      }
    }
  }

  #watch(index: number, node: TestNode): void {
    watchDisk(node, this.#disks[index] as SlowDisk, {
      isHeader: (message) => this.#headers.has(toHex(message)),
      broken: (what) => this.broken.push(what),
    });
  }

  #cut(index: number): void {
    this.cuts += 1;
    this.net.kill(index);
    this.#off.set(index, this.net.nowMs + this.#random.below(1_500));
  }

  #maybeStart(index: number): void {
    if ((this.#off.get(index) ?? 0) > this.net.nowMs) return;
    this.#off.delete(index);
    const store = (this.#disks[index] as SlowDisk).crash();
    const node = this.net.restart(index, { ...validator(index), store });
    this.#watch(index, node);
    for (const other of [0, 1, 2, 3]) if (other !== index) this.net.connect(index, other);
  }
}

/** The messages that seal the headers which are drafted from now on, in any early round. */
function noteHeaders(mock: TestContext['mock']): ReadonlySet<string> {
  const headers = new Set<string>();
  const remember = Chain.prototype.rememberDraft;
  mock.method(Chain.prototype, 'rememberDraft', function (this: Chain, draft: BlockDraft) {
    for (let round = 0; round < 64; round++) {
      const claim = new Writer(4).u32(round).finish();
      headers.add(toHex(sealMessage(specHash(spec), draft.header, claim)));
    }
    remember.call(this, draft);
  });
  return headers;
}

describe('what a validator must not forget', () => {
  it('is on disk before anything is signed or said, and no power cut makes it contradict itself', ({
    mock,
  }) => {
    const headers = noteHeaders(mock);
    let [cuts, votes] = [0, 0];
    for (let seed = 1; seed <= 3; seed++) {
      const times = new BadTimes(seed, headers);
      times.run(12_000, 300);
      const before = Math.max(...times.net.nodes.map(({ node }) => node.chain.final.height));
      times.run(15_000, Number.MAX_SAFE_INTEGER);
      assert.deepEqual(times.broken, [], `seed ${seed}`);
      assert.deepEqual(times.witness.contradictions, [], `seed ${seed}`);
      const { nodes } = times.net;
      const height = Math.min(...nodes.map(({ node }) => node.chain.final.height));
      assert.ok(height > before, `seed ${seed}: on from ${before}, not ${height}`);
      const ids = nodes.map(({ node }) => toHex(node.chain.idAt(height) as Uint8Array));
      assert.equal(new Set(ids).size, 1);
      cuts += times.cuts;
      votes += times.witness.count;
    }
    assert.ok(cuts > 30 && votes > 300, `${cuts} cuts, ${votes} votes`);
  });

  it('costs a turn that a power cut has ended, and makes no second block for it', () => {
    const witness = new Witness();
    const disks = [0, 1, 2, 3].map(() => new SlowDisk());
    const made: string[] = [];
    const net = validatorNetwork(spec, {
      validators: 4,
      node: (index) => ({ store: (disks[index] as SlowDisk).store }),
      wire: (delivery, message) => {
        witness.hear(message);
        // Votes are lost, so that all of them stay in the first height.
        if (message.kind === 'consensus') return [];
        if (message.kind === 'compact-block' && !made.includes(delivery.from)) made.push(delivery.from);
        return [delivery];
      },
    });
    const run = (steps: number, until: () => boolean) => {
      for (let i = 0; i < steps && !until(); i++) {
        net.run(5);
        for (const disk of disks) disk.flush(1);
      }
    };
    run(2_000, () => made.length > 0);
    const leader = Number(made[0]?.slice(1));
    net.kill(leader);
    const store = (disks[leader] as SlowDisk).crash();
    const restarted = net.restart(leader, { ...validator(leader), store });
    for (const other of [0, 1, 2, 3]) if (other !== leader) net.connect(leader, other);
    run(400, () => false);
    assert.equal(restarted.node.chain.head.height, 1, 'its block had reached the disk');
    assert.ok(witness.headers >= 1);
    assert.deepEqual(witness.contradictions, []);
  });

  it('costs a round too where the block was lost with the power, and the others go on', () => {
    const witness = new Witness();
    const disks = [0, 1, 2, 3].map(() => new SlowDisk());
    const net = validatorNetwork(spec, {
      validators: 4,
      node: (index) => ({ store: (disks[index] as SlowDisk).store }),
      wire: (delivery, message) => {
        witness.hear(message);
        return [delivery];
      },
    });
    const { sealed } = net.node(0).node.chain.layout;
    const leaderOf = () => disks.findIndex((disk) => disk.durable(sealed) !== undefined);
    for (let i = 0; i < 4_000 && leaderOf() < 0; i++) {
      net.run(5);
      // One write at a time: the record of the turn comes before the block.
      for (const disk of disks) if (leaderOf() < 0) disk.flush(1);
    }
    const leader = leaderOf();
    assert.ok(leader >= 0 && witness.headers === 0, 'it may sign, and has said nothing');
    net.kill(leader);
    const store = (disks[leader] as SlowDisk).crash();
    const restarted = net.restart(leader, { ...validator(leader), store });
    for (const other of [0, 1, 2, 3]) if (other !== leader) net.connect(leader, other);
    for (let i = 0; i < 2_000 && restarted.node.chain.final.height < 3; i++) {
      net.run(5);
      for (const disk of disks) disk.flush();
    }
    assert.ok(restarted.node.chain.final.height >= 3);
    const first = parseCertificate(restarted.node.chain.certificate(1) ?? new Uint8Array(0));
    assert.ok(first.ok && first.value.round === 1, 'the round of the lost block, and no more');
    assert.deepEqual(witness.contradictions, []);
  });
});
