import { mkdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { ClassicLevel } from 'classic-level';
import { refuseAdapter } from '../rules.ts';
import { failureOf, type LevelDatabase, LevelStore, readChecked, reasonOf } from './level-store.ts';
import { COMMIT_KEY, checkLevelFolder, decodeCommit, type LogFault } from './leveldb/check.ts';
import { StoreCorruption } from './store-corruption.ts';
import { createWitness, readWitness } from './witness.ts';

/** Choices for {@link openLevelStore}. */
export interface OpenLevelStoreOptions {
  /** Belongs to the store alone; made when it does not exist. */
  readonly folder: string;
  /** Go on from the last whole commit when the newest ones are gone; see `store/lost-tail`. Off when left out. */
  readonly recover?: boolean;
  /** How many bytes of tables are checked before opening, newest first; 1 GiB (about 2 s) when left out. */
  readonly checkedTableBytesMax?: number;
}

/** An open store and what was noticed on the way. */
export interface OpenedLevelStore {
  readonly store: LevelStore;
  /** The last commit on disk, counted from the store's first; 0 in a new one. */
  readonly lastCommit: number;
  /** Commits that had been acknowledged and are gone. Only ever above 0 with `recover`. */
  readonly lostCommits: number;
  /** Tables whose checksums were not read because of `checkedTableBytesMax`. */
  readonly tablesSkipped: number;
}

/**
 * LevelDB's options. Measured with 500 synced batches of a block of 5,000 transfers each, its receipts and its undo
 * record (2.3 MB): processor time of all threads for each transfer, and the slowest of a hundred commits.
 *
 * - Snappy and a write buffer of 32 MiB 4.5 µs, without Snappy 2.6 µs, without it and with 128 MiB 1.7 µs. Most of what
 *   a node stores are keys, hashes and signatures, which do not compress: it would save a seventh of the disk.
 * - Larger write buffers make fewer and larger tables, so less is merged again; 64 MiB cost at most 128 MiB of memory.
 */
const LEVEL_OPTIONS = {
  keyEncoding: 'view',
  valueEncoding: 'view',
  compression: false,
  writeBufferSize: 64 * 1024 * 1024,
  maxFileSize: 16 * 1024 * 1024,
  cacheSize: 32 * 1024 * 1024,
} as const;

/**
 * Opens or makes the store of a folder, after checking that what is there is what was acknowledged. Nothing is
 * repaired unless `recover` says so.
 *
 * @returns the store, or `store/locked`, `store/damaged`, `store/lost-tail`, `store/disk-full`, `store/io`
 */
export async function openLevelStore(options: OpenLevelStoreOptions): Promise<Result<OpenedLevelStore>> {
  try {
    mkdirSync(options.folder, { recursive: true });
    return await openChecked(options);
  } catch (error) {
    if (error instanceof StoreCorruption) return { ok: false, error: error.refusal };
    return { ok: false, error: failureOf(error) };
  }
}

async function openChecked(options: OpenLevelStoreOptions): Promise<Result<OpenedLevelStore>> {
  const { folder, recover = false, checkedTableBytesMax = 1024 ** 3 } = options;
  if (await isLocked(folder)) return refuseAdapter('store/locked', { folder });
  const check = await checkLevelFolder(folder, { tableBytesMax: checkedTableBytesMax });
  if (!check.ok) return check;
  const { fresh, lastCommit, logFault, tablesSkipped } = check.value;
  const witness = await witnessOf(folder, fresh);
  if (!witness.ok) return witness;
  if (logFault !== undefined && (logFault.commitsFollow || (lastCommit ?? witness.value) < witness.value)) {
    if (!recover) return lostTail(lastCommit, witness.value, logFault);
    await cutLog(folder, logFault);
  }
  const opened = await openLevel(folder);
  if (!opened.ok) return opened;
  const level = opened.value;
  try {
    const stored = readChecked(level, COMMIT_KEY);
    const onDisk = stored === undefined ? 0 : decodeCommit(stored);
    if (onDisk >= witness.value || recover)
      return ok(assemble(options, level, onDisk, witness.value, tablesSkipped));
    await level.close();
    return lostTail(onDisk, witness.value);
  } catch (error) {
    await level.close();
    throw error;
  }
}

function assemble(
  options: OpenLevelStoreOptions,
  level: LevelDatabase,
  lastCommit: number,
  acknowledged: number,
  tablesSkipped: number,
): OpenedLevelStore {
  const witness = createWitness(options.folder, lastCommit);
  const store = new LevelStore({ level, witness, lastCommit });
  return { store, lastCommit, lostCommits: Math.max(0, acknowledged - lastCommit), tablesSkipped };
}

/** The witness is made before the database, so a database without one has been tampered with. */
async function witnessOf(folder: string, fresh: boolean): Promise<Result<number>> {
  const witness = readWitness(folder);
  if (witness === 'missing' && fresh) {
    await createWitness(folder, 0).close();
    return ok(0);
  }
  if (typeof witness === 'number' && (!fresh || witness === 0)) return ok(witness);
  const why = typeof witness === 'number' ? 'the database is gone' : `it is ${witness}`;
  return refuseAdapter('store/damaged', { file: typeof witness === 'number' ? 'CURRENT' : 'witness', why });
}

/**
 * Asks LevelDB for its lock and nothing else: it takes the lock before it refuses, and changes nothing, when told
 * that no database may be there.
 */
async function isLocked(folder: string): Promise<boolean> {
  const probe = new ClassicLevel(folder, { createIfMissing: false, errorIfExists: true });
  try {
    await probe.open();
  } catch (error) {
    return isLockError(error);
  }
  await probe.close();
  return false;
}

async function openLevel(folder: string): Promise<Result<LevelDatabase>> {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(folder, LEVEL_OPTIONS);
  try {
    await level.open();
    return ok(databaseOf(level));
  } catch (error) {
    if (isLockError(error)) return refuseAdapter('store/locked', { folder });
    const why = reasonOf(error);
    return /corruption/i.test(why)
      ? refuseAdapter('store/damaged', { folder, why })
      : { ok: false, error: failureOf(error) };
  }
}

/** How long operations are put together at a stretch, before events come in between. */
const STRETCH_MS = 4;

/** A chained batch takes its operations one by one, without a copy of each: half the time of an array of them. */
function databaseOf(level: ClassicLevel<Uint8Array, Uint8Array>): LevelDatabase {
  return {
    getSync: (key) => level.getSync(key),
    async batch(operations, options) {
      const batch = level.batch();
      let endMs = performance.now() + STRETCH_MS;
      for (const operation of operations) {
        if (performance.now() > endMs) {
          await setImmediate();
          endMs = performance.now() + STRETCH_MS;
        }
        if (operation.type === 'put') batch.put(operation.key, operation.value);
        else batch.del(operation.key);
      }
      await batch.write(options);
    },
    compactRange: (start, end) => level.compactRange(start, end),
    close: () => level.close(),
  };
}

function isLockError(error: unknown): boolean {
  const causes = [error, error instanceof Error ? error.cause : undefined];
  return causes.some((cause) => cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED');
}

/** Cuts the logs where they stop being whole. What is left is what the store was after its last whole commit. */
async function cutLog(folder: string, fault: LogFault): Promise<void> {
  // The later ones first: an interrupted cut must not leave commits behind a gap.
  for (const file of fault.laterFiles.toReversed()) await rm(join(folder, file));
  const log = await open(join(folder, fault.file), 'r+');
  await log.truncate(fault.offset);
  await log.sync();
  await log.close();
}

function lostTail(lastCommit: number | undefined, acknowledged: number, fault?: LogFault): Result<never> {
  const where = fault === undefined ? {} : { file: fault.file, offset: fault.offset };
  return refuseAdapter('store/lost-tail', { got: lastCommit ?? 'unknown', expected: acknowledged, ...where });
}
