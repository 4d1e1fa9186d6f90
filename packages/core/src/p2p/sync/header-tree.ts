import { assert } from '../../base/assert.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { HeadClaim } from '../../chain/fork-choice.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PeerId } from '../../ports/network.ts';
import type { Header } from '../../primitives/header.ts';

/** A header that is in order, of a block that is not here yet. */
export interface PendingHeader {
  readonly id: Hash;
  /** The id as a map key. */
  readonly key: string;
  readonly parentKey: string;
  readonly header: Header;
  readonly height: number;
  /** Of its branch from genesis up to this block. */
  readonly weight: bigint;
  /** Who gave it first, as part of its best branch. */
  readonly source: PeerId;
}

/** Bytes that a header takes in memory beside its seal, by measurement. */
const HEADER_MEMORY_BYTES = 1_024;

/**
 * Headers ahead of their blocks, each after one that is here too or a block of the chain. Bounded in number and bytes:
 * whoever wants to add another one must let others go first.
 */
export class HeaderTree {
  readonly #limits: { readonly pendingHeadersMax: number; readonly pendingHeaderBytesMax: number };
  readonly #compare: (a: HeadClaim, b: HeadClaim) => number;
  /** Parents come before their children. */
  readonly #headers = new Map<string, PendingHeader>();
  #bytes = 0;
  #best: PendingHeader | undefined;

  /** @param compare - the chain's order of heads, the better one first */
  constructor(
    limits: { readonly pendingHeadersMax: number; readonly pendingHeaderBytesMax: number },
    compare: (a: HeadClaim, b: HeadClaim) => number,
  ) {
    this.#limits = limits;
    this.#compare = compare;
  }

  get count(): number {
    return this.#headers.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The best head among these headers. */
  get best(): PendingHeader | undefined {
    return this.#best;
  }

  find(key: string): PendingHeader | undefined {
    return this.#headers.get(key);
  }

  /** True when so many more headers, of usual length, would find room. */
  hasRoom(count: number): boolean {
    const { pendingHeadersMax, pendingHeaderBytesMax } = this.#limits;
    return this.count + count <= pendingHeadersMax && this.#bytes <= pendingHeaderBytesMax;
  }

  /** Adds a header whose parent is here or in the chain; false when there is no room for it. */
  add(entry: PendingHeader): boolean {
    assert(!this.#headers.has(entry.key), 'a header is added once');
    if (!this.hasRoom(1)) return false;
    this.#headers.set(entry.key, entry);
    this.#bytes += memoryBytes(entry);
    if (this.#best === undefined || this.#compare(entry, this.#best) < 0) this.#best = entry;
    return true;
  }

  /** The headers from the first one that is here up to `tip`, oldest first. */
  branch(tip: PendingHeader): PendingHeader[] {
    const branch: PendingHeader[] = [];
    for (let at: PendingHeader | undefined = tip; at !== undefined; at = this.#headers.get(at.parentKey)) {
      branch.push(at);
    }
    return branch.reverse();
  }

  /** Takes out a header whose block is in the chain now; those that follow it stay. */
  settle(key: string): void {
    const entry = this.#headers.get(key);
    if (entry === undefined) return;
    this.#delete(entry);
    if (this.#best === entry) this.#findBest();
  }

  /** Takes out the headers that are not wanted, and all that follow them; how many that were. */
  drop(isUnwanted: (entry: PendingHeader) => boolean): number {
    const dropped = new Set<string>();
    for (const entry of this.#headers.values()) {
      if (!dropped.has(entry.parentKey) && !isUnwanted(entry)) continue;
      dropped.add(entry.key);
      this.#delete(entry);
    }
    if (dropped.size > 0) this.#findBest();
    return dropped.size;
  }

  /** Takes out everything but the branch of the best head. */
  keepBest(): void {
    const { best } = this;
    if (best === undefined) return;
    const kept = new Set(this.branch(best).map(({ key }) => key));
    this.drop(({ key }) => !kept.has(key));
  }

  #delete(entry: PendingHeader): void {
    this.#headers.delete(entry.key);
    this.#bytes -= memoryBytes(entry);
  }

  #findBest(): void {
    this.#best = undefined;
    for (const entry of this.#headers.values()) {
      if (this.#best === undefined || this.#compare(entry, this.#best) < 0) this.#best = entry;
    }
  }
}

/** A pending header after another one or after a block of the chain. */
export function pendingHeader(
  header: Header,
  id: Hash,
  rest: Pick<PendingHeader, 'weight' | 'source'>,
): PendingHeader {
  const { height } = header;
  return { id, key: bytesKey(id), parentKey: bytesKey(header.parent), header, height, ...rest };
}

function memoryBytes({ header }: PendingHeader): number {
  return HEADER_MEMORY_BYTES + header.seal.length;
}
