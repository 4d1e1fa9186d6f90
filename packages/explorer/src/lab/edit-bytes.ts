import { parseHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { parseAddress } from '@calin/core/primitives/address.ts';
import { type Field, findField, layoutBlock } from './block-fields.ts';
import { refuseLab } from './rules.ts';

/** The bytes with one of them changed; `value` from 0 to 255. */
export function withByte(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[offset] = value;
  return changed;
}

/** The bytes with one bit of the first byte of a field flipped. Refuses by `lab/field-gone`. */
export function flipBit(bytes: Uint8Array, path: string): Result<Uint8Array> {
  const field = findField(layoutBlock(bytes), path);
  if (field === undefined) return refuseLab('lab/field-gone', { field: path });
  return ok(withByte(bytes, field.start, (bytes[field.start] as number) ^ 1));
}

/** The bytes with another value in a field, which keeps its length. Refuses by `lab/field-gone` and `lab/value`. */
export function withField(bytes: Uint8Array, path: string, text: string, prefix: string): Result<Uint8Array> {
  const field = findField(layoutBlock(bytes), path);
  if (field === undefined) return refuseLab('lab/field-gone', { field: path });
  const value = parseFieldText(text, field, prefix);
  if (!value.ok) return value;
  const changed = bytes.slice();
  changed.set(value.value, field.start);
  return ok(changed);
}

/** The bytes of a text for a field: as many as the field has. Refuses by `lab/value`, or `codec/address`. */
export function parseFieldText(text: string, field: Field, prefix: string): Result<Uint8Array> {
  const length = field.end - field.start;
  const trimmed = text.trim();
  if (field.kind === 'address' && !/^[0-9a-f]{64}$/.test(trimmed)) return parseAddress(trimmed, prefix);
  if (field.kind === 'hash' || field.kind === 'bytes' || field.kind === 'address') {
    const bytes = parseHex(trimmed.toLowerCase());
    return bytes?.length === length
      ? ok(bytes)
      : refuseLab('lab/value', { field: field.name, expected: `${2 * length} digits 0-9 and a-f` });
  }
  const plain = trimmed.replaceAll(/[\s,_]/g, '');
  const value = /^\d{1,20}$/.test(plain) ? BigInt(plain) : undefined;
  if (value === undefined || value >= 256n ** BigInt(length)) {
    const expected = `0 to ${256n ** BigInt(length) - 1n}`;
    return refuseLab('lab/value', { field: field.name, expected });
  }
  return ok(Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 255n)));
}
