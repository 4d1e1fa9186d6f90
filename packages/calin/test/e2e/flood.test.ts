import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Attackers } from './attackers.testing.ts';
import { type RunningDev, rpc, until, Workplace } from './calin.testing.ts';

const ATTACKERS = 20;
const BLOCKS = 7;

/** As regular expressions. */
const INBOUND = 'calin_peers\\{direction="inbound"\\}';
const NOISE = 'calin_network_messages_total\\{direction="received",kind="unknown"\\}';

async function call<T>(url: string, method: string, params: unknown = {}): Promise<T> {
  const answer = (await rpc(url, method, params)) as { result?: T };
  assert.ok(answer.result !== undefined, JSON.stringify(answer));
  return answer.result;
}

async function heightOf({ url }: RunningDev): Promise<number> {
  return (await call<{ head: { height: number } }>(url, 'node_status')).head.height;
}

/** Has one node make blocks, one after the other, each as soon as the one before is on the other node. */
async function passBlocks(from: RunningDev, to: RunningDev): Promise<void> {
  for (let i = 0; i < BLOCKS; i++) {
    const height = (await heightOf(from)) + 1;
    await call(from.url, 'dev_mine', { blocks: 1 });
    await until('the block on the other node', async () => (await heightOf(to)) >= height || undefined);
  }
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

  test('bans them, keeps its memory, hears no more of them, and passes blocks on all the time', async (context) => {
    const genesis = join(place.folder, 'genesis.json');
    writeFileSync(genesis, JSON.stringify(await place.json(['init', '--example'])));
    const quiet = ['node', '--genesis', genesis, '--no-dht', '--log', 'warn'];
    const node = await place.start([...quiet, '--produce', 'dev-authority']);
    const address = /\/ip4\/\S+\/p2p\/\w+/.exec(node.output())?.[0] ?? '';
    const honest = await other.start([...quiet, '--bootstrap', address]);
    await until('a link', async () => (await metric(node, INBOUND)) === 1 || undefined);
    await passBlocks(node, honest);
    const residentBefore = await metric(node, 'calin_resident_bytes');
    const attackers = new Attackers();
    context.after(() => attackers.stop());
    const { chainId } = await call<{ chainId: string }>(node.url, 'node_status');
    await attackers.start(ATTACKERS, place.folder, address, chainId);
    await passBlocks(node, honest);
    const bans = async () => call<{ target: string }[]>(node.url, 'net_bans');
    await until('all of them are banned', async () => (await bans()).length === ATTACKERS || undefined);
    const [cpuBefore, startMs] = [await metric(node, 'calin_processor_seconds_total'), performance.now()];
    const noise = await metric(node, NOISE);
    await passBlocks(node, honest);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const cpu = (await metric(node, 'calin_processor_seconds_total')) - cpuBefore;
    const cpuShare = cpu / ((performance.now() - startMs) / 1000);
    const grownBytes = (await metric(node, 'calin_resident_bytes')) - residentBefore;
    const { frames, thrownOut } = attackers;
    const figures = {
      noise,
      cpuShare,
      grownMb: grownBytes / 2 ** 20,
      frames,
      thrownOut,
    };
    context.diagnostic(JSON.stringify(figures));
    assert.equal(await metric(node, INBOUND), 1);
    assert.ok(grownBytes < 150 * 2 ** 20, JSON.stringify(figures));
    assert.ok(cpuShare < 0.5, JSON.stringify(figures));
    // What they cost does not depend on how busy the machine is, as the time of a block does: not one more frame.
    assert.ok(noise > 0, JSON.stringify(figures));
    assert.equal(await metric(node, NOISE), noise, JSON.stringify(figures));
  });
});
