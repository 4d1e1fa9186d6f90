import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseAdapter } from '../rules.ts';
import { writeDurably } from './durable-file.ts';

/** A held lock. */
export interface FolderLock {
  /** Gives it back; again is harmless. */
  release(): void;
}

/** Who holds a lock, as its file says. */
interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the system's own measure; tells a process from a later one with its number. */
  readonly started: string;
}

/** Locks of this process, for which its number says nothing. */
const held = new Set<string>();

/**
 * Takes the lock of a folder, or says who holds it. What a process left behind that no longer runs is taken over.
 *
 * The file tells people and tools who is there; two processes that start in the same instant are told apart by
 * LevelDB's lock on the store, which the system itself keeps and drops with the process. That one also decides when
 * the file comes from another machine or container, whose processes cannot be seen from here.
 *
 * @param path - the lock file
 */
export function acquireFolderLock(path: string): Result<FolderLock> {
  const file = resolve(path);
  const holder = readHolder(file);
  if (held.has(file) || (holder !== undefined && isRunning(holder))) {
    return refuseAdapter('store/locked', {
      file,
      pid: holder?.pid ?? process.pid,
      since: holder?.started ?? '',
    });
  }
  const mine: LockHolder = { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? '' };
  try {
    writeDurably(file, `${JSON.stringify(mine)}\n`);
  } catch (error) {
    return refuseAdapter('folder/io', { file, why: error instanceof Error ? error.message : String(error) });
  }
  held.add(file);
  let released = false;
  return ok({
    release() {
      if (released) return;
      released = true;
      held.delete(file);
      rmSync(file, { force: true });
    },
  });
}

function readHolder(file: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, host, started } = value as Record<keyof LockHolder, unknown>;
    const isHolder = Number.isSafeInteger(pid) && typeof host === 'string' && typeof started === 'string';
    return isHolder ? { pid: pid as number, host, started } : undefined;
  } catch {
    // Absent, or torn by a crash of the machine: nobody can be holding it.
    return undefined;
  }
}

/** True when the holder is another process of this machine that still runs. */
function isRunning({ pid, host, started }: LockHolder): boolean {
  if (host !== hostname() || pid === process.pid || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (startOf(pid) ?? started) === started;
}

/**
 * When a process started, in clock ticks after the boot, with the boot's id; `ended` for one that has ended, undefined
 * where Linux's /proc is not.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may hold spaces; the start is the 20th field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; it only waits until its parent asks how.
    if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
    const ticks = fields[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}:${ticks}`;
  } catch {
    return undefined;
  }
}
