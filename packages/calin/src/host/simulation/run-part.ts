import type { SimPart } from '@calin/sim/sim-part.ts';
import type { PartExchange } from './part-exchange.ts';

/**
 * Events after which a part says how far it is: a fifth of a millisecond of work or so. The others wait for it no
 * longer than that, and the words cost a hundredth of it. Worked out from the events of 4,000 nodes on two threads,
 * each with what it took: 1.83 times as fast as one with 16, or with 8 or 4; 1.75 times with 64, 1.65 times with 256.
 */
const SLICE_EVENTS = 16;

/** Runs one part of a run up to a moment, beside the others, each on its thread. */
export function runPart(part: SimPart, exchange: PartExchange, untilUs: number, parts: number): void {
  const take = (bytes: Uint8Array) => part.takeIncoming(bytes);
  for (;;) {
    const { version, boundUs } = exchange;
    exchange.receive(take);
    const endUs = Math.min(untilUs, boundUs - 1);
    const isBusy = part.nextUs <= endUs;
    const isThere = part.runUntil(endUs, SLICE_EVENTS) && endUs === untilUs;
    for (let to = 0; to < parts; to++) {
      const bytes = part.takeOutgoing(to);
      if (bytes !== undefined) exchange.send(to, bytes, take);
    }
    exchange.say(Math.min(part.nextUs, boundUs));
    // What comes now, between two turns, may take a while.
    if (isThere) return exchange.wake();
    if (!isBusy) exchange.wait(version);
  }
}
