import assert from 'node:assert/strict';
import type { Network } from '@calin/core/ports/network.ts';
import { type NetworkUnderTest, networkCompliance } from '@calin/core/ports/network-compliance.testing.ts';
import { VirtualClock } from './clock.ts';
import { Dice, seedFor, seedOf } from './dice.ts';
import { Listener } from './listener.testing.ts';
import { type NetworkOptions, SimNetwork } from './network.ts';
import { ROOM } from './regions.ts';
import { Traffic } from './traffic.ts';

function make(nodes: number, carries: NetworkOptions['carries']): Promise<NetworkUnderTest> {
  const clock = new VirtualClock();
  const options = { regions: ROOM, jitterPercent: 50, carries };
  const dice = (purpose: string) => new Dice(seedFor(seedOf(1), purpose));
  const network = new SimNetwork(options, { clock, dice, traffic: new Traffic() });
  const ends = Array.from({ length: nodes }, (_, i) => {
    const host = new Listener(`n${i}`, i + 1, clock);
    network.add(host);
    network.attach(host);
    const port: Network = {
      dial: (address) => network.dial(host, address),
      send: (peer, message, lane) => network.send(host, peer, message, lane),
      close: (peer) => network.close(host, peer),
    };
    return { host, network: port, peer: host.name, address: host.name, events: host.events };
  });
  return Promise.resolve({
    ends,
    nowhere: 'n99',
    until: (condition, withinMs) => {
      const endUs = clock.nowUs + withinMs * 1_000;
      while (!condition() && clock.nowUs < endUs) clock.runUntil(clock.nowUs + 1_000);
      assert.ok(condition(), `not within ${withinMs} ms`);
      return Promise.resolve();
    },
    pass: (ms) => Promise.resolve(void clock.runUntil(clock.nowUs + ms * 1_000)),
    kill: (end) => {
      const killed = ends.find(({ peer }) => peer === end.peer);
      if (killed !== undefined) network.detach(killed.host);
      return Promise.resolve();
    },
    dispose: () => Promise.resolve(),
  });
}

for (const carries of ['message', 'frame'] as const) {
  networkCompliance(`simulated, by ${carries}`, (nodes) => make(nodes, carries));
}
