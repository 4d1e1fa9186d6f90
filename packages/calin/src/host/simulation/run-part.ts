import type { SimPart } from '@calin/sim/sim-part.ts';
import type { PartExchange } from './part-exchange.ts';

/**
 * Events after which a part says how far it is: half a millisecond of work or so. The others wait for it no longer than
 * that, and the words cost nothing beside it.
 */
const SLICE_EVENTS = 64;

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
    if (isThere) return;
    if (!isBusy) exchange.wait(version);
  }
}
