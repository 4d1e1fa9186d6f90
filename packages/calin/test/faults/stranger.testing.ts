import { randomBytes } from 'node:crypto';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { FEATURES } from '@calin/core/p2p/features.ts';
import type { HelloMessage } from '@calin/core/p2p/messages/control.ts';
import { encodeMessage, laneOf, type Message, parseMessage } from '@calin/core/p2p/messages/message.ts';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { FrameTransport } from '../../src/adapters/libp2p/frame-transport.ts';
import { SILENT } from '../../src/adapters/libp2p/libp2p-network.testing.ts';
import { until } from '../../src/adapters/until.testing.ts';

/** Before a dial that was refused is repeated. */
const AGAIN_MS = 250;

/** Where the hello of a stranger differs from that of a node that has only the genesis block. */
export type HelloChange = Partial<Omit<HelloMessage, 'kind'>>;

/** Somebody at the other end of a real connection who says whatever a test wants, in whole frames. */
export class Stranger {
  /** What was said to it, in order; of all who are linked. */
  readonly heard: Message[] = [];
  /** The frames it hears, by the peer that sent them. */
  hook: ((peer: string, frame: Uint8Array) => void) | undefined;
  readonly #transport: FrameTransport;
  readonly #linked = new Set<string>();
  readonly #chainId: Hash;

  private constructor(chainId: Hash, transport: (stranger: Stranger) => FrameTransport) {
    this.#chainId = chainId;
    this.#transport = transport(this);
  }

  static async start(chainId: Hash): Promise<Stranger> {
    const key = await generateKeyPair('Ed25519');
    const options = { ...SILENT, key, chainId: toHex(chainId) };
    const stranger = new Stranger(chainId, (self) => {
      const events = {
        connected: (peer: string) => void self.#linked.add(peer),
        disconnected: (peer: string) => void self.#linked.delete(peer),
        frame: (peer: string, frame: Uint8Array) => self.#hear(peer, frame),
        // One address may only connect so often; all strangers have the same.
        dialFailed: (address: string) =>
          void setTimeout(() => self.#transport.dial(address), AGAIN_MS).unref(),
        discovered: () => {},
        listening: () => {},
      };
      return new FrameTransport(options, { events, log: { write: () => {} } });
    });
    stranger.name = key.publicKey.toString();
    await stranger.#transport.start();
    return stranger;
  }

  /** Its peer id. */
  name = '';

  /** Links with the node at an address, without a word; the node's peer id. */
  async link(address: string): Promise<string> {
    const peer = address.split('/p2p/')[1] ?? '';
    this.#transport.dial(address);
    await until(() => this.#linked.has(peer));
    return peer;
  }

  isLinked(peer: string): boolean {
    return this.#linked.has(peer);
  }

  say(peer: string, ...messages: readonly Message[]): void {
    for (const message of messages) this.frame(peer, encodeMessage(message), laneOf(message.kind));
  }

  /** Sends any bytes as one frame. */
  frame(peer: string, bytes: Uint8Array, lane: 'urgent' | 'bulk' = 'urgent'): void {
    this.#transport.send(peer, bytes, lane);
  }

  /** Says hello, as a node at its genesis block does but for the changes. */
  hello(peer: string, change: HelloChange = {}): void {
    this.say(peer, {
      kind: 'hello',
      protocol: 1,
      chainId: this.#chainId,
      features: FEATURES.transactions | FEATURES.compactBlocks,
      nonce: new Uint8Array(randomBytes(8)),
      head: { id: this.#chainId, height: 0, weight: 0n },
      finalHeight: 0,
      timeMs: 1_700_000_000_000,
      agent: 'stranger',
      listen: [],
      ...change,
    });
  }

  async leave(): Promise<void> {
    await this.#transport.stop();
  }

  #hear(peer: string, frame: Uint8Array): void {
    const parsed = parseMessage(frame);
    if (parsed.ok) this.heard.push(parsed.value);
    this.hook?.(peer, frame);
  }
}
