import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningDev, rpc, until, Workplace } from './calin.testing.ts';

interface Info {
  readonly listening: readonly string[];
  readonly peers: { readonly inbound: number; readonly outbound: number };
  readonly bans: number;
}

interface Listed extends Omit<Info, 'peers' | 'bans'> {
  readonly peers: readonly { readonly id: string; readonly said: { readonly agent: string } | null }[];
  readonly bans: readonly { readonly target: string; readonly reason: string }[];
}

async function infoOf({ url }: RunningDev): Promise<Info> {
  const { result } = (await rpc(url, 'net_info')) as { result: Info };
  return result;
}

async function peersOf(node: RunningDev): Promise<number> {
  const { inbound, outbound } = (await infoOf(node)).peers;
  return inbound + outbound;
}

/** Waits until a node has so many peers. */
function untilPeers(node: RunningDev, peers: number, what: string): Promise<true> {
  return until(what, async () => (await peersOf(node)) === peers || undefined);
}
describe('the peers of a node', () => {
  const places = Array.from({ length: 3 }, () => new Workplace());
  after(() => {
    for (const place of places) place.close();
  });
  const [first, second, third] = places as [Workplace, Workplace, Workplace];

  /** The arguments of a node of one chain, which nobody makes blocks for. */
  const nodeOf = (place: Workplace, more: readonly string[] = []): string[] => {
    const genesis = join(place.folder, 'genesis.json');
    const production = { kind: 'poa', authorities: ['11'.repeat(32)], slotMs: 1000 };
    const consensus = { production, finality: { kind: 'depth', blocks: 3 } };
    const file = { name: 'peers', addressPrefix: 'tcal', genesisTimeMs: 1_700_000_000_000, consensus };
    writeFileSync(genesis, JSON.stringify(file));
    return [
      'node',
      '--genesis',
      genesis,
      '--listen',
      '/ip4/127.0.0.1/tcp/0',
      '--no-mdns',
      '--no-dht',
      ...more,
    ];
  };
  const listed = async (place: Workplace) => (await place.json(['peers'])) as Listed;

  test('are found through one of them, listed, banned over a restart, and let in again', async () => {
    const a = await first.start(nodeOf(first));
    assert.deepEqual((await listed(first)).peers, []);
    const [address = ''] = (await infoOf(a)).listening;
    const id = address.split('/').at(-1) as string;
    const b = await second.start(nodeOf(second, ['--bootstrap', address]));
    await untilPeers(b, 1, 'the second node finds the first');
    const c = await third.start(nodeOf(third, ['--bootstrap', address]));
    await untilPeers(c, 2, 'the third node hears of the second');
    const { peers } = await listed(second);
    assert.ok(peers.some((peer) => peer.id === id && peer.said?.agent.startsWith('calin/')));
    const table = await second.run(['peers']);
    assert.match(table.stdout, new RegExp(`${id} +(?:in|out) `));

    const banned = (await second.json(['ban', id, '--hours', '2'])) as { target: string; untilMs: number };
    assert.equal(banned.target, id);
    assert.ok(Math.abs(banned.untilMs - Date.now() - 7_200_000) < 60_000);
    await untilPeers(a, 1, 'the ban closes the connection');
    await b.end('SIGTERM');
    const again = await second.start(nodeOf(second));
    await untilPeers(again, 1, 'the third node is found again without being named');
    await sleep(500);
    assert.deepEqual(
      (await listed(second)).bans.map(({ target, reason }) => [target, reason]),
      [[id, 'ordered']],
    );
    assert.match((await second.run(['peers'])).stdout, new RegExp(`${id} .*ordered`));
    assert.equal(await peersOf(again), 1);
    const lifted = await second.run(['unban', id]);
    assert.equal(lifted.code, 0, lifted.stderr);
    await untilPeers(again, 2, 'they connect again');
    const twice = await second.run(['unban', id, '--json']);
    assert.equal(twice.code, 1);
    assert.match(twice.stderr, /p2p\/not-banned/);
    for (const nonsense of ['5.6', 'nonsense', id.slice(0, -1)]) {
      const refused = await second.run(['ban', nonsense, '--json']);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /p2p\/ban-target/);
    }
    for (const node of [a, c, again]) assert.equal((await node.end('SIGTERM')).code, 0);
  });

  test('are none on a chain for development alone, and say so', async () => {
    const place = new Workplace();
    const node = await place.start(['dev']);
    const none = await place.run(['peers']);
    assert.equal(none.code, 0);
    assert.match(none.stdout, /no network/);
    const ban = await place.run(['ban', '5.6.7.8', '--json']);
    assert.match(ban.stderr, /node\/no-network/);
    await node.end('SIGTERM');
    place.close();
  });
});
