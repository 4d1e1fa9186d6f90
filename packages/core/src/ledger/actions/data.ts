import { assert } from '../../base/assert.ts';
import { concatBytes } from '../../base/bytes.ts';
import { OK, type Result } from '../../base/result.ts';
import { parseUtf8, utf8Bytes } from '../../base/text.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { Action } from '../../primitives/action.ts';
import type { Address } from '../../primitives/address.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { StateView } from '../../state/view.ts';
import { refuseLedger } from '../rules.ts';
import type { ActionContext } from './action-context.ts';

/**
 * Notarises a hash: from its block on, anyone can prove that the author knew it then. Body: hash 32, note (the
 * rest). The note stays in the transaction; the state keeps who, what and when.
 */
export interface DataAction {
  readonly kind: 'data';
  /** 32 bytes of any hash function: the ledger does not look inside. */
  readonly hash: Hash;
  /** At most {@link NOTE_BYTES_MAX} bytes of UTF-8; may be empty. */
  readonly note: string;
}

/** The tag of a {@link DataAction}. */
export const DATA_TAG = 1;

/** A reference or a title; longer texts are notarised by their hash. */
const NOTE_BYTES_MAX = 256;

/** When a hash was notarised. Record: timeMs u64, height u32, txid 32. */
export interface DataRecord {
  readonly height: number;
  readonly timeMs: number;
  readonly txid: Hash;
}

/**
 * The action as it travels.
 *
 * @throws AssertionError when the hash has not 32 bytes or the note is too long
 */
export function encodeDataAction({ hash, note }: DataAction): Action {
  assert(hash.length === 32, `a notarised hash has 32 bytes, not ${hash.length}`);
  const noteBytes = utf8Bytes(note);
  assert(noteBytes.length <= NOTE_BYTES_MAX, `a note of ${noteBytes.length} bytes is too long`);
  return { tag: DATA_TAG, body: concatBytes(hash, noteBytes) };
}

/** Reads a body. Refuses by `codec/…` or `data/note`. */
export function parseDataAction(body: Uint8Array): Result<DataAction> {
  const reader = new Reader(body);
  const hash = reader.hash();
  const noteBytes = reader.take(reader.left);
  if (reader.failure !== undefined) return reader.failure;
  if (noteBytes.length > NOTE_BYTES_MAX) {
    return refuseLedger('data/note', { got: noteBytes.length, expected: NOTE_BYTES_MAX });
  }
  const note = parseUtf8(noteBytes);
  if (note === undefined) return refuseLedger('data/note', { why: 'not valid UTF-8' });
  return reader.finish({ kind: 'data', hash, note });
}

/** Writes the record, unless the author has notarised the hash before. */
export function applyDataAction({ hash }: DataAction, context: ActionContext): Result<undefined> {
  const { overlay, author, env, tx } = context;
  const before = readDataRecord(overlay, author, hash);
  if (before !== undefined) return refuseLedger('data/already-notarised', { height: before.height });
  const record = new Writer(44).u53(env.timeMs).u32(env.height).hash(tx.txid).finish();
  overlay.setValue(NAMESPACE.data, concatBytes(author, hash), record);
  return OK;
}

/** When an author notarised a hash, or undefined when it never did. */
export function readDataRecord(view: StateView, author: Address, hash: Hash): DataRecord | undefined {
  const value = view.value(NAMESPACE.data, concatBytes(author, hash));
  if (value === undefined) return undefined;
  const reader = new Reader(value);
  const timeMs = reader.u53();
  const height = reader.u32();
  const record = reader.finish({ height, timeMs, txid: reader.hash() });
  assert(record.ok, 'malformed data record');
  return record.value;
}
