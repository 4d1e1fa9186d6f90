import { assert } from '@calin/core/base/assert.ts';
import type { StudyEffect } from '../study-node.ts';
import type { RaftEntry, RaftMessage, RaftRecord } from './raft-messages.ts';

/** Entries of a log: it is never compacted, so a run ends before, and a leader that is there takes no more. */
export const LOG_ENTRIES_MAX = 100_000;

/** The key of an entry on the disk. */
const keyOf = (index: number) => `entry ${index}`;

/** A write of the log. */
type Save = Extract<StudyEffect<RaftMessage, RaftRecord>, { kind: 'save' }>;

/** The log of one machine; indexes begin with 1, and before that lies an entry of term 0. */
export class RaftLog {
  readonly #entries: RaftEntry[] = [];

  /** Reads what the disk holds: entries are written in order and forgotten from the end, so there are no gaps. */
  static open(disk: ReadonlyMap<string, RaftRecord>): RaftLog {
    const log = new RaftLog();
    for (let index = 1; index <= LOG_ENTRIES_MAX; index++) {
      const record = disk.get(keyOf(index));
      if (record?.kind !== 'entry') break;
      log.#entries.push(record.entry);
    }
    return log;
  }

  /** Index of the last entry; 0 of an empty log. */
  get lastIndex(): number {
    return this.#entries.length;
  }

  get lastTerm(): number {
    return this.termAt(this.lastIndex) ?? 0;
  }

  /** Term of an entry; 0 before the first one, undefined after the last one. */
  termAt(index: number): number | undefined {
    return index === 0 ? 0 : this.#entries[index - 1]?.term;
  }

  /** An entry that is there. */
  at(index: number): RaftEntry {
    const entry = this.#entries[index - 1];
    assert(entry !== undefined, `no entry ${index}`);
    return entry;
  }

  /** Up to `count` entries from an index on. */
  from(index: number, count: number): readonly RaftEntry[] {
    return this.#entries.slice(index - 1, index - 1 + count);
  }

  /** The first index of the term that an entry has: where to look for agreement next (end of section 5.3). */
  startOfTerm(index: number): number {
    const term = this.termAt(index);
    let first = index;
    while (first > 1 && this.termAt(first - 1) === term) first -= 1;
    return first;
  }

  /** Adds an entry at the end. */
  append(entry: RaftEntry): Save {
    this.#entries.push(entry);
    return { kind: 'save', key: keyOf(this.lastIndex), record: { kind: 'entry', entry } };
  }

  /** Takes a leader's entries after an index that agrees: figure 2, AppendEntries, steps 3 and 4. */
  merge(prevIndex: number, entries: readonly RaftEntry[]): readonly Save[] {
    const saves: Save[] = [];
    for (const [i, entry] of entries.entries()) {
      const index = prevIndex + 1 + i;
      if (this.termAt(index) === entry.term) continue;
      while (this.lastIndex >= index) saves.push(this.#forgetLast());
      if (this.lastIndex < LOG_ENTRIES_MAX) saves.push(this.append(entry));
    }
    return saves;
  }

  #forgetLast(): Save {
    const key = keyOf(this.lastIndex);
    this.#entries.pop();
    return { kind: 'save', key, record: undefined };
  }
}
