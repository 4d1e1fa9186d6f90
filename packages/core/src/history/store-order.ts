import { assert } from '../base/assert.ts';

/** More than a block has transactions or addresses: an index and four bytes fit into a number up to 2^53. */
const COUNT_MAX = 0x20_0000;

/**
 * Positions of some hashes in the order of the store, by their first four bytes: what is looked up and written together
 * should be neighbours there. For a block of 10,000 addresses out of a million that saves a sixth of the processor time
 * of the history (23.5 to 19.5 us for each transfer, measured); sorting numbers takes next to none of it.
 *
 * @param hashAt - hash `i`
 */
export function storeOrder(count: number, hashAt: (i: number) => Uint8Array): Float64Array {
  assert(count <= COUNT_MAX, 'more hashes than are sorted together');
  const order = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const hash = hashAt(i);
    const low = ((hash[1] as number) << 16) | ((hash[2] as number) << 8) | (hash[3] as number);
    order[i] = ((hash[0] as number) * 0x100_0000 + low) * COUNT_MAX + i;
  }
  order.sort((a, b) => a - b);
  for (let i = 0; i < count; i++) order[i] = (order[i] as number) % COUNT_MAX;
  return order;
}
