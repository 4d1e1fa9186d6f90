import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RunningDev, rpc, until, Workplace } from './calin.testing.ts';

interface Net {
  readonly listening: readonly string[];
  readonly peers: readonly { readonly id: string; readonly address: string; readonly said: object | null }[];
}

async function call<T>({ url }: RunningDev, method: string): Promise<T> {
  const answer = (await rpc(url, method)) as { result?: T };
  assert.ok(answer.result !== undefined, JSON.stringify(answer));
  return answer.result;
}

const netOf = (node: RunningDev) => call<Net>(node, 'net_peers');

async function heightOf(node: RunningDev): Promise<number> {
  return (await call<{ head: { height: number } }>(node, 'node_status')).head.height;
}

const listensOn = (node: RunningDev, what: string) =>
  until(`an address with ${what}`, async () =>
    (await netOf(node)).listening.find((address) => address.includes(what)),
  );

const linkedOver = (node: RunningDev, address: string) =>
  until(`a link over ${address}`, async () =>
    (await netOf(node)).peers.find((peer) => peer.said !== null && peer.address === address),
  );

describe('a node is reached', () => {
  const places: Workplace[] = [];
  let genesis = '';
  before(async () => {
    const place = new Workplace();
    places.push(place);
    genesis = join(place.folder, 'genesis.json');
    writeFileSync(genesis, JSON.stringify(await place.json(['init', '--example'])));
  });
  after(() => {
    for (const place of places) place.close();
  });

  const start = (words: readonly string[]): Promise<RunningDev> => {
    const place = new Workplace();
    places.push(place);
    return place.start(['node', '--genesis', genesis, '--no-dht', '--signature-workers', '0', ...words]);
  };

  test('over a WebSocket, as by a browser', async () => {
    const node = await start(['--listen', '/ip4/127.0.0.1/tcp/0/ws', '--produce', 'dev-authority']);
    const address = await listensOn(node, '/ws/');
    const other = await start(['--listen', '', '--bootstrap', address]);
    await linkedOver(other, address);
    await rpc(node.url, 'dev_mine', { blocks: 3 });
    await until('its blocks', async () => ((await heightOf(other)) >= 3 ? true : undefined));
  });

  test('through a relay, when it listens on nothing', async () => {
    const relay = await start(['--relay', '--produce', 'dev-authority']);
    const seed = await listensOn(relay, '/tcp/');
    const hidden = await start(['--listen', '/p2p-circuit', '--bootstrap', seed]);
    const way = await listensOn(hidden, '/p2p-circuit');
    assert.ok(way.startsWith(`${seed}/p2p-circuit/p2p/`), way);
    const other = await start(['--listen', '', '--bootstrap', way]);
    await linkedOver(other, way);
    await rpc(relay.url, 'dev_mine', { blocks: 3 });
    for (const node of [hidden, other]) {
      await until('its blocks', async () => ((await heightOf(node)) >= 3 ? true : undefined));
    }
  });
});
