import { toHex } from '@calin/core/base/bytes.ts';

/**
 * Test vectors as JSON that other languages read: bytes are hexadecimal, big integers decimal text, and keys keep
 * the order in which the code wrote them.
 *
 * @throws Error on a value that JSON would change or drop in silence
 */
export function formatVectors(sections: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(sections, plain, 2)}\n`;
}

function plain(key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'bigint') return value.toString();
  const lost = typeof value === 'function' || (typeof value === 'number' && !Number.isFinite(value));
  if (lost || value instanceof Map || value instanceof Set) {
    throw new Error(`a vector holds a value that JSON cannot carry, at "${key}"`);
  }
  return value;
}
