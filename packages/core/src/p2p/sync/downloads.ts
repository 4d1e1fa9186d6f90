import { assert } from '../../base/assert.ts';
import type { PeerId } from '../../ports/network.ts';
import type { PendingHeader } from './header-tree.ts';

/** One block on its way. */
export interface Download {
  readonly entry: PendingHeader;
  /**
   * `wanted`: nobody that may still answer has been asked. `asked`: somebody has. `held`: it is here and waits for its
   * turn. `importing`: the node has it.
   */
  phase: 'wanted' | 'asked' | 'held' | 'importing';
  /** Who may still answer. */
  readonly askedOf: PeerId[];
  askedMs: number;
  /** Who has said that it has not got the block, or has sent something else. */
  readonly missingAt: PeerId[];
  /** The block, from when it is here. */
  bytes: Uint8Array | undefined;
  from: PeerId | undefined;
}

/**
 * The blocks of the branch that is being downloaded, in order, with how far each is. Nothing here decides whom to ask:
 * it keeps the books, of blocks and of their bytes.
 */
export class Downloads {
  #path: PendingHeader[] = [];
  readonly #byKey = new Map<string, Download>();
  /** Every block of the path before this index is not `wanted`. */
  #firstWanted = 0;
  /** Every block of the path before this index is here. */
  #firstMissing = 0;
  #heldBytes = 0;
  #importingBytes = 0;
  #asked = 0;
  #importing = 0;

  /** What is still to be imported, the next block first. */
  get path(): readonly PendingHeader[] {
    return this.#path;
  }

  get tip(): PendingHeader | undefined {
    return this.#path.at(-1);
  }

  /** Bytes of blocks that are here, those that the node has been handed included. */
  get bytes(): number {
    return this.#heldBytes + this.#importingBytes;
  }

  /** Blocks that were asked for and are still to come. */
  get asked(): number {
    return this.#asked;
  }

  /** Blocks that the node has been handed, and their bytes. */
  get importing(): { readonly blocks: number; readonly bytes: number } {
    return { blocks: this.#importing, bytes: this.#importingBytes };
  }

  find(key: string): Download | undefined {
    return this.#byKey.get(key);
  }

  /** The first block that is not here; undefined when all are. */
  get firstMissing(): Download | undefined {
    for (; this.#firstMissing < this.#path.length; this.#firstMissing++) {
      const download = this.of(this.#path[this.#firstMissing] as PendingHeader);
      if (download.bytes === undefined) return download;
    }
    return undefined;
  }

  /** The book of a block of the path. */
  of(entry: PendingHeader): Download {
    let download = this.#byKey.get(entry.key);
    if (download === undefined) {
      download = {
        entry,
        phase: 'wanted',
        askedOf: [],
        askedMs: 0,
        missingAt: [],
        bytes: undefined,
        from: undefined,
      };
      this.#byKey.set(entry.key, download);
    }
    return download;
  }

  /** Changes to another branch, or goes on with more of the same. What the node has been handed stays on the books. */
  follow(path: PendingHeader[]): void {
    const kept = new Set(path.map(({ key }) => key));
    for (const download of [...this.#byKey.values()]) {
      if (!kept.has(download.entry.key) && download.phase !== 'importing') this.#delete(download);
    }
    this.#path = path;
    this.#firstWanted = 0;
    this.#firstMissing = 0;
  }

  /** Walks through the blocks that nobody has been asked for, in order, among the first `count`, until told to stop. */
  forEachWanted(count: number, visit: (download: Download) => 'go on' | 'stop'): void {
    const end = Math.min(count, this.#path.length);
    let isFirst = true;
    for (let i = this.#firstWanted; i < end; i++) {
      const download = this.of(this.#path[i] as PendingHeader);
      if (download.phase !== 'wanted') continue;
      if (isFirst) this.#firstWanted = i;
      isFirst = false;
      if (visit(download) === 'stop') return;
    }
    if (isFirst) this.#firstWanted = end;
  }

  /** Notes that a peer has been asked for a block. */
  ask(download: Download, peer: PeerId, nowMs: number): void {
    if (download.phase === 'wanted') {
      download.phase = 'asked';
      download.askedMs = nowMs;
      this.#asked += 1;
    }
    if (!download.askedOf.includes(peer)) download.askedOf.push(peer);
  }

  /** Notes that a peer will not send a block it was asked for. */
  unask(download: Download, peer: PeerId): void {
    const place = download.askedOf.indexOf(peer);
    if (place >= 0) download.askedOf.splice(place, 1);
    if (download.phase === 'asked' && download.askedOf.length === 0) this.#want(download);
  }

  /** Notes that a peer will send nothing of what it was asked for. */
  unaskAll(peer: PeerId): void {
    for (const download of this.#byKey.values()) {
      if (download.askedOf.includes(peer)) this.unask(download, peer);
    }
  }

  /** Keeps a block that came. */
  hold(download: Download, bytes: Uint8Array, from: PeerId): void {
    assert(download.bytes === undefined, 'a block is kept once');
    if (download.phase === 'asked') this.#asked -= 1;
    download.phase = 'held';
    download.bytes = bytes;
    download.from = from;
    this.#heldBytes += bytes.length;
  }

  /** Lets blocks go again, the last ones of the path first, until those that are left have so many bytes at most. */
  shrink(bytesMax: number): void {
    for (let i = this.#path.length - 1; i > 0 && this.bytes > bytesMax; i--) {
      const download = this.#byKey.get((this.#path[i] as PendingHeader).key);
      if (download?.phase === 'held') this.refuse(download);
    }
  }

  /** Notes that the node has been handed a block. */
  feed(download: Download): Uint8Array {
    assert(download.phase === 'held' && download.bytes !== undefined, 'a block is fed when it is here');
    download.phase = 'importing';
    this.#heldBytes -= download.bytes.length;
    this.#importingBytes += download.bytes.length;
    this.#importing += 1;
    return download.bytes;
  }

  /** Notes that the node gave a block back; it is to be fed again. */
  unfeed(download: Download): void {
    if (download.phase !== 'importing' || download.bytes === undefined) return;
    download.phase = 'held';
    this.#importingBytes -= download.bytes.length;
    this.#heldBytes += download.bytes.length;
    this.#importing -= 1;
  }

  /** Lets the bytes of a block go: it has to come again. */
  refuse(download: Download): void {
    this.unfeed(download);
    this.#heldBytes -= download.bytes?.length ?? 0;
    download.bytes = undefined;
    download.from = undefined;
    download.askedOf.length = 0;
    this.#want(download);
  }

  /** Takes a block off the books; when it is the next one of the path, the path goes on after it. */
  settle(key: string): void {
    if (this.#path[0]?.key === key) {
      this.#path.shift();
      this.#firstWanted = Math.max(0, this.#firstWanted - 1);
      this.#firstMissing = Math.max(0, this.#firstMissing - 1);
    }
    const download = this.#byKey.get(key);
    if (download !== undefined) this.#delete(download);
  }

  #want(download: Download): void {
    if (download.phase === 'asked') this.#asked -= 1;
    download.phase = 'wanted';
    this.#lookFrom(download.entry);
  }

  /** Has what is wanted and what is missing looked for from a block on. */
  #lookFrom({ height }: PendingHeader): void {
    const index = height - (this.#path[0]?.height ?? 0);
    if (index < 0) return;
    this.#firstWanted = Math.min(this.#firstWanted, index);
    this.#firstMissing = Math.min(this.#firstMissing, index);
  }

  #delete(download: Download): void {
    this.unfeed(download);
    if (download.phase === 'asked') this.#asked -= 1;
    this.#heldBytes -= download.bytes?.length ?? 0;
    this.#byKey.delete(download.entry.key);
    this.#lookFrom(download.entry);
  }
}
