/** The thread of the test of {@link PartExchange}: sends back what it is sent, and says how much that was. */
import { workerData } from 'node:worker_threads';
import { divideRegions } from '@calin/sim/divide-regions.ts';
import { WORLD } from '@calin/sim/regions.ts';
import { type ExchangeMemory, PartExchange } from './part-exchange.ts';

const { memory, batches } = workerData as { readonly memory: ExchangeMemory; readonly batches: number };
const exchange = new PartExchange(1, divideRegions(WORLD, 2), memory);
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
