import { equalBytes, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { OK } from '../base/result.ts';
import type { PeerAddress } from '../ports/network.ts';
import type { P2pConfig } from './config.ts';
import { FEATURES } from './features.ts';
import type { P2pHost } from './host.ts';
import { HELLO_NONCE_BYTES, type HelloMessage } from './messages/control.ts';
import type { HeadStatus } from './messages/fields.ts';
import { LISTEN_ADDRESSES_MAX } from './messages/limits.ts';
import { refuseP2p } from './rules.ts';

/** The version of the protocol; nodes of different versions do not talk. */
export const PROTOCOL_VERSION = 1;

/** Makes this node's hello, and judges those of others. */
export class Handshake {
  readonly #agent: string;
  readonly #host: P2pHost;
  /** By which the node finds out that it has dialled itself. */
  readonly #nonce: Uint8Array;

  constructor({ agent }: Pick<P2pConfig, 'agent'>, { host }: { readonly host: P2pHost }) {
    this.#agent = agent;
    this.#host = host;
    this.#nonce = host.random.bytes(HELLO_NONCE_BYTES);
  }

  /** What this node says first on every connection. */
  hello(listen: readonly PeerAddress[], nowMs: number): HelloMessage {
    const { chain } = this.#host;
    return {
      kind: 'hello',
      protocol: PROTOCOL_VERSION,
      chainId: chain.chainId,
      features: this.#features(),
      nonce: this.#nonce,
      head: headStatus(this.#host),
      finalHeight: chain.final.height,
      timeMs: nowMs,
      agent: this.#agent,
      listen: listen.slice(0, LISTEN_ADDRESSES_MAX),
    };
  }

  /** Refuses a node that there is nothing to talk about with. */
  check({ protocol, chainId, nonce }: HelloMessage): Result<undefined> {
    if (protocol !== PROTOCOL_VERSION) {
      return refuseP2p('p2p/protocol-version', { got: protocol, expected: PROTOCOL_VERSION });
    }
    if (equalBytes(nonce, this.#nonce)) return refuseP2p('p2p/self');
    const own = this.#host.chain.chainId;
    if (equalBytes(chainId, own)) return OK;
    return refuseP2p('p2p/wrong-chain', { got: toHex(chainId), expected: toHex(own) });
  }

  #features(): number {
    const keepsAll = this.#host.chain.storage.blocksFrom === 1;
    const hasState = this.#host.chain.snapshots.isAvailable;
    const kept = (keepsAll ? FEATURES.blocks : 0) | (hasState ? FEATURES.snapshots : 0);
    return FEATURES.transactions | FEATURES.compactBlocks | kept;
  }
}

/** Where this node's best branch ends. */
export function headStatus({ chain }: Pick<P2pHost, 'chain'>): HeadStatus {
  const { id, height, weight } = chain.head;
  return { id, height, weight };
}
