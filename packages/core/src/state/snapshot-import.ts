import { equalBytes } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { OK, ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import { COIN_ENTRY_BYTES } from './coin-state.ts';
import { type Kernel, plainKernel } from './kernel.ts';
import { refuseState } from './rules.ts';
import type { SnapshotManifest } from './snapshot.ts';
import {
  chunkHash,
  chunkKeys,
  isAscending,
  parseChunk,
  SNAPSHOT_CHUNK_BYTES_MAX,
  type SnapshotChunk,
} from './snapshot-chunk.ts';
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
    for (const key of chunkKeys(chunk)) this.#last = { map: chunk.map, key };
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

  /** Coins before storage, and keys ascending. That they lie in the right pieces follows from their hash. */
  #checkOrder(chunk: SnapshotChunk): Failure | undefined {
    const last = this.#last;
    const index = this.#added;
    if (last !== undefined && last.map !== chunk.map && chunk.map === 'coins') {
      return refuseState('state/snapshot-canonical', { index, why: 'coins after storage' });
    }
    const previous = last?.map === chunk.map ? last.key : undefined;
    if (isAscending(chunk, previous)) return undefined;
    return refuseState('state/snapshot-canonical', { index, why: 'keys out of order' });
  }
}

/** What the next chunk is compared with. */
interface LastChunk {
  readonly map: SnapshotChunk['map'];
  readonly key: Hash;
}

function withChunk(state: WorldState, chunk: SnapshotChunk): WorldState {
  if (chunk.map === 'coins') return { ...state, coins: state.coins.load(chunk.coins) };
  return { ...state, storage: updateTree(state.storage, chunk.entries) };
}
