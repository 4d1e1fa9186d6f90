import { assert } from '../base/assert.ts';
import type { Reader } from '../codec/reader.ts';
import type { Writer } from '../codec/writer.ts';
import { ACTIONS_MAX } from './limits.ts';

/**
 * Something a transaction does beside moving coins, as it travels: tag u8, body length u24, body, zeros up to a
 * multiple of 4. The ledger knows what the tags mean (ledger/actions/).
 */
export interface Action {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** Bytes of a body that fit its length field. */
export const ACTION_BODY_BYTES_MAX = 0xff_ffff;

/** Writes one action. */
export function writeAction(writer: Writer, { tag, body }: Action): void {
  // A tag above one byte would run into the length and read as another action.
  assert(Number.isInteger(tag) && tag >= 0 && tag <= 0xff, `not an action tag: ${tag}`);
  assert(body.length <= ACTION_BODY_BYTES_MAX, `${body.length} bytes in an action`);
  const start = writer.length;
  writer
    .u32(tag + body.length * 0x100)
    .bytes(body)
    .pad4(start);
}

/** Reads actions that fill exactly `byteLength` bytes. */
export function readActions(reader: Reader, byteLength: number): readonly Action[] {
  const start = reader.offset;
  const end = start + reader.count(byteLength, byteLength, 1);
  const actions: Action[] = [];
  while (reader.offset < end && reader.failure === undefined) {
    if (actions.length === ACTIONS_MAX)
      reader.fail('codec/limit', { field: 'actions', expected: ACTIONS_MAX });
    const head = reader.u32();
    const bodyBytes = Math.floor(head / 0x100);
    reader.canonical(reader.offset + bodyBytes <= end, 'an action ends within the actions');
    const body = reader.take(bodyBytes);
    reader.pad4(start);
    actions.push({ tag: head % 0x100, body });
  }
  reader.canonical(reader.offset === end, 'the actions fill their length');
  return actions;
}
