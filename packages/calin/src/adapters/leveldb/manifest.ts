import { LevelBytes } from './level-bytes.ts';
import { scanLog } from './log.ts';

/** What a MANIFEST says about the files of its database. */
export interface LevelManifest {
  /** The tables that belong to the database: file number → length in bytes. */
  readonly tables: ReadonlyMap<number, number>;
  /** Write-ahead logs from this number on hold what is in no table yet; 0 in a database never written to. */
  readonly logNumber: number;
  /** LevelDB's count of operations when the MANIFEST was last written. */
  readonly lastSequence: number;
}

/**
 * Reads a MANIFEST: the changes since the database was opened, folded into the present set of files. A torn last
 * change is left out, as LevelDB does: it is of no weight before it is whole.
 *
 * @returns undefined when it is damaged
 * @see https://github.com/google/leveldb/blob/main/doc/impl.md
 */
export function readManifest(bytes: Uint8Array): LevelManifest | undefined {
  const scan = scanLog(bytes);
  if (scan.recordsAfterFault || scan.records.length === 0) return undefined;
  const state = { tables: new Map<number, number>(), logNumber: 0, lastSequence: 0 };
  for (const record of scan.records) {
    const edit = new LevelBytes(record);
    while (edit.left > 0 && !edit.failed) applyField(edit, state);
    if (edit.failed) return undefined;
  }
  return state;
}

interface MutableManifest {
  readonly tables: Map<number, number>;
  logNumber: number;
  lastSequence: number;
}

/** The tags of a version edit. */
const COMPARATOR = 1;
const LOG_NUMBER = 2;
const NEXT_FILE = 3;
const LAST_SEQUENCE = 4;
const COMPACT_POINTER = 5;
const DELETED_FILE = 6;
const NEW_FILE = 7;
const PREVIOUS_LOG = 9;

function applyField(edit: LevelBytes, state: MutableManifest): void {
  switch (edit.varint()) {
    case COMPARATOR:
      edit.prefixed();
      return;
    case LOG_NUMBER:
      state.logNumber = edit.varint();
      return;
    case LAST_SEQUENCE:
      state.lastSequence = edit.varint();
      return;
    case NEXT_FILE:
    case PREVIOUS_LOG:
      edit.varint();
      return;
    case COMPACT_POINTER:
      edit.varint();
      edit.prefixed();
      return;
    case DELETED_FILE:
      edit.varint();
      state.tables.delete(edit.varint());
      return;
    case NEW_FILE:
      addTable(edit, state);
      return;
    default:
      edit.failed = true;
  }
}

function addTable(edit: LevelBytes, state: MutableManifest): void {
  edit.varint();
  const number = edit.varint();
  const length = edit.varint();
  edit.prefixed();
  edit.prefixed();
  state.tables.set(number, length);
}
