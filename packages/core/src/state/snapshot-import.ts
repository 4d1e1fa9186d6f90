import { compareBytes, equalBytes } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { OK, ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import { COIN_ENTRY_BYTES } from './coin-state.ts';
import { type Kernel, plainKernel } from './kernel.ts';
import { refuseState } from './rules.ts';
import {
  chunkHash,
  chunkKeys,
  parseChunk,
  SNAPSHOT_CHUNK_BYTES_MAX,
  type SnapshotChunk,
  type SnapshotManifest,
} from './snapshot.ts';
import { treeSize, updateTree } from './tree.ts';
import { stateRoot, type WorldState } from './world-state.ts';

/**
 * Builds a state from the chunks of a snapshot, one after the other. A refused chunk changes nothing, so the right one
 * can be given instead. The manifest is only as good as its source: the caller compares its height, block hash and
 * state root with a header that it trusts.
 */
export class SnapshotImport {
  readonly #manifest: SnapshotManifest;
  readonly #kernel: Kernel;
  #state: WorldState;
  #added = 0;
  #last: LastChunk | undefined;

  /** @param kernel - makes the state; the reference's when left out */
  constructor(manifest: SnapshotManifest, kernel: Kernel = plainKernel) {
    this.#manifest = manifest;
    this.#kernel = kernel;
    this.#state = kernel.emptyState();
  }

  /** Chunks added so far, which is the index of the one that is wanted next. */
  get added(): number {
    return this.#added;
  }

  /** Adds the next chunk; refuses by `state/snapshot-chunk-…`, `state/snapshot-canonical` or `codec/…`. */
  add(bytes: Uint8Array): Result<undefined> {
    const index = this.#added;
    const expected = this.#manifest.chunkHashes[index];
    if (expected === undefined) return refuseState('state/snapshot-chunk-extra', { expected: index });
    if (
      bytes.length > SNAPSHOT_CHUNK_BYTES_MAX ||
      !equalBytes(chunkHash(bytes, this.#kernel.hasher), expected)
    ) {
      return refuseState('state/snapshot-chunk-hash', { index, bytes: bytes.length });
    }
    const parsed = parseChunk(bytes);
    if (!parsed.ok) return parsed;
    const chunk = parsed.value;
    const fault = this.#checkOrder(chunk);
    if (fault !== undefined) return fault;
    if (chunk.map === 'coins' && !this.#state.coins.hasRoomFor(chunk.coins.length / COIN_ENTRY_BYTES)) {
      return refuseState('state/full', { coins: this.#state.coins.size });
    }
    this.#state = withChunk(this.#state, chunk);
    for (const key of chunkKeys(chunk)) this.#last = { map: chunk.map, key, bytes: bytes.length };
    this.#added++;
    return OK;
  }

  /**
   * The state, once all chunks are in; refuses by `state/snapshot-incomplete`, `state/snapshot-count` or
   * `state/snapshot-root`.
   */
  finish(): Result<WorldState> {
    const { chunkHashes, coinCount, storageCount, stateRoot: expected } = this.#manifest;
    if (this.#added < chunkHashes.length) {
      return refuseState('state/snapshot-incomplete', { got: this.#added, expected: chunkHashes.length });
    }
    const { coins, storage } = this.#state;
    if (coins.size !== coinCount || treeSize(storage) !== storageCount) {
      return refuseState('state/snapshot-count', { coins: coins.size, storage: treeSize(storage) });
    }
    return equalBytes(stateRoot(this.#state), expected)
      ? ok(this.#state)
      : refuseState('state/snapshot-root');
  }

  /** Coins before storage, keys ascending, and no chunk that could have held the first entry of the next. */
  #checkOrder(chunk: SnapshotChunk): Failure | undefined {
    const { map, firstBytes } = chunk;
    const last = this.#last;
    const index = this.#added;
    let previous: Hash | undefined;
    if (last !== undefined && last.map === map) {
      if (last.bytes + firstBytes <= SNAPSHOT_CHUNK_BYTES_MAX) {
        return refuseState('state/snapshot-canonical', { index, why: 'the chunk before is not full' });
      }
      previous = last.key;
    } else if (last !== undefined && map === 'coins') {
      return refuseState('state/snapshot-canonical', { index, why: 'coins after storage' });
    }
    for (const key of chunkKeys(chunk)) {
      if (previous !== undefined && compareBytes(previous, key) >= 0) {
        return refuseState('state/snapshot-canonical', { index, why: 'keys out of order' });
      }
      previous = key;
    }
    return undefined;
  }
}

/** What the next chunk is compared with. */
interface LastChunk {
  readonly map: SnapshotChunk['map'];
  readonly key: Hash;
  readonly bytes: number;
}

function withChunk(state: WorldState, chunk: SnapshotChunk): WorldState {
  if (chunk.map === 'coins') return { ...state, coins: state.coins.load(chunk.coins) };
  return { ...state, storage: updateTree(state.storage, chunk.entries) };
}
