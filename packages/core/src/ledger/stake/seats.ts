import { assert } from '../../base/assert.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';
import { POOLS_MAX } from './limits.ts';
import { NO_SEAT, type Pool, readPool, writePool } from './pool.ts';

/**
 * The candidates, under numbers from 0 on without gaps, because a state cannot be searched: whoever leaves gives its
 * number to the last one. So joining and leaving cost the same, however many there are.
 */
const COUNT_KEY = new Uint8Array(0);

/** How many candidates there are; at most {@link POOLS_MAX}. */
export function seatCount(view: StateView): number {
  const value = view.value(NAMESPACE.seat, COUNT_KEY);
  if (value === undefined) return 0;
  const reader = new Reader(value);
  const count = reader.finish(reader.u32());
  assert(count.ok, 'malformed number of seats');
  return count.value;
}

/** The pools of all candidates, in the order of their seats. */
export function* seatedPools(view: StateView): Generator<Pool, void, undefined> {
  const count = seatCount(view);
  for (let seat = 0; seat < count; seat++) {
    const pool = readPool(view, keyAt(view, seat));
    assert(pool !== undefined && pool.seat === seat, 'a seat without its pool');
    yield pool;
  }
}

/**
 * The pool with a seat; undefined, and no change, when all are taken. The caller writes it.
 *
 * @param eligibleFrom - the first epoch at whose end it can be chosen
 */
export function takeSeat(overlay: Overlay, pool: Pool, eligibleFrom: number): Pool | undefined {
  assert(pool.seat === NO_SEAT, 'a second seat');
  const seat = seatCount(overlay);
  if (seat >= POOLS_MAX) return undefined;
  overlay.setValue(NAMESPACE.seat, seatKey(seat), pool.publicKey);
  setCount(overlay, seat + 1);
  return { ...pool, seat, eligibleFrom };
}

/** The pool without its seat, which the last one takes. The caller writes it. */
export function leaveSeat(overlay: Overlay, pool: Pool): Pool {
  const last = seatCount(overlay) - 1;
  assert(pool.seat <= last, 'a seat beyond the last');
  if (pool.seat < last) {
    const moved = readPool(overlay, keyAt(overlay, last));
    assert(moved !== undefined, 'a seat without its pool');
    overlay.setValue(NAMESPACE.seat, seatKey(pool.seat), moved.publicKey);
    writePool(overlay, { ...moved, seat: pool.seat });
  }
  overlay.deleteValue(NAMESPACE.seat, seatKey(last));
  setCount(overlay, last);
  return { ...pool, seat: NO_SEAT };
}

function keyAt(view: StateView, seat: number): PublicKey {
  const publicKey = view.value(NAMESPACE.seat, seatKey(seat));
  assert(publicKey?.length === 32, 'an empty seat');
  return publicKey;
}

function setCount(overlay: Overlay, count: number): void {
  overlay.setValue(NAMESPACE.seat, COUNT_KEY, new Writer(4).u32(count).finish());
}

function seatKey(seat: number): Uint8Array {
  return new Writer(4).u32(seat).finish();
}
