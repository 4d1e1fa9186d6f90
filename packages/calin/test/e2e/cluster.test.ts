import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RunningCommand, rpc, until, Workplace } from './calin.testing.ts';

type Member = { readonly name: string; readonly url: string; readonly data: string };

interface Answer {
  readonly path: string;
  readonly members: readonly Member[];
}

interface Status {
  readonly head: { readonly id: string; readonly height: number };
  readonly final: { readonly height: number };
}

async function result<T>(url: string, method: string, params: unknown): Promise<T | undefined> {
  try {
    return ((await rpc(url, method, params)) as { result?: T }).result;
  } catch {
    // A node that was killed.
    return undefined;
  }
}

function statusOf({ url }: Member): Promise<Status | undefined> {
  return result<Status>(url, 'node_status', {});
}

/** The height that all nodes have reached, 0 when one does not answer. */
async function lowest(members: readonly Member[], of: (status: Status) => number): Promise<number> {
  const statuses = await Promise.all(members.map(statusOf));
  return Math.min(...statuses.map((status) => (status === undefined ? 0 : of(status))));
}

function pidOf({ data }: Member): number {
  return (JSON.parse(readFileSync(join(data, 'rpc.json'), 'utf8')) as { pid: number }).pid;
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a local network of processes', () => {
  const place = new Workplace();
  after(() => place.close());

  test('stops by itself when all nodes have a block, and fails when they do not in time', async () => {
    const reached = (await place.json([
      ...['cluster', '--nodes', '3', '--until-height', '4', '--block-time', '400', '--timeout', '100'],
    ])) as { nodes: number; height: number; id: string };
    assert.equal(reached.nodes, 3);
    assert.equal(reached.height, 4);
    assert.match(reached.id, /^[0-9a-f]{64}$/);
    const late = await place.run(['cluster', '--nodes', '1', '--until-height', '90000', '--timeout', '1']);
    assert.equal(late.code, 1);
    assert.match(late.stderr, /cli\/cluster-timeout/);
  });

  test('ends with the command that runs it, also when that was killed', async () => {
    const data = join(place.folder, 'orphans');
    const running = place.spawn(['cluster', '--nodes', '2', '--data', data, '--json']);
    const { members } = await until('the first answer', async () => running.json<Answer>());
    for (const member of members) await until(`${member.name} answers`, () => statusOf(member));
    const pids = members.map(pidOf);
    await running.end('SIGKILL');
    for (const pid of pids) await until('the node is gone', async () => (runs(pid) ? undefined : pid));
  });
});

/** Each step has its own time: all of them together take long where many processes share a processor. */
describe('a local network of four processes', () => {
  const place = new Workplace();
  const data = join(place.folder, 'network');
  const words = ['cluster', '--nodes', '4', '--block-time', '400', '--data', data];
  let network: RunningCommand;
  let members: readonly [Member, ...Member[]];
  after(() => place.close());

  before(async () => {
    network = place.spawn([...words, '--json']);
    const answer = await until('the first answer', async () => network.json<Answer>());
    members = answer.members as [Member, ...Member[]];
    await until('every node has a few blocks', async () => {
      const height = await lowest(members, ({ head }) => head.height);
      return height >= 3 ? height : undefined;
    });
  });

  test('pays everywhere', async () => {
    const [a, ...others] = members;
    const paid = (await place.json([
      ...['send', '--rpc', a.url, '--data', a.data, '--from', 'dev0', '--to', 'dev1', '--amount', '3'],
    ])) as { txid: string };
    for (const { name, url } of others) {
      await until(`the payment on ${name}`, async () => {
        const found = await result<{ block: object | null }>(url, 'tx_get', { txid: paid.txid });
        return found?.block ?? undefined;
      });
    }
  });

  test('knows all its nodes, and whom the owner bans', async () => {
    const [a] = members;
    await until('everybody knows everybody', async () => {
      const known = await result<{ peers: object[] }>(a.url, 'net_peers', {});
      return known?.peers.length === 3 ? known : undefined;
    });
    const owner = ['--rpc', a.url, '--data', a.data];
    const listed = (await place.json(['peers', ...owner])) as { peers: object[] };
    assert.equal(listed.peers.length, 3);
    const banned = await place.json(['ban', '192.0.2.7', '--hours', '3', ...owner]);
    assert.match(JSON.stringify(banned), /"target":"192\.0\.2\.7\/32".*"reason":"ordered"/);
    assert.match((await place.run(['peers', ...owner])).stdout, /192\.0\.2\.7\/32 +2 h +ordered/);
    await place.json(['unban', '192.0.2.7', ...owner]);
  });

  test('takes killed nodes back, and all of them agree on what is final since', async () => {
    const [a, ...others] = members;
    const killed = others.slice(0, 2);
    const pids = killed.map(pidOf);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const { head } = await until('the head of the first', () => statusOf(a));
    // Heads that are asked for in four calls may be a block apart for ever; what is final may not, at any moment.
    const height = await until('later blocks are final everywhere', async () => {
      const final = await lowest(members, (status) => status.final.height);
      return final > head.height ? final : undefined;
    });
    const headers = await Promise.all(
      members.map(({ url }) => result<{ id: string }>(url, 'chain_getHeader', { height })),
    );
    const [first] = headers;
    assert.match(first?.id ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(
      headers.map((header) => header?.id),
      members.map(() => first?.id),
    );
    assert.ok(!killed.map(pidOf).some((pid) => pids.includes(pid)), 'they were started again');
  });

  test('ends in order, goes on where it was stopped, and stays of the shape that it has', async () => {
    const stopped = await until('the head before the end', () => statusOf(members[0]));
    const pids = members.map(pidOf);
    const ended = await network.end('SIGINT');
    assert.equal(ended.code, 0, ended.stderr);
    for (const pid of pids) assert.equal(runs(pid), false, `process ${pid} was left`);
    const height = stopped.head.height + 4;
    const again = (await place.json([...words, '--until-height', `${height}`])) as { id: string };
    assert.match(again.id, /^[0-9a-f]{64}$/);
    const other = await place.run(['cluster', '--nodes', '5', '--block-time', '400', '--data', data]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /folder\/other-chain/);
  });
});
