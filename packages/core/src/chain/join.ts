import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { type Hash, ZERO_HASH } from '../crypto/hash.ts';
import type { StoreBatch } from '../ports/store.ts';
import { encodeHeader, type Header, headerId } from '../primitives/header.ts';
import type { SnapshotManifest } from '../state/snapshot.ts';
import { chunkHash } from '../state/snapshot-chunk.ts';
import type { PieceSize } from '../state/snapshot-cut.ts';
import {
  type ChunkPlace,
  chunkPlaces,
  outlineId,
  parseOutline,
  type SnapshotOutline,
  verifyOutline,
  verifyPiece,
} from '../state/snapshot-outline.ts';
import type { WorldState } from '../state/world-state.ts';
import { finishBatch } from './adopt.ts';
import { type BlockNode, BlockTree } from './block-tree.ts';
import type { ChainParts } from './chain-parts.ts';
import type { ChainUpdate } from './chain-update.ts';
import { checkHeaderAfter } from './import-block.ts';
import { layout } from './layout.ts';
import { type CheckpointProgress, loadCheckpoint } from './load-checkpoint.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';
import { readJoin } from './read-join.ts';
import { encodeCheckpoint, encodeJoin, encodePruned } from './records.ts';
import { refuseChain } from './rules.ts';
import { StagedBatch } from './staged-batch.ts';
import { needsValidators } from './validators.ts';

/** The slot that the chunks go to; a chain at genesis has no checkpoint to lose. */
const JOIN_SLOT = 0;

/** Headers that one batch deletes. */
const DROPPED_PER_BATCH = 5_000;

/** A snapshot that is being fetched: the outline has been compared with the state root of a final header. */
interface Taken {
  readonly id: Hash;
  readonly outline: SnapshotOutline;
  readonly places: readonly ChunkPlace[];
  /** What is known of each chunk that is in the store; undefined for those that are not, or were not looked at. */
  readonly chunks: ({ readonly hash: Hash; readonly entries: number } | undefined)[];
  /** Chunks that are in the store. */
  count: number;
}

/**
 * Begins a chain at the state of a final block instead of executing all blocks: takes the headers from genesis on, then
 * the outline of a snapshot, which one of them proves, then its chunks, and puts all of it into the store as it comes.
 * Nothing of it counts before {@link finish}, so it may end anywhere, and the next start goes on from there.
 *
 * Every method that returns a batch has it committed before the next one is called.
 */
export class ChainJoin {
  readonly #parts: ChainParts;
  #tip: BlockNode;
  #taken: Taken | undefined;

  constructor(parts: ChainParts) {
    const { id, header } = parts.genesis;
    this.#parts = parts;
    this.#tip = { id, header, height: 0, weight: 0n };
    this.#resume();
  }

  /** False when the chain has blocks already: then it goes on from them. */
  get isPossible(): boolean {
    const { tree, options } = this.#parts;
    return tree.head.height === 0 && options.mode.kind !== 'archive' && this.unfit === undefined;
  }

  /**
   * Why a chain of this kind cannot begin at a snapshot (`chain/join-needs-validators`); undefined when it can. Headers
   * have to show by themselves that they are in order, and which of them are final.
   */
  get unfit(): Failure | undefined {
    const { options, consensus } = this.#parts;
    const isByVotes = consensus.finality.createEngine !== undefined;
    if (!isByVotes && !needsValidators(options.spec.consensus)) return undefined;
    const { production, finality } = options.spec.consensus;
    return refuseChain('chain/join-needs-validators', { got: `${production.kind} + ${finality.kind}` });
  }

  /** The last header. */
  get tip(): BlockNode {
    return this.#tip;
  }

  /** The height up to which headers are final, if no better branch comes up. */
  get finalHeight(): number {
    return this.#parts.consensus.finality.finalHeight(this.#tip.height);
  }

  /** The snapshot that is being fetched: the name of its outline, its height, and its chunks. */
  get snapshot():
    | { readonly id: Hash; readonly height: number; readonly chunks: number; readonly missing: number }
    | undefined {
    const taken = this.#taken;
    if (taken === undefined) return undefined;
    const { id, outline, places, count } = taken;
    return { id, height: outline.height, chunks: places.length, missing: places.length - count };
  }

  /**
   * Takes headers that follow the tip, as far as they are in order.
   *
   * @returns what to commit for those before the first bad one, and what is wrong with that: `chain/parent-unknown`
   *   when it does not follow
   */
  addHeaders(
    headers: readonly Header[],
    nowMs: number,
  ): { readonly batch: StoreBatch; readonly checked: Result<undefined> } {
    const puts: [Uint8Array, Uint8Array][] = [];
    let checked: Result<undefined> = ok(undefined);
    for (const header of headers) {
      const id = headerId(header);
      const follows = equalBytes(header.parent, this.#tip.id);
      checked = follows
        ? checkHeaderAfter(this.#parts, header, id, this.#tip.header, nowMs)
        : refuseChain('chain/parent-unknown', { height: header.height });
      if (!checked.ok) break;
      puts.push([layout.height(header.height), id], [layout.header(id), encodeHeader(header)]);
      const weight = this.#tip.weight + this.#parts.consensus.production.weight(header);
      this.#tip = { id, header, height: header.height, weight };
    }
    if (puts.length > 0) puts.push(this.#tipRecord());
    return { batch: { puts, deletes: [] }, checked };
  }

  /**
   * Drops headers above a height, because another branch is better; at most some thousand at a time.
   *
   * @returns undefined when there is nothing to drop
   */
  dropHeaders(height: number): StoreBatch | undefined {
    const deletes: Uint8Array[] = [];
    for (let dropped = 0; dropped < DROPPED_PER_BATCH && this.#tip.height > height; dropped++) {
      const { id, header, weight } = this.#tip;
      deletes.push(layout.header(id), layout.height(header.height));
      const parent = readHeaderOf(this.#parts.store, header.parent);
      assert(parent.ok, 'a header that was taken is there');
      const own = this.#parts.consensus.production.weight(header);
      this.#tip = {
        id: header.parent,
        header: parent.value,
        height: parent.value.height,
        weight: weight - own,
      };
    }
    if (deletes.length === 0) return undefined;
    if (this.#taken !== undefined && this.#taken.outline.height > this.#tip.height) this.#taken = undefined;
    return { puts: [this.#tipRecord()], deletes };
  }

  /**
   * Takes an outline, in place of another one.
   *
   * @returns `chain/snapshot-not-final`, `state/…` or `codec/…`
   */
  takeOutline(bytes: Uint8Array): Result<StoreBatch> {
    const outline = this.#checkOutline(bytes);
    if (!outline.ok) return outline;
    if (outline.value.height > this.finalHeight) {
      return refuseChain('chain/snapshot-not-final', {
        got: outline.value.height,
        expected: this.finalHeight,
      });
    }
    this.#taken = takenOf(bytes, outline.value);
    const chunks = this.#taken.places.length;
    const writing = encodeCheckpoint({ kind: 'writing', chunks });
    return ok({
      puts: [
        [layout.checkpoint(JOIN_SLOT), writing],
        [layout.outline, bytes],
      ],
      deletes: [],
    });
  }

  /** Forgets the outline: nobody gives its chunks any more, or it was false. */
  dropOutline(): StoreBatch {
    this.#taken = undefined;
    return { puts: [], deletes: [layout.outline] };
  }

  /** Whether a chunk is in the store. One from before a restart is checked again. */
  hasChunk(index: number): boolean {
    const { taken, place } = this.#placeOf(index);
    if (taken.chunks[index] !== undefined) return true;
    const bytes = this.#parts.store.get(layout.chunk(JOIN_SLOT, index));
    if (bytes === undefined || !verifyPiece(bytes, place, this.#parts.kernel.hasher).ok) return false;
    this.#note(taken, index, bytes);
    return true;
  }

  /**
   * Takes a chunk.
   *
   * @returns `state/snapshot-chunk-size` when the outline was false, another `state/…` or `codec/…` when the chunk is
   */
  addChunk(index: number, bytes: Uint8Array): Result<StoreBatch> {
    const { taken, place } = this.#placeOf(index);
    const verified = verifyPiece(bytes, place, this.#parts.kernel.hasher);
    if (!verified.ok) return verified;
    if (taken.chunks[index] === undefined) this.#note(taken, index, bytes);
    return ok({ puts: [[layout.chunk(JOIN_SLOT, index), bytes]], deletes: [] });
  }

  /**
   * Makes the state, chunk by chunk, and then begins the chain with it; the batch of the update moves the head. Headers
   * above it have been dropped before: their blocks come by the usual way.
   *
   * @returns `data/…` when there is no memory for it, or the store is damaged
   */
  *finish(): Generator<CheckpointProgress, Result<ChainUpdate>, undefined> {
    const taken = this.#taken;
    assert(taken !== undefined && this.isPossible, 'there is a snapshot, and no other block');
    assert(taken.count === taken.places.length, 'all chunks are there');
    assert(taken.outline.height === this.#tip.height, 'headers end at the snapshot');
    const { store, kernel } = this.#parts;
    const manifest = manifestOf(taken, this.#tip.header.stateRoot);
    const state = yield* loadCheckpoint(store, JOIN_SLOT, manifest, kernel);
    return state.ok ? ok(this.#begin(manifest, state.value)) : state;
  }

  /** Takes back all that is in the store, batch by batch. */
  *abandon(): Generator<StoreBatch, void, undefined> {
    this.#taken = undefined;
    yield { puts: [], deletes: [layout.outline] };
    for (let batch = this.dropHeaders(0); batch !== undefined; batch = this.dropHeaders(0)) yield batch;
    yield { puts: [], deletes: [layout.join] };
  }

  /** Goes on from what an earlier start has left. */
  #resume(): void {
    const { store } = this.#parts;
    const join = readJoin(store);
    if (!this.isPossible || join?.kind !== 'headers') return;
    const { height, weight } = join;
    const id = readIdAt(store, height);
    const header = id === undefined ? undefined : readHeaderOf(store, id);
    if (id === undefined || header?.ok !== true) return;
    this.#tip = { id, header: header.value, height, weight };
    const outline = store.get(layout.outline);
    const checked = outline === undefined ? undefined : this.#checkOutline(outline);
    if (outline !== undefined && checked?.ok === true) this.#taken = takenOf(outline, checked.value);
  }

  /** Whether an outline is that of a header that was taken. */
  #checkOutline(bytes: Uint8Array): Result<SnapshotOutline> {
    const outline = parseOutline(bytes);
    if (!outline.ok) return outline;
    const { height, blockId } = outline.value;
    const { store } = this.#parts;
    const id = height > 0 && height <= this.#tip.height ? readIdAt(store, height) : undefined;
    if (id === undefined || !equalBytes(id, blockId)) {
      return refuseChain('chain/snapshot-not-final', { got: height, expected: this.finalHeight });
    }
    const header = readHeaderOf(store, id);
    if (!header.ok) return header;
    const verified = verifyOutline(outline.value, header.value.stateRoot);
    return verified.ok ? outline : verified;
  }

  #placeOf(index: number): { readonly taken: Taken; readonly place: ChunkPlace } {
    const place = this.#taken?.places[index];
    assert(this.#taken !== undefined && place !== undefined, `there is no chunk ${index}`);
    return { taken: this.#taken, place };
  }

  #note(taken: Taken, index: number, bytes: Uint8Array): void {
    const entries = new Reader(bytes, 1).u32();
    taken.chunks[index] = { hash: chunkHash(bytes, this.#parts.kernel.hasher), entries };
    taken.count++;
  }

  #tipRecord(): [Uint8Array, Uint8Array] {
    const { height, weight } = this.#tip;
    return [layout.join, encodeJoin({ kind: 'headers', height, weight })];
  }

  /** Makes the block of the snapshot the head and the last final block. */
  #begin(manifest: SnapshotManifest, state: WorldState): ChainUpdate {
    const parts = this.#parts;
    const { height, blockHash } = manifest;
    parts.tree = new BlockTree([this.#tip]);
    parts.anchor = undefined;
    parts.headState = state;
    parts.pruned = { blocks: height, undo: height };
    parts.isPastMissing = parts.options.mode.kind !== 'pruned';
    parts.orphans.dropUpTo(height);
    parts.draft = undefined;
    this.#taken = undefined;
    const chunks = manifest.chunkHashes.length;
    parts.checkpoints.adopt(JOIN_SLOT, { block: { id: blockHash, height }, chunks });
    const writes = new StagedBatch(parts.store);
    for (const key of parts.garbage.splice(0)) writes.delete(key);
    writes.put(layout.checkpoint(JOIN_SLOT), encodeCheckpoint({ kind: 'complete', manifest }));
    writes.put(layout.pruned, encodePruned(parts.pruned));
    writes.delete(layout.outline);
    if (parts.isPastMissing) writes.put(layout.join, encodeJoin({ kind: 'past' }));
    else writes.delete(layout.join);
    finishBatch(parts, writes);
    return { kind: 'head', removed: [], added: [], batch: writes.finish(), finalised: [this.#tip] };
  }
}

function takenOf(bytes: Uint8Array, outline: SnapshotOutline): Taken {
  const places = chunkPlaces(outline);
  const chunks = new Array<undefined>(places.length).fill(undefined);
  return { id: outlineId(bytes), outline, places, chunks, count: 0 };
}

/** The manifest of the checkpoint that the chunks are. */
function manifestOf({ outline, places, chunks }: Taken, stateRoot: Hash): SnapshotManifest {
  const entriesOf = (map: ChunkPlace['map']) =>
    places.reduce((sum, place, i) => sum + (place.map === map ? (chunks[i]?.entries ?? 0) : 0), 0);
  return {
    height: outline.height,
    blockHash: outline.blockId,
    stateRoot,
    coinCount: entriesOf('coins'),
    storageCount: entriesOf('storage'),
    chunkHashes: chunks.map((chunk) => chunk?.hash ?? ZERO_HASH),
    cut: { coins: outline.coins.map(sizeOf), storage: outline.storage.map(sizeOf) },
  };
}

function sizeOf({ depth, bytes }: PieceSize): PieceSize {
  return { depth, bytes };
}
