import fc from 'fast-check';
import { amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { AUTHORITY, TestNode } from '../node/test-node.testing.ts';
import type { Network, NetworkEvent, PeerId } from '../ports/network.ts';
import { transactionAt } from '../primitives/flat-block.ts';
import { headerId } from '../primitives/header.ts';
import { devSpec } from '../spec/presets.ts';
import { FEATURES } from './features.ts';
import { arbitraryMessage } from './messages/arbitrary.testing.ts';
import type { HelloMessage } from './messages/control.ts';
import { encodeMessage, type Message } from './messages/message.ts';

const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: [{ address: testKey(1).address, amount: amount(1_000_000_000) }],
});

/** Blocks of the chain that the strangers know and the node does not have to begin with. */
const BLOCKS = 12;

const PEERS = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'] as const;

/** What a node may do about one event: more would let a stranger multiply its traffic. */
const SENDS_PER_EVENT_MAX = 2_000;

/**
 * Strangers who say anything at any time, much of it true: blocks of a real chain in any order, answers nobody asked
 * for, frames that are damaged. The node never breaks, answers a bounded number of times, and stays alive.
 */
export const fuzz: FuzzTarget = {
  name: 'p2p',
  run(random, iterations) {
    const source = new TestNode({ spec });
    assert(source.ask({ kind: 'mine', blocks: BLOCKS }).ok, 'the chain of the strangers');
    const stage = new Stage(random, source);
    for (let i = 0; i < iterations; i++) stage.act();
    assert(stage.node.node.life === 'ready' || stage.node.node.life === 'boot', 'the node is alive');
  },
};

/** One node among strangers. */
class Stage {
  readonly node: TestNode;
  readonly #random: SeededRandom;
  readonly #source: TestNode;
  readonly #connected = new Set<PeerId>();
  /** What the node asked for last: an answer that fits goes deeper than a random one. */
  readonly #asked: { readonly peer: PeerId; readonly message: Message }[] = [];
  readonly #dials: string[] = [];
  readonly #closed: PeerId[] = [];
  #sends = 0;

  constructor(random: SeededRandom, source: TestNode) {
    this.#random = random;
    this.#source = source;
    const network: Network = {
      dial: (address) => void this.#dials.push(address),
      send: (peer, message) => {
        this.#sends += 1;
        encodeMessage(message);
        this.#asked.push({ peer, message });
        if (this.#asked.length > 32) this.#asked.shift();
      },
      close: (peer) => void this.#closed.push(peer),
    };
    const p2p = { seed: random.bytes(32), agent: 'fuzz' };
    this.node = new TestNode({ spec, production: { kind: 'off' }, p2p, network, nowMs: source.nowMs });
  }

  act(): void {
    const random = this.#random;
    this.#sends = 0;
    const closed = this.#closed.shift();
    if (closed !== undefined && this.#connected.delete(closed))
      this.#tell({ kind: 'disconnected', peer: closed });
    const dialled = this.#dials.shift();
    if (dialled !== undefined) this.#tell({ kind: 'dial-failed', address: dialled });
    const peer = random.pick(PEERS);
    if (!this.#connected.has(peer)) this.#connect(peer);
    else if (random.oneIn(40)) this.#disconnect(peer);
    else if (random.oneIn(12)) this.node.advance(random.pick([1, 10, 100, 1_000, 30_000]));
    else if (random.oneIn(30)) this.#tell({ kind: 'discovered', address: `x${random.below(1_000)}` });
    else this.#say(peer, random.oneIn(2) ? this.#answer(peer) : this.#anything());
    assert(this.#sends <= SENDS_PER_EVENT_MAX, `${this.#sends} messages about one event`);
    assert(!this.node.runner.isBroken, 'the node is whole');
  }

  #tell(event: NetworkEvent): void {
    this.node.runner.dispatch({ type: 'network', event });
  }

  #connect(peer: PeerId): void {
    this.#connected.add(peer);
    const direction = this.#random.oneIn(2) ? 'inbound' : 'outbound';
    this.#tell({ kind: 'connected', peer, address: peer, direction });
    if (!this.#random.oneIn(10)) this.#say(peer, this.#hello());
  }

  #disconnect(peer: PeerId): void {
    this.#connected.delete(peer);
    this.#tell({ kind: 'disconnected', peer });
  }

  #say(peer: PeerId, message: Message): void {
    if (this.#random.oneIn(3)) return this.#tell({ kind: 'message', peer, message });
    const bytes = encodeMessage(message);
    if (this.#random.oneIn(30)) bytes[this.#random.below(bytes.length)] = this.#random.below(256);
    this.#tell({ kind: 'frame', peer, bytes });
  }

  #hello(): HelloMessage {
    const { chain } = this.#source.node;
    const { id, height, weight } = chain.head;
    return {
      kind: 'hello',
      protocol: 1,
      chainId: chain.chainId,
      features: FEATURES.blocks | FEATURES.transactions | FEATURES.compactBlocks,
      nonce: this.#random.bytes(8),
      head: { id, height, weight: this.#random.oneIn(4) ? weight * 1_000n : weight },
      finalHeight: chain.final.height,
      timeMs: this.node.nowMs,
      agent: 'stranger',
      listen: this.#random.oneIn(3) ? ['p0', `y${this.#random.below(100)}`] : [],
    };
  }

  #anything(): Message {
    const [message] = fc.sample(arbitraryMessage, { seed: this.#random.u32() | 0, numRuns: 1 });
    assert(message !== undefined, 'one sample was asked for');
    return message;
  }

  /** Something true, mostly about what the node asked this peer for. */
  #answer(peer: PeerId): Message {
    const asked = this.#asked.findLast((one) => one.peer === peer)?.message;
    const header = this.#header();
    switch (asked?.kind) {
      case 'ping':
        return { kind: 'pong', nonce: asked.nonce };
      case 'headers-request': {
        const from = this.#random.below(BLOCKS);
        const headers = Array.from({ length: BLOCKS - from }, (_, i) => this.#headerAt(from + i + 1));
        return { kind: 'headers', request: asked.request, headers };
      }
      case 'bodies-request': {
        const id = this.#random.pick(asked.ids);
        const block = this.#source.node.chain.block(id);
        if (!block.ok) return { kind: 'bodies-missing', request: asked.request, ids: asked.ids };
        return { kind: 'body', request: asked.request, id, bytes: block.value.bytes };
      }
      default:
        return this.#random.oneIn(2) ? { kind: 'header-announce', header } : this.#compact(headerId(header));
    }
  }

  #header() {
    return this.#headerAt(1 + this.#random.below(BLOCKS));
  }

  #headerAt(height: number) {
    const { chain } = this.#source.node;
    const header = chain.header(chain.idAt(height) as Uint8Array);
    assert(header.ok, 'a block of the chain');
    return header.value;
  }

  #compact(id: Uint8Array): Message {
    const block = this.#source.node.chain.block(id);
    assert(block.ok, 'a block of the chain');
    const reward = transactionAt(block.value, 0).bytes;
    const { header } = block.value;
    return {
      kind: 'compact-block',
      header,
      prefilled: [{ index: 0, bytes: reward }],
      shortIds: new Uint8Array(0),
    };
  }
}
