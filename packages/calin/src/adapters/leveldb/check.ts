import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseAdapter } from '../../rules.ts';
import { LevelBytes } from './level-bytes.ts';
import { scanLog } from './log.ts';
import { type LevelManifest, readManifest } from './manifest.ts';
import { findTableFault } from './table.ts';

/** What {@link checkLevelFolder} found in a folder whose tables and MANIFEST are whole. */
export interface LevelCheck {
  /** True when the folder holds no database yet. */
  readonly fresh: boolean;
  /** The number of the last whole commit in the logs; undefined when no log holds one. */
  readonly lastCommit: number | undefined;
  /** Where the logs stop being whole, if they do. */
  readonly logFault: LogFault | undefined;
  readonly tablesChecked: number;
  /** Tables that were left out because of {@link LevelCheckOptions.tableBytesMax}. */
  readonly tablesSkipped: number;
}

/** A place in a write-ahead log from which on commits are missing. */
export interface LogFault {
  readonly file: string;
  readonly offset: number;
  /** True when whole commits follow: then it is not a torn write but damage, whatever the witness says. */
  readonly commitsFollow: boolean;
  /** The logs after this one, which hold commits that no longer follow from what is before them. */
  readonly laterFiles: readonly string[];
}

/** Bounds of {@link checkLevelFolder}. */
export interface LevelCheckOptions {
  /** How many bytes of tables are read, newest first; about 2 s per GiB. */
  readonly tableBytesMax: number;
}

/**
 * Reads the files of a LevelDB database before LevelDB does, and checks every checksum in them: LevelDB would skip
 * damaged parts of a log, then rewrite the log without them, and would read damaged tables as they are.
 *
 * Nobody may write to the folder meanwhile. Refuses with `store/damaged` when the database cannot be trusted as a
 * whole; a fault in the logs is reported, since everything before it can be.
 */
export async function checkLevelFolder(
  folder: string,
  options: LevelCheckOptions,
): Promise<Result<LevelCheck>> {
  const names = await readdir(folder);
  if (!names.includes('CURRENT')) return checkFresh(names);
  const current = (await readFile(join(folder, 'CURRENT'))).toString('latin1');
  const file = /^(MANIFEST-\d{6,})\n$/.exec(current)?.[1];
  if (file === undefined) return damaged('CURRENT', 'it names no MANIFEST');
  if (!names.includes(file)) return damaged(file, 'it is missing');
  const manifest = readManifest(await readFile(join(folder, file)));
  if (manifest === undefined) return damaged(file, 'a checksum or a field is wrong');
  const logs = await checkLogs(folder, names, manifest);
  if (!logs.ok) return logs;
  const tables = await checkTables(folder, manifest, options.tableBytesMax);
  return tables.ok ? ok({ fresh: false, ...logs.value, ...tables.value }) : tables;
}

/** Without CURRENT LevelDB would begin an empty database over what is left of the old one. */
function checkFresh(names: readonly string[]): Result<LevelCheck> {
  const left = names.find((name) => /^(MANIFEST-\d+|\d+\.(log|ldb|sst))$/.test(name));
  // A MANIFEST alone is what a crash in the very first moment leaves behind.
  if (left !== undefined && left !== 'MANIFEST-000001')
    return damaged('CURRENT', `it is missing, but ${left} is there`);
  return ok({ fresh: true, lastCommit: undefined, logFault: undefined, tablesChecked: 0, tablesSkipped: 0 });
}

type LogsCheck = Pick<LevelCheck, 'lastCommit' | 'logFault'>;

async function checkLogs(
  folder: string,
  names: readonly string[],
  manifest: LevelManifest,
): Promise<Result<LogsCheck>> {
  const logs = names
    .filter((name) => /^\d{6,}\.log$/.test(name) && Number.parseInt(name, 10) >= manifest.logNumber)
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const first = logs[0];
  // The log that a MANIFEST names is made before it, and deleted only after the MANIFEST names a later one.
  if (manifest.logNumber > 0 && (first === undefined || Number.parseInt(first, 10) !== manifest.logNumber)) {
    return damaged(`${String(manifest.logNumber).padStart(6, '0')}.log`, 'it is missing');
  }
  const chain = new CommitChain(manifest.lastSequence);
  for (const file of logs) chain.add(file, await readFile(join(folder, file)));
  return chain.finish();
}

/** Follows the commits through the logs: each begins at the operation number at which the one before it ended. */
class CommitChain {
  readonly #lastSequence: number;
  #nextSequence: number | undefined;
  #lastCommit: number | undefined;
  #fault: { file: string; offset: number; commitsFollow: boolean; laterFiles: string[] } | undefined;
  #gap: string | undefined;

  constructor(lastSequence: number) {
    this.#lastSequence = lastSequence;
  }

  add(file: string, bytes: Uint8Array): void {
    const { records, faultAt, recordsAfterFault } = scanLog(bytes);
    if (this.#fault !== undefined) {
      this.#fault.laterFiles.push(file);
      this.#fault.commitsFollow ||= records.length > 0 || recordsAfterFault;
      return;
    }
    for (const record of records) if (!this.#follow(record)) this.#gap ??= file;
    if (faultAt === undefined) return;
    this.#fault = { file, offset: faultAt, commitsFollow: recordsAfterFault, laterFiles: [] };
  }

  finish(): Result<LogsCheck> {
    if (this.#gap !== undefined) return damaged(this.#gap, 'commits are missing in the middle');
    return ok({ lastCommit: this.#lastCommit, logFault: this.#fault });
  }

  #follow(record: Uint8Array): boolean {
    const batch = new LevelBytes(record);
    const [sequence, count] = [batch.u64(), batch.u32()];
    // What is in tables already may be in the log too, but nothing may be in neither.
    const follows =
      this.#nextSequence === undefined ? sequence <= this.#lastSequence + 1 : sequence === this.#nextSequence;
    this.#nextSequence = sequence + count;
    this.#lastCommit = readCommit(batch) ?? this.#lastCommit;
    return follows && !batch.failed;
  }
}

/** The key under which each batch, as its first operation, puts the number of its last commit. */
export const COMMIT_KEY: Uint8Array = Uint8Array.of(0xff, 0x63);

/** The number of a commit as it is stored under {@link COMMIT_KEY}, after its checksum; u64, little-endian. */
export function encodeCommit(commit: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(commit));
  return bytes;
}

/** Reads what {@link encodeCommit} wrote. */
export function decodeCommit(bytes: Uint8Array): number {
  return new LevelBytes(bytes).u64();
}

function readCommit(batch: LevelBytes): number | undefined {
  const isPut = batch.u8() === 1;
  const [key, value] = [batch.prefixed(), batch.prefixed()];
  const isCommit = isPut && Buffer.compare(key, COMMIT_KEY) === 0 && value.length === 12;
  return isCommit ? decodeCommit(value.subarray(4)) : undefined;
}

type TablesCheck = Pick<LevelCheck, 'tablesChecked' | 'tablesSkipped'>;

async function checkTables(
  folder: string,
  manifest: LevelManifest,
  bytesMax: number,
): Promise<Result<TablesCheck>> {
  let [bytesLeft, tablesChecked] = [bytesMax, 0];
  const newestFirst = [...manifest.tables].toSorted(([a], [b]) => b - a);
  for (const [number, length] of newestFirst) {
    const file = await findTable(folder, number);
    if (file === undefined) return damaged(`${String(number).padStart(6, '0')}.ldb`, 'it is missing');
    if (file.size !== length)
      return damaged(file.name, 'its length is wrong', { got: file.size, expected: length });
    bytesLeft -= length;
    if (bytesLeft < 0) continue;
    const why = findTableFault(await readFile(join(folder, file.name)));
    if (why !== undefined) return damaged(file.name, why);
    tablesChecked++;
  }
  return ok({ tablesChecked, tablesSkipped: newestFirst.length - tablesChecked });
}

/** LevelDB writes `.ldb` and also reads the older `.sst`. */
async function findTable(
  folder: string,
  number: number,
): Promise<{ name: string; size: number } | undefined> {
  for (const ending of ['ldb', 'sst']) {
    const name = `${String(number).padStart(6, '0')}.${ending}`;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found !== undefined) return { name, size: found.size };
  }
  return undefined;
}

function damaged(file: string, why: string, more: Evidence = {}): Result<never> {
  return refuseAdapter('store/damaged', { file, why, ...more });
}
