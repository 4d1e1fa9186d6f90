import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { Random } from '../base/random.ts';
import { type SignatureCheck, verifySignature } from '../crypto/signature.ts';
import type { ProductionConfig } from '../node/config.ts';
import { AUTHORITY, TestNode, type TestNodeOptions } from '../node/test-node.testing.ts';
import type { Network, NetworkEvent, PeerId } from '../ports/network.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { encodeMessage, type Message, parseMessage } from './messages/message.ts';

/** A frame on its way. */
export interface Delivery {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly bytes: Uint8Array;
  /** Time from sending to arrival. */
  readonly delayMs: number;
}

/** What becomes of a frame: any number of frames, none for a lost one. */
export type Wire = (delivery: Delivery, message: Message) => readonly Delivery[];

/** What a test network is made of; everything may be left out but the spec. */
export interface TestNetworkOptions {
  readonly spec: ChainSpec;
  /** How many nodes; three when left out. They are named n0, n1, … and dial each other by these names. */
  readonly nodes?: number;
  /** Gives messages by reference, as a simulator does, and not as frames. */
  readonly byReference?: boolean;
  /** From one node to another, each way; 5 ms when left out. */
  readonly delayMs?: number;
  /** Bends what is sent; nothing is changed when left out. */
  readonly wire?: Wire;
  /** What makes the node with this number another one than the others. */
  readonly node?: (index: number) => Partial<TestNodeOptions>;
}

/** Makes a block whenever the pool has something, as test key 0. */
const PRODUCER: ProductionConfig = {
  kind: 'on-transaction',
  intervalMs: 0,
  publicKey: AUTHORITY.publicKey,
  payTo: AUTHORITY.address,
};

/** The step in which time passes. */
const STEP_MS = 5;

interface Arrival {
  readonly atMs: number;
  readonly deliver: () => void;
}

/**
 * Nodes in one process, joined by connections that keep the order of what they carry unless the test bends it. Time
 * stands still until {@link run}. Node 0 makes blocks; the others only follow. The same options give the same run.
 */
export class TestNetwork {
  readonly nodes: TestNode[] = [];
  /** Frames and bytes that were sent, by kind of message. */
  readonly sent = new Map<Message['kind'], { frames: number; bytes: number }>();
  wire: Wire;
  nowMs: number;
  readonly #options: TestNetworkOptions;
  readonly #arrivals: Arrival[] = [];
  /** `a>b` for each direction of each connection; the value counts the connections of the pair. */
  readonly #connections = new Map<string, number>();
  readonly #seals = new Map<string, boolean>();
  /** Nodes without power. */
  readonly #off = new Set<number>();
  #dials = 0;

  constructor(options: TestNetworkOptions) {
    this.#options = options;
    this.nowMs = options.spec.genesisTimeMs + 1_000;
    this.wire = options.wire ?? ((delivery) => [delivery]);
    for (let i = 0; i < (options.nodes ?? 3); i++) this.addNode();
  }

  /** Starts one more node; it is connected to nobody. */
  addNode(more: Partial<TestNodeOptions> = {}): TestNode {
    const node = this.#createNode(this.nodes.length, more);
    this.nodes.push(node);
    return node;
  }

  /** Cuts a node's power and starts it again with what was on its disk; the others find their connections closed. */
  restart(index: number, more: Partial<TestNodeOptions> = {}): TestNode {
    this.#cut(index);
    this.#off.delete(index);
    const node = this.#createNode(index, { store: this.node(index).store.crash(), ...more });
    this.nodes[index] = node;
    return node;
  }

  /** Cuts a node's power until it is started again by {@link restart}. */
  kill(index: number): void {
    this.#cut(index);
    this.#off.add(index);
  }

  node(index: number): TestNode {
    const node = this.nodes[index];
    assert(node !== undefined, `no node ${index}`);
    return node;
  }

  /** Lets node `from` dial node `to`. */
  connect(from: number, to: number): void {
    this.#dial(from, `n${to}`);
  }

  /** Connects every pair. */
  connectAll(): void {
    for (let to = 0; to < this.nodes.length; to++)
      for (let from = to + 1; from < this.nodes.length; from++) this.connect(from, to);
  }

  /** Connects each node to the one before. */
  connectLine(): void {
    for (let from = 1; from < this.nodes.length; from++) this.connect(from, from - 1);
  }

  /** Breaks a connection as a cable does. */
  disconnect(a: number, b: number): void {
    this.#close(a, `n${b}`);
  }

  isConnected(a: number, b: number): boolean {
    return this.#connections.has(`n${a}>n${b}`);
  }

  /** Gives a node an event of its network, whatever the network itself knows of it. */
  tell(index: number, event: NetworkEvent): void {
    this.node(index).runner.dispatch({ type: 'network', event });
  }

  /** Puts a message on the wire from one node to another as if the node itself had sent it. */
  send(from: number, to: number, message: Message): void {
    this.#send(from, `n${to}`, message);
  }

  /** Lets time pass for all nodes. */
  run(forMs: number): void {
    const endMs = this.nowMs + forMs;
    while (this.nowMs < endMs) {
      this.nowMs = Math.min(this.nowMs + STEP_MS, endMs);
      // A question that was answered may have moved a node's clock ahead of the others.
      for (const [index, node] of this.nodes.entries())
        if (!this.#off.has(index)) node.advance(Math.max(0, this.nowMs - node.nowMs));
      this.#deliver();
    }
  }

  /** Lets time pass until a condition holds, at most so long; true when it does. */
  runUntil(condition: () => boolean, withinMs = 60_000): boolean {
    const endMs = this.nowMs + withinMs;
    while (!condition() && this.nowMs < endMs) this.run(STEP_MS);
    return condition();
  }

  #cut(index: number): void {
    const name = `n${index}`;
    for (const other of this.nodes.keys()) {
      if (!this.#connections.delete(`${name}>n${other}`)) continue;
      this.#connections.delete(`n${other}>${name}`);
      this.tell(other, { kind: 'disconnected', peer: name });
    }
  }

  #createNode(index: number, more: Partial<TestNodeOptions>): TestNode {
    return new TestNode({
      verifySeal: (check) => this.#verifySeal(check),
      spec: this.#options.spec,
      nowMs: this.nowMs,
      production: index === 0 ? PRODUCER : { kind: 'off' },
      p2p: { seed: new Random(new Uint8Array(32).fill(index + 1)).bytes(32), agent: `test/${index}` },
      network: this.#port(index),
      ...this.#options.node?.(index),
      ...more,
    });
  }

  /** Every node checks the same seals, so one verdict serves all. */
  #verifySeal(check: SignatureCheck): boolean {
    const key = [check.publicKey, check.message, check.signature].map(toHex).join();
    const known = this.#seals.get(key) ?? verifySignature(check);
    this.#seals.set(key, known);
    return known;
  }

  #port(index: number): Network {
    return {
      dial: (address) => this.#dial(index, address),
      send: (peer, message) => this.#send(index, peer, message),
      close: (peer) => this.#close(index, peer),
    };
  }

  get #delayMs(): number {
    return this.#options.delayMs ?? 5;
  }

  #dial(from: number, address: string): void {
    const to = this.nodes.findIndex((_, index) => `n${index}` === address);
    const own = `n${from}`;
    this.#dials += 1;
    const generation = this.#dials;
    this.#later(this.#delayMs, () => {
      if (this.#off.has(from)) return;
      const isFree = to >= 0 && to !== from && !this.#connections.has(`${own}>${address}`);
      const isPossible = isFree && !this.#off.has(to);
      if (!isPossible || this.node(to).death !== undefined)
        return this.tell(from, { kind: 'dial-failed', address });
      this.#connections.set(`${own}>${address}`, generation);
      this.#connections.set(`${address}>${own}`, generation);
      this.tell(from, { kind: 'connected', peer: address, address, direction: 'outbound' });
      this.tell(to, { kind: 'connected', peer: own, address: own, direction: 'inbound' });
    });
  }

  #send(from: number, to: PeerId, message: Message): void {
    const own = `n${from}`;
    if (!this.#connections.has(`${own}>${to}`)) return;
    const bytes = encodeMessage(message);
    const sum = this.sent.get(message.kind) ?? { frames: 0, bytes: 0 };
    this.sent.set(message.kind, { frames: sum.frames + 1, bytes: sum.bytes + bytes.length });
    const frames = this.wire({ from: own, to, bytes, delayMs: this.#delayMs }, message);
    for (const frame of frames) this.#carry(frame);
  }

  #carry({ from, to, bytes, delayMs }: Delivery): void {
    const generation = this.#connections.get(`${from}>${to}`);
    this.#later(delayMs, () => {
      if (this.#connections.get(`${from}>${to}`) !== generation) return;
      const message = this.#options.byReference === true ? parseMessage(bytes) : undefined;
      const event: NetworkEvent =
        message?.ok === true
          ? { kind: 'message', peer: from, message: message.value }
          : { kind: 'frame', peer: from, bytes: bytes.slice() };
      this.tell(Number(to.slice(1)), event);
    });
  }

  #close(from: number, peer: PeerId): void {
    const own = `n${from}`;
    const generation = this.#connections.get(`${own}>${peer}`);
    if (generation === undefined) return;
    // What was sent before arrives before.
    this.#later(this.#delayMs, () => {
      if (this.#connections.get(`${own}>${peer}`) !== generation) return;
      this.#connections.delete(`${own}>${peer}`);
      this.#connections.delete(`${peer}>${own}`);
      this.tell(from, { kind: 'disconnected', peer });
      this.tell(Number(peer.slice(1)), { kind: 'disconnected', peer: own });
    });
  }

  #later(delayMs: number, deliver: () => void): void {
    const atMs = this.nowMs + delayMs;
    const after = this.#arrivals.findIndex((arrival) => arrival.atMs > atMs);
    this.#arrivals.splice(after < 0 ? this.#arrivals.length : after, 0, { atMs, deliver });
  }

  #deliver(): void {
    while ((this.#arrivals[0]?.atMs ?? Number.POSITIVE_INFINITY) <= this.nowMs)
      this.#arrivals.shift()?.deliver();
  }
}
