import { equalBytes } from '../../base/bytes.ts';
import { Random } from '../../base/random.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import { expectOk, TEST_NOW_MS, TestChain, type TestChainOptions } from '../../chain/chain.testing.ts';
import type { Hash } from '../../crypto/hash.ts';
import { refuseLedger } from '../../ledger/rules.ts';
import type { PeerId } from '../../ports/network.ts';
import type { Block } from '../../primitives/block.ts';
import type { Header } from '../../primitives/header.ts';
import { FEATURES } from '../features.ts';
import type { HeadStatus } from '../messages/fields.ts';
import { type Message, messageBytes } from '../messages/message.ts';
import type { Peer } from '../peer.ts';
import { BlockServer } from './block-server.ts';
import { SERVE_LIMITS } from './limits.ts';
import { Sync, type SyncOptions } from './sync.ts';

/** What a peer does with what it is told: messages back, each after some time. */
export interface Reply {
  readonly message: Message;
  readonly delayMs: number;
}

/** Another node as a test plays it. */
export interface ScriptedPeer {
  readonly head: HeadStatus;
  hear(message: Message, nowMs: number): readonly Reply[];
}

/** Bends what an honest node would answer. */
export type Bend = (answer: Message, nowMs: number) => readonly Reply[];

/** A node that answers from a chain of its own, as far as the test lets it. */
export class ServingPeer implements ScriptedPeer {
  readonly test: TestChain;
  readonly #server: BlockServer;
  readonly #answers: Message[] = [];
  readonly #bend: Bend;
  /** What it says of its head, when that is not true. */
  claimed: HeadStatus | undefined;
  asked: Message[] = [];
  #extra: Block | undefined;

  constructor(blocks: Iterable<Block>, bend: Bend = later(10), options: TestChainOptions = {}) {
    this.test = new TestChain(options);
    this.test.importAll(blocks);
    this.#bend = bend;
    const { chain } = this.test;
    const generous = {
      bytesPerSecond: 1e12,
      bytesBurst: 1e12,
      peerBytesPerSecond: 1e12,
      peerBytesBurst: 1e12,
    };
    this.#server = new BlockServer(
      { ...SERVE_LIMITS, ...generous, stepBytes: 1e12, requestsMax: 1_000, blocksMax: 10_000 },
      { chain, send: (_, message) => void this.#answers.push(message) },
    );
  }

  /** Pretends that a block follows the head, whatever executing it would say. */
  extra(block: Block): void {
    this.#extra = block;
    const { weight } = this.test.chain.head;
    this.claimed = { id: block.id, height: block.header.height, weight: weight + 1n };
  }

  get head(): HeadStatus {
    const { id, height, weight } = this.test.chain.head;
    return this.claimed ?? { id, height, weight };
  }

  hear(message: Message, nowMs: number): readonly Reply[] {
    this.asked.push(message);
    if (message.kind !== 'headers-request' && message.kind !== 'bodies-request') return [];
    expectOk(this.#server.ask('asker', message));
    this.#server.advance(nowMs);
    this.#addExtra();
    return this.#answers.splice(0).flatMap((answer) => this.#bend(answer, nowMs));
  }

  #addExtra(): void {
    const block = this.#extra;
    if (block === undefined) return;
    this.#answers.forEach((answer, i) => {
      if (answer.kind === 'headers') {
        this.#answers[i] = { ...answer, headers: [...answer.headers, block.header] };
      } else if (answer.kind === 'bodies-missing') {
        this.#answers[i] = { kind: 'body', request: answer.request, id: block.id, bytes: block.bytes };
      }
    });
  }

  /** How many of its blocks it was asked for. */
  get bodiesAsked(): number {
    return this.asked.reduce(
      (sum, message) => sum + (message.kind === 'bodies-request' ? message.ids.length : 0),
      0,
    );
  }
}

/** Answers as an honest node does, after some time. */
export function later(delayMs: number): Bend {
  return (message) => [{ message, delayMs }];
}

/** Never answers. */
export const silent: Bend = () => [];

interface Due {
  readonly atMs: number;
  readonly run: () => void;
}

/** What a rig is made of. */
export interface RigOptions {
  readonly chain?: TestChainOptions;
  readonly sync?: SyncOptions;
  /** How long the node takes for a block. */
  readonly importMs?: number;
  readonly test?: TestChain;
}

/** One node that syncs, with a clock, a chain, and peers that a test plays. */
export class SyncRig {
  readonly test: TestChain;
  readonly sync: Sync;
  readonly peers = new Map<PeerId, ScriptedPeer>();
  readonly punished: { readonly peer: PeerId; readonly rule: string }[] = [];
  readonly left: PeerId[] = [];
  readonly life: string[] = [];
  readonly imported: { readonly height: number; readonly from: PeerId; readonly rule: string }[] = [];
  /** The most bytes of blocks that were here or asked for. */
  heldBytesPeak = 0;
  pendingPeak = 0;
  /** The next blocks that the node is too busy for. */
  busy = 0;
  nowMs = TEST_NOW_MS;
  readonly #due: Due[] = [];
  readonly #importMs: number;
  #intakeFreeMs = 0;

  constructor({ chain = {}, sync = {}, importMs = 1, test = new TestChain(chain) }: RigOptions = {}) {
    this.test = test;
    this.#importMs = importMs;
    this.sync = new Sync(sync, {
      host: {
        chain: this.test.chain,
        random: new Random(new Uint8Array(32).fill(7)),
        importBlock: (block, from) => this.#import(block, from),
        send: (peer, message) => this.#send(peer, message),
        wake: (atMs) => this.#at(atMs, () => this.sync.tick(this.nowMs)),
        caughtUp: (isCaughtUp) => void this.life.push(isCaughtUp ? 'ready' : 'boot'),
        aloneTooLong: () => void this.life.push('alone'),
        log: () => {},
      },
      punish: (peer, refusal) => this.punish(peer, refusal),
      disconnect: (peer) => this.#at(this.nowMs, () => this.leave(peer)),
    });
    this.sync.start(this.nowMs);
  }

  /** The height of the head. */
  get height(): number {
    return this.test.chain.head.height;
  }

  /** Rules that a peer has broken, in order. */
  rules(peer: PeerId): readonly string[] {
    return this.punished.filter((one) => one.peer === peer).map(({ rule }) => rule);
  }

  /** Connects a peer. */
  join(id: PeerId, peer: ScriptedPeer, direction: Peer['direction'] = 'outbound'): void {
    this.peers.set(id, peer);
    this.sync.peerReady({ ...this.#peer(id, peer.head), direction }, this.nowMs);
  }

  /** Ends a connection. */
  leave(id: PeerId): void {
    const peer = this.peers.get(id);
    if (peer === undefined) return;
    this.peers.delete(id);
    this.left.push(id);
    const connection = this.#peer(id, peer.head);
    this.sync.peerGone(connection, connection, this.nowMs);
  }

  /** A peer says where its head is. */
  claim(id: PeerId, head: HeadStatus): void {
    this.sync.headClaimed(this.#peer(id, head), this.nowMs);
  }

  /** A peer shows a header whose parent is not here. */
  parentMissing(id: PeerId, header: Header): void {
    const peer = this.peers.get(id);
    if (peer !== undefined) this.sync.parentMissing(this.#peer(id, peer.head), header, this.nowMs);
  }

  /** Gives the node a message of a peer at once. */
  tell(id: PeerId, message: Message): Result<undefined> {
    const peer = this.peers.get(id);
    if (peer === undefined) return OK;
    const result = this.sync.handle(this.#peer(id, peer.head), message, this.nowMs);
    if (!result.ok) this.punish(id, result.error);
    this.#measure();
    return result;
  }

  punish(peer: PeerId, { rule, banPoints }: Refusal): void {
    this.punished.push({ peer, rule });
    if (banPoints >= 100) this.#at(this.nowMs, () => this.leave(peer));
  }

  /** Imports a block as if it had come by relay. */
  relay(block: Block): void {
    const update = this.test.import(block);
    this.sync.blockDone(block.id, 'relay', OK, this.nowMs);
    this.sync.headMoved(update, false, this.nowMs);
  }

  /** Lets time pass. */
  run(forMs: number): void {
    this.runUntil(() => false, forMs);
  }

  /** Lets time pass until a condition holds, at most so long; true when it does. */
  runUntil(condition: () => boolean, withinMs = 60_000): boolean {
    const endMs = this.nowMs + withinMs;
    while (!condition()) {
      const [next] = this.#due;
      if (next === undefined || next.atMs > endMs) {
        this.nowMs = endMs;
        return condition();
      }
      this.#due.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      this.#measure();
    }
    return true;
  }

  #measure(): void {
    const { heldBytes, pendingHeaders } = this.sync.progress;
    this.heldBytesPeak = Math.max(this.heldBytesPeak, heldBytes);
    this.pendingPeak = Math.max(this.pendingPeak, pendingHeaders);
  }

  #send(id: PeerId, message: Message): void {
    messageBytes(message);
    const peer = this.peers.get(id);
    if (peer === undefined) return;
    for (const { message: answer, delayMs } of peer.hear(message, this.nowMs)) {
      this.#at(this.nowMs + delayMs, () => {
        if (this.peers.get(id) === peer) this.tell(id, answer);
      });
    }
  }

  /** As the node does: one block after the other, each some time after it came. */
  #import({ id, bytes }: { readonly id: Hash; readonly bytes: Uint8Array }, from: PeerId): void {
    this.#intakeFreeMs = Math.max(this.nowMs, this.#intakeFreeMs) + this.#importMs;
    const isBusy = this.busy > 0;
    if (isBusy) this.busy -= 1;
    this.#at(this.#intakeFreeMs, () => {
      const result = isBusy ? BUSY : this.#execute(bytes, from);
      this.sync.blockDone(id, from, result, this.nowMs);
    });
  }

  #execute(bytes: Uint8Array, from: PeerId): Result<undefined> {
    const scanned = this.test.chain.scanBlock(bytes);
    if (!scanned.ok) return scanned;
    const block = scanned.value;
    const { height, txRoot } = block.header;
    const update = equalBytes(block.txRoot, txRoot)
      ? this.test.try(block, this.nowMs)
      : refuseLedger('block/tx-root-mismatch');
    this.imported.push({ height, from, rule: update.ok ? 'ok' : update.error.rule });
    if (!update.ok) return update;
    if (update.value.kind === 'head') this.sync.headMoved(update.value, false, this.nowMs);
    return OK;
  }

  #at(atMs: number, run: () => void): void {
    const after = this.#due.findIndex((due) => due.atMs > atMs);
    this.#due.splice(after < 0 ? this.#due.length : after, 0, { atMs, run });
  }

  #peer(id: PeerId, head: HeadStatus): Peer {
    return {
      id,
      address: id,
      direction: 'outbound',
      connectedMs: this.nowMs,
      hello: {
        kind: 'hello',
        protocol: 1,
        chainId: this.test.chain.chainId,
        features: FEATURES.blocks,
        nonce: new Uint8Array(8),
        head,
        finalHeight: 0,
        timeMs: this.nowMs,
        agent: 'test',
        listen: [],
      },
      head,
      finalHeight: 0,
      toldHead: this.test.chain.head.id,
      latencyMs: undefined,
    };
  }
}

const BUSY: Result<undefined> = {
  ok: false,
  error: { rule: 'node/busy', message: '', help: '', evidence: {}, banPoints: 0, retry: true },
};
