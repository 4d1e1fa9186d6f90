import { equalBytes } from '@calin/core/base/bytes.ts';
import { bytesKey } from '@calin/core/base/bytes-key.ts';
import { sign } from '@calin/core/crypto/signature.ts';
import type { Message } from '@calin/core/p2p/messages/message.ts';
import type { Lane, PeerId } from '@calin/core/ports/network.ts';
import { createBlock } from '@calin/core/primitives/block.ts';
import { type Header, headerId, sealHash } from '@calin/core/primitives/header.ts';
import type { SimKey } from '../keys.ts';
import type { SimNode } from '../sim-node.ts';
import type { Behaviour, Forward } from './behaviour.ts';

/** Pairs of blocks that are remembered: the last few are all that anybody asks about. */
const PAIRS_MAX = 64;

/**
 * An authority that makes two blocks in each of its slots, both of them valid, and tells one half of its peers of the
 * one and the other half of the other.
 */
export class Equivocator implements Behaviour {
  readonly name = 'equivocates';
  readonly #node: SimNode;
  readonly #key: SimKey;
  /** The second block of each first one, by its id. */
  readonly #twins = new Map<string, Header>();
  readonly #peers = new Map<PeerId, number>();

  constructor(node: SimNode, key: SimKey) {
    this.#node = node;
    this.#key = key;
  }

  send(peer: PeerId, message: Message, lane: Lane, forward: Forward): void {
    if (message.kind !== 'compact-block' && message.kind !== 'header-announce') return forward(message, lane);
    if (!equalBytes(message.header.producer, this.#key.address)) return forward(message, lane);
    const twin = this.#twinOf(message.header);
    if (twin === undefined || this.#half(peer) === 0) return forward(message, lane);
    forward({ ...message, header: twin }, lane);
  }

  #half(peer: PeerId): number {
    const half = this.#peers.get(peer) ?? this.#peers.size % 2;
    this.#peers.set(peer, half);
    return half;
  }

  /** The other block of a slot: a millisecond later, the same transactions, and so the same state. */
  #twinOf(header: Header): Header | undefined {
    const id = headerId(header);
    const known = this.#twins.get(bytesKey(id));
    if (known !== undefined) return known;
    const block = this.#node.node?.chain.block(id);
    if (block?.ok !== true) return undefined;
    const bare = { ...header, timeMs: header.timeMs + 1, seal: new Uint8Array(0) };
    const twin = { ...bare, seal: sign(sealHash(bare), this.#key.secretKey) };
    this.#twins.set(bytesKey(id), twin);
    // Its own twin is not made into a triplet.
    this.#twins.set(bytesKey(headerId(twin)), header);
    for (const oldest of this.#twins.keys()) {
      if (this.#twins.size <= 2 * PAIRS_MAX) break;
      this.#twins.delete(oldest);
    }
    const { bytes } = createBlock(twin, block.value.transactions);
    // So that it can answer those who ask for its transactions.
    this.#node.request({ kind: 'import', block: bytes }, () => {});
    return twin;
  }
}
