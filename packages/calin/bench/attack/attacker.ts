import { randomBytes } from 'node:crypto';
import { fromHex } from '@calin/core/base/bytes.ts';
import { encodeMessage } from '@calin/core/p2p/messages/message.ts';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { frameHeader } from '../../src/adapters/libp2p/frame-reader.ts';
import type { AttackKind, AttackScene, Shot } from './attack-kinds.ts';

/** What an attacker has done so far. */
export interface AttackCounts {
  /** Connections that were made, both streams opened. */
  links: number;
  /** Times that it was thrown out, or not let in. */
  ends: number;
  shots: number;
  bytes: number;
}

/** Where an attacker aims at. */
export interface AttackTarget {
  readonly address: string;
  /** In hex. */
  readonly chainId: string;
  readonly scene: AttackScene;
}

/** The pause before the next attempt to get in. */
const AGAIN_MS = 50;

/** The longest wait for room in a stream; who is not read comes anew. */
const DRAIN_MS_MAX = 5000;

/** Shots between two turns of the event loop, so that all attackers of a process have theirs. */
const SHOTS_A_TURN = 16;

/**
 * Attacks until it is stopped: gets in under its own name, sends as fast as the streams take it, and comes again when
 * it is thrown out.
 */
export class Attacker {
  readonly counts: AttackCounts = { links: 0, ends: 0, shots: 0, bytes: 0 };
  readonly #kind: AttackKind;
  readonly #target: AttackTarget;
  #isStopped = false;
  #node: Libp2p | undefined;

  constructor(kind: AttackKind, target: AttackTarget) {
    this.#kind = kind;
    this.#target = target;
  }

  /** Its peer id, once it runs. */
  get peer(): string {
    return this.#node?.peerId.toString() ?? '';
  }

  /** Settles when it was stopped. */
  async run(): Promise<void> {
    this.#node = await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionGater: { denyDialMultiaddr: () => false },
      connectionMonitor: { enabled: false },
    });
    while (!this.#isStopped) {
      // Being thrown out is what is to be expected.
      await this.#attack(this.#node).catch(() => {});
      this.counts.ends += 1;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    await this.#node.stop();
  }

  stop(): void {
    this.#isStopped = true;
    for (const connection of this.#node?.getConnections() ?? []) connection.abort(new Error('enough'));
  }

  async #attack(node: Libp2p): Promise<void> {
    const signal = AbortSignal.timeout(DRAIN_MS_MAX);
    const connection = await node.dial(multiaddr(this.#target.address), { signal });
    try {
      const urgent = await this.#open(connection, 'urgent', signal);
      const bulk = await this.#open(connection, 'bulk', signal);
      this.counts.links += 1;
      if (this.#kind.saysHello) await this.#send(urgent, { lane: 'urgent', bytes: this.#hello() });
      for (let count = 0; !this.#isStopped && connection.status === 'open'; count++) {
        const shot = this.#kind.shot(this.#target.scene, count);
        await this.#send(shot.lane === 'urgent' ? urgent : bulk, shot);
        if (count % SHOTS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      connection.abort(new Error('again'));
    }
  }

  async #open(connection: Connection, lane: string, signal: AbortSignal): Promise<Stream> {
    const stream = await connection.newStream(`/calin/1/${lane}`, { signal });
    if (this.#kind.neverReads) stream.pause();
    else stream.addEventListener('message', () => {});
    return stream;
  }

  async #send(stream: Stream, { bytes, isRaw = false }: Shot): Promise<void> {
    // Nothing more to say: it stays as it is.
    if (bytes.length === 0) return void (await new Promise((resolve) => setTimeout(resolve, AGAIN_MS)));
    const sent = isRaw ? bytes : Buffer.concat([frameHeader(bytes.length), bytes]);
    this.counts.shots += 1;
    this.counts.bytes += sent.length;
    if (!stream.send(sent)) await stream.onDrain({ signal: AbortSignal.timeout(DRAIN_MS_MAX) });
  }

  #hello(): Uint8Array {
    const chainId = fromHex(this.#target.chainId);
    return encodeMessage({
      kind: 'hello',
      protocol: 1,
      chainId,
      features: 7,
      nonce: new Uint8Array(randomBytes(8)),
      head: { id: chainId, height: 0, weight: 0n },
      finalHeight: 0,
      timeMs: Date.now(),
      agent: 'flood',
      listen: [],
    });
  }
}
