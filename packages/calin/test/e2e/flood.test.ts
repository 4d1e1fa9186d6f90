import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Attackers } from './attackers.testing.ts';
import { type RunningDev, rpc, until, Workplace } from './calin.testing.ts';

const ATTACKERS = 20;
const BLOCKS = 7;

/** As a regular expression. */
const INBOUND = 'calin_peers\\{direction="inbound"\\}';

async function call<T>(url: string, method: string, params: unknown = {}): Promise<T> {
  const answer = (await rpc(url, method, params)) as { result?: T };
  assert.ok(answer.result !== undefined, JSON.stringify(answer));
  return answer.result;
}

async function heightOf({ url }: RunningDev): Promise<number> {
  return (await call<{ head: { height: number } }>(url, 'node_status')).head.height;
}

/** Waits until a block of one node is on the other, in steps so small that the time can be measured. */
async function blockArrives(to: RunningDev, height: number): Promise<void> {
  const endMs = performance.now() + 90_000;
  while ((await heightOf(to)) < height) {
    assert.ok(performance.now() < endMs, 'a block that does not arrive');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Milliseconds from a block being asked of one node to its being there on the other: the middle of several. */
async function blockDelay(from: RunningDev, to: RunningDev): Promise<number> {
  const delays: number[] = [];
  for (let i = 0; i < BLOCKS; i++) {
    const height = (await heightOf(from)) + 1;
    const startMs = performance.now();
    await call(from.url, 'dev_mine', { blocks: 1 });
    await blockArrives(to, height);
    delays.push(performance.now() - startMs);
  }
  return delays.toSorted((a, b) => a - b)[(BLOCKS - 1) / 2] as number;
}

async function metric({ url }: RunningDev, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

describe('a node that twenty strangers flood with noise', () => {
  const [place, other] = [new Workplace(), new Workplace()];
  after(() => {
    place.close();
    other.close();
  });

  test('bans them, keeps its memory, and passes blocks on about as quickly', async (context) => {
    const genesis = join(place.folder, 'genesis.json');
    writeFileSync(genesis, JSON.stringify(await place.json(['init', '--example'])));
    const quiet = ['node', '--genesis', genesis, '--no-dht', '--log', 'warn'];
    const node = await place.start([...quiet, '--produce', 'dev-authority']);
    const address = /\/ip4\/\S+\/p2p\/\w+/.exec(node.output())?.[0] ?? '';
    const honest = await other.start([...quiet, '--bootstrap', address]);
    await until('a link', async () => (await metric(node, INBOUND)) === 1 || undefined);
    await blockDelay(node, honest);
    const normalMs = await blockDelay(node, honest);
    const residentBefore = await metric(node, 'calin_resident_bytes');
    const attackers = new Attackers();
    context.after(() => attackers.stop());
    const { chainId } = await call<{ chainId: string }>(node.url, 'node_status');
    await attackers.start(ATTACKERS, place.folder, address, chainId);
    const floodedMs = await blockDelay(node, honest);
    const bans = async () => call<{ target: string }[]>(node.url, 'net_bans');
    await until('all of them are banned', async () => (await bans()).length === ATTACKERS || undefined);
    const [cpuBefore, startMs] = [await metric(node, 'calin_processor_seconds_total'), performance.now()];
    const bannedMs = await blockDelay(node, honest);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const cpu = (await metric(node, 'calin_processor_seconds_total')) - cpuBefore;
    const cpuShare = cpu / ((performance.now() - startMs) / 1000);
    const grownBytes = (await metric(node, 'calin_resident_bytes')) - residentBefore;
    const { frames, thrownOut } = attackers;
    const figures = {
      normalMs,
      floodedMs,
      bannedMs,
      cpuShare,
      grownMb: grownBytes / 2 ** 20,
      frames,
      thrownOut,
    };
    context.diagnostic(JSON.stringify(figures));
    assert.equal(await metric(node, INBOUND), 1);
    assert.ok(grownBytes < 150 * 2 ** 20, JSON.stringify(figures));
    assert.ok(cpuShare < 0.5, JSON.stringify(figures));
    // The strangers use the same cores as the nodes, so there is room for what that costs.
    assert.ok(bannedMs < 2 * normalMs + 1000, JSON.stringify(figures));
  });
});
