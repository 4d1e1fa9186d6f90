/** The other part in the tests of {@link PartExchange}, where this is a thread of its own. */
import { isMainThread, workerData } from 'node:worker_threads';
import { divideRegions } from '@calin/sim/divide-regions.ts';
import { WORLD } from '@calin/sim/regions.ts';
import { type ExchangeMemory, PartExchange } from './part-exchange.ts';

/** What such a thread does. */
export interface OtherPart {
  readonly memory: ExchangeMemory;
  /** It sends back so many batches that it is sent, and says how many that were. */
  readonly batches?: number;
  /** It goes up to this moment as a part does in which nothing happens. */
  readonly endUs?: number;
}

/** Goes up to a moment as a part does in which nothing happens: it says what the others let it say, and waits. */
export function goTo(endUs: number, exchange: PartExchange): void {
  for (;;) {
    const { version, boundUs } = exchange;
    exchange.say(boundUs);
    if (boundUs >= endUs) return exchange.wake();
    exchange.wait(version);
  }
}

function sendBack(batches: number, exchange: PartExchange): void {
  const waiting: Uint8Array[] = [];
  const take = (bytes: Uint8Array) => void waiting.push(bytes.slice());
  for (let sent = 0; sent < batches; ) {
    const { version } = exchange;
    exchange.receive(take);
    const batch = waiting.shift();
    if (batch === undefined) {
      exchange.wait(version);
      continue;
    }
    exchange.send(0, batch, take);
    sent += 1;
    exchange.say(sent);
  }
}

if (!isMainThread) {
  const { memory, batches = 0, endUs = 0 } = workerData as OtherPart;
  const exchange = new PartExchange(1, divideRegions(WORLD, 2), memory);
  sendBack(batches, exchange);
  goTo(endUs, exchange);
}
