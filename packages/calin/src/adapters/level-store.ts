import { crc32 } from 'node:zlib';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { checkBatch } from '@calin/core/ports/check-batch.ts';
import type { Store, StoreBatch, StoreFailure } from '@calin/core/ports/store.ts';
import { STORE_LIMITS } from '@calin/core/ports/store.ts';
import { refuseAdapter } from '../rules.ts';
import { COMMIT_KEY, encodeCommit } from './leveldb/check.ts';
import { StoreCorruption } from './store-corruption.ts';
import type { Witness } from './witness.ts';

/**
 * Commits that wait are written together up to this size: small ones become 12 times cheaper (0.21 to 0.017 ms), and
 * beyond a megabyte the disk is the limit and a larger group gains nothing.
 */
const GROUP_BYTES_MAX = 1024 * 1024;
const CHECKSUM_BYTES = 4;
/** Memory for one value with its checksum that is kept: the largest values that come often, chunks, are 256 KiB. */
const SCRATCH_BYTES = 512 * 1024;

/** The part of classic-level that the store uses. */
export interface LevelDatabase {
  getSync(key: Uint8Array): Uint8Array | undefined;
  /** @param operations - each value is good until the next operation is asked for */
  batch(operations: Iterable<LevelOperation>, options: { readonly sync: boolean }): Promise<void>;
  compactRange(start: Uint8Array, end: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** One change, as classic-level takes it. */
export type LevelOperation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

/** What the constructor needs; {@link openLevelStore} makes it. */
export interface LevelStoreDependencies {
  readonly level: LevelDatabase;
  readonly witness: Witness;
  /** The number of the last commit on disk. */
  readonly lastCommit: number;
}

/** A commit that is not on disk yet. */
interface Pending {
  readonly commit: number;
  /** Without checksums. */
  readonly operations: readonly LevelOperation[];
  /** The keys of the operations on the overlay. */
  readonly texts: string[];
  readonly bytes: number;
  readonly done: (failure?: StoreFailure) => void;
}

/**
 * The store on disk: LevelDB, one synced batch per group of commits. Reads see what waits, through an overlay. Every
 * value carries a checksum over key and value, and the {@link Witness} is told before a commit is acknowledged.
 *
 * @see docs/reference/storage.md
 */
export class LevelStore implements Store {
  readonly #level: LevelDatabase;
  readonly #witness: Witness;
  /** What waits to be written: the newest change of each key, and the commit it belongs to. */
  readonly #overlay = new Map<string, { readonly commit: number; readonly value: Uint8Array | undefined }>();
  readonly #queue: Pending[] = [];
  /** Where a value and its checksum are put together: memory touched for the first time costs more than a copy. */
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  #lastCommit: number;
  #failure: StoreFailure | undefined;
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #closed = false;

  constructor({ level, witness, lastCommit }: LevelStoreDependencies) {
    this.#level = level;
    this.#witness = witness;
    this.#lastCommit = lastCommit;
  }

  /** @throws StoreCorruption when the value is not what was written */
  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#overlay.size > 0) {
      const waiting = this.#overlay.get(textOf(key));
      if (waiting !== undefined) return waiting.value;
    }
    assert(!this.#closed, 'the store was read after it had been closed');
    return readChecked(this.#level, key);
  }

  commit(batch: StoreBatch, done: (failure?: StoreFailure) => void): void {
    checkBatch(batch);
    if (this.#failure !== undefined) {
      done(this.#failure);
      return;
    }
    assert(
      this.#queue.length < STORE_LIMITS.pendingCommitsMax,
      'more commits than pendingCommitsMax are waiting',
    );
    const commit = ++this.#lastCommit;
    this.#queue.push({ commit, ...this.#prepare(batch, commit), done });
    this.#writing ??= this.#writeAll();
  }

  /**
   * Rewrites what is stored between two keys, so that the disk gets back the space of what was deleted or replaced. May
   * take minutes; reads and commits go on meanwhile.
   */
  async compact(start: Uint8Array, end: Uint8Array): Promise<StoreFailure | undefined> {
    assert(!this.#closed, 'the store was compacted after it had been closed');
    try {
      await this.#level.compactRange(start, end);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  /** Writes what waits, then closes. Later commits fail with `store/closed`; closing again waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writing;
    this.#failure ??= refuseAdapter('store/closed').error;
    this.#closed = true;
    await this.#witness.close();
    await this.#level.close();
  }

  /** Makes the operations of a batch and puts them on the overlay. */
  #prepare(batch: StoreBatch, commit: number): Pick<Pending, 'operations' | 'texts' | 'bytes'> {
    const operations: LevelOperation[] = [];
    const texts: string[] = [];
    const add = (operation: LevelOperation, value: Uint8Array | undefined): void => {
      const text = textOf(operation.key);
      operations.push(operation);
      texts.push(text);
      this.#overlay.set(text, { commit, value });
    };
    let bytes = 0;
    for (const key of batch.deletes) {
      add({ type: 'del', key }, undefined);
      bytes += key.length;
    }
    for (const [key, value] of batch.puts) {
      add({ type: 'put', key, value }, value);
      bytes += key.length + value.length;
    }
    return { operations, texts, bytes };
  }

  async #writeAll(): Promise<void> {
    // Commits given in the same turn of the event loop are written together.
    await Promise.resolve();
    while (this.#queue.length > 0 && this.#failure === undefined) await this.#writeGroup(this.#takeGroup());
    this.#writing = undefined;
  }

  #takeGroup(): Pending[] {
    let [length, bytes] = [1, (this.#queue[0] as Pending).bytes];
    for (; length < this.#queue.length; length++) {
      bytes += (this.#queue[length] as Pending).bytes;
      if (bytes > GROUP_BYTES_MAX) break;
    }
    return this.#queue.splice(0, length);
  }

  async #writeGroup(group: readonly Pending[]): Promise<void> {
    const { commit } = group.at(-1) as Pending;
    try {
      await this.#level.batch(this.#operationsOf(group, commit), { sync: true });
      this.#witness.write(commit);
    } catch (error) {
      this.#fail(group, error);
      return;
    }
    this.#witness.syncLazily();
    for (const { texts } of group) {
      for (const text of texts) {
        const waiting = this.#overlay.get(text);
        if (waiting !== undefined && waiting.commit <= commit) this.#overlay.delete(text);
      }
    }
    for (const { done } of group) done();
  }

  /** What a group changes, each value with its checksum, put together when it is asked for. */
  *#operationsOf(group: readonly Pending[], commit: number): Generator<LevelOperation, void, undefined> {
    yield { type: 'put', key: COMMIT_KEY, value: this.#withChecksum(COMMIT_KEY, encodeCommit(commit)) };
    for (const { operations } of group) {
      for (const operation of operations) {
        if (operation.type === 'del') yield operation;
        else {
          const { key, value } = operation;
          yield { type: 'put', key, value: this.#withChecksum(key, value) };
        }
      }
    }
  }

  #withChecksum(key: Uint8Array, value: Uint8Array): Uint8Array {
    const length = CHECKSUM_BYTES + value.length;
    const stored = length <= SCRATCH_BYTES ? this.#scratch.subarray(0, length) : Buffer.allocUnsafe(length);
    stored.writeUInt32LE(checksumOf(key, value), 0);
    stored.set(value, CHECKSUM_BYTES);
    return stored;
  }

  /** The overlay stays: reads go on seeing what was handed over until the node has stopped. */
  #fail(group: readonly Pending[], error: unknown): void {
    this.#failure = failureOf(error);
    for (const { done } of [...group, ...this.#queue.splice(0)]) done(this.#failure);
  }
}

/**
 * Reads a value and checks its checksum.
 *
 * @throws StoreCorruption when it is wrong, or when LevelDB cannot read its files
 */
export function readChecked(level: LevelDatabase, key: Uint8Array): Uint8Array | undefined {
  let stored: Uint8Array | undefined;
  try {
    stored = level.getSync(key);
  } catch (error) {
    throw new StoreCorruption({ key: toHex(key), why: reasonOf(error) });
  }
  if (stored === undefined) return undefined;
  const value = stored.subarray(CHECKSUM_BYTES);
  const expected = checksumOf(key, value);
  const got =
    stored.length < CHECKSUM_BYTES ? -1 : new DataView(stored.buffer, stored.byteOffset).getUint32(0, true);
  if (got !== expected) throw new StoreCorruption({ key: toHex(key), why: 'wrong checksum', got, expected });
  return value;
}

/** Says in the rules' words why LevelDB refused. */
export function failureOf(error: unknown): StoreFailure {
  const why = reasonOf(error);
  const isFull = /no space left|file too large|quota exceeded|ENOSPC|EFBIG|EDQUOT/i.test(why);
  return refuseAdapter(isFull ? 'store/disk-full' : 'store/io', { why }).error;
}

/** The innermost message of an error; classic-level wraps LevelDB's. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

/** CRC-32 over key and value, so that a value found under another key is noticed too. */
function checksumOf(key: Uint8Array, value: Uint8Array): number {
  return crc32(value, crc32(key));
}

/** A map key: one UTF-16 unit per byte. */
function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}
