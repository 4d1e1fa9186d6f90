import { AssertionError, assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { StoreBatch } from './store.ts';
import { STORE_LIMITS } from './store.ts';

/**
 * Checks that a batch keeps the bounds of the port; every adapter calls it first.
 *
 * @throws AssertionError when it does not, which is a bug of the caller
 */
export function checkBatch(batch: StoreBatch): void {
  const { valueBytesMax, batchEntriesMax } = STORE_LIMITS;
  assert(batch.puts.length + batch.deletes.length <= batchEntriesMax, 'a batch has too many entries');
  for (const [key, value] of batch.puts) {
    if (!isKey(key)) throw new AssertionError(`not a key: ${toHex(key)}`);
    assert(value.length <= valueBytesMax, `a value is longer than ${valueBytesMax} bytes`);
  }
  for (const key of batch.deletes) if (!isKey(key)) throw new AssertionError(`not a key: ${toHex(key)}`);
}

function isKey(key: Uint8Array): boolean {
  return key.length > 0 && key.length <= STORE_LIMITS.keyBytesMax && key[0] !== 0xff;
}
