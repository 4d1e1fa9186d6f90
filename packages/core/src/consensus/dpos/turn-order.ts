import { Writer } from '../../codec/writer.ts';
import { hash } from '../../crypto/hash.ts';
import type { ValidatorSet } from '../../primitives/validator-set.ts';

/** Rounds of a set whose order is kept: a block looks back over 64 slots, and forward over two rounds. */
const ROUNDS_KEPT = 8;

/** Numbers of 32 bits in one hash. */
const DRAWS = 8;

const known = new WeakMap<ValidatorSet, Map<number, Uint16Array>>();

/**
 * Who has which turn in a round, in which every member has exactly one: their positions in the set, shuffled by
 * Fisher and Yates with the hashes of seed, round u64 and a counter u32. Element i is drawn as ⌊u × (i + 1) / 2^32⌋
 * from a u32 of the hash, so no order is more likely than another by a part in a million.
 *
 * @param round - 0 or more; the order is worked out once for each of the last few that were asked for
 */
export function turnOrder(set: ValidatorSet, round: number): Uint16Array {
  let orders = known.get(set);
  if (orders === undefined) {
    orders = new Map();
    known.set(set, orders);
  }
  let order = orders.get(round);
  if (order === undefined) {
    order = shuffle(set, round);
    orders.set(round, order);
    if (orders.size > ROUNDS_KEPT) orders.delete(orders.keys().next().value as number);
  }
  return order;
}

function shuffle({ members, seed }: ValidatorSet, round: number): Uint16Array {
  const order = Uint16Array.from(members, (_, i) => i);
  let draws: DataView = new DataView(new ArrayBuffer(0));
  for (let i = order.length - 1, drawn = 0; i > 0; i--, drawn++) {
    if (drawn % DRAWS === 0) {
      const bytes = hash(
        'turn-order',
        new Writer(44)
          .hash(seed)
          .u53(round)
          .u32(drawn / DRAWS)
          .finish(),
      );
      draws = new DataView(bytes.buffer, bytes.byteOffset);
    }
    const j = Math.floor((draws.getUint32(4 * (drawn % DRAWS), true) * (i + 1)) / 2 ** 32);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
