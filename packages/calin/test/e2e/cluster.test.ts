import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { rpc, Workplace } from './calin.testing.ts';

interface Answer {
  readonly path: string;
  readonly members: readonly { readonly name: string; readonly url: string; readonly data: string }[];
}

interface Head {
  readonly id: string;
  readonly height: number;
}

async function result<T>(url: string, method: string, params: unknown): Promise<T | undefined> {
  try {
    return ((await rpc(url, method, params)) as { result?: T }).result;
  } catch {
    // A node that was killed.
    return undefined;
  }
}

async function headOf(url: string): Promise<Head | undefined> {
  return (await result<{ head: Head }>(url, 'node_status', {}))?.head;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const endMs = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < endMs, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function pidOf({ data }: Answer['members'][number]): number {
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
      ...['cluster', '--nodes', '3', '--until-height', '4', '--block-time', '400', '--timeout', '60'],
    ])) as { nodes: number; height: number; id: string };
    assert.equal(reached.nodes, 3);
    assert.equal(reached.height, 4);
    assert.match(reached.id, /^[0-9a-f]{64}$/);
    const late = await place.run(['cluster', '--nodes', '1', '--until-height', '90000', '--timeout', '1']);
    assert.equal(late.code, 1);
    assert.match(late.stderr, /cli\/cluster-timeout/);
  });

  test('pays everywhere, takes killed nodes back, and goes on where it was stopped', async () => {
    const data = join(place.folder, 'network');
    const words = ['cluster', '--nodes', '4', '--block-time', '400', '--data', data];
    const first = place.spawn([...words, '--json']);
    const answer = await until('the first answer', async () => first.json<Answer>());
    const [a, ...others] = answer.members as [Answer['members'][0], ...Answer['members']];
    await until('every node has a few blocks', async () => {
      const heads = await Promise.all(answer.members.map(({ url }) => headOf(url)));
      return heads.every((head) => (head?.height ?? 0) >= 3) ? heads : undefined;
    });
    const paid = (await place.json([
      ...['send', '--rpc', a.url, '--data', a.data, '--from', 'dev0', '--to', 'dev1', '--amount', '3'],
    ])) as { txid: string };
    for (const { name, url } of others) {
      await until(`the payment on ${name}`, async () => {
        const found = await result<{ block: object | null }>(url, 'tx_get', { txid: paid.txid });
        return found?.block ?? undefined;
      });
    }
    await until('everybody knows everybody', async () => {
      const { peers } = (await place.json(['peers', '--rpc', a.url])) as { peers: object[] };
      return peers.length === 3 ? peers : undefined;
    });
    const stranger = ['--rpc', a.url, '--data', a.data];
    const banned = await place.json(['ban', '192.0.2.7', '--hours', '3', ...stranger]);
    assert.match(JSON.stringify(banned), /"target":"192\.0\.2\.7\/32".*"reason":"ordered"/);
    assert.match((await place.run(['peers', ...stranger])).stdout, /192\.0\.2\.7\/32 +2 h +ordered/);
    await place.json(['unban', '192.0.2.7', ...stranger]);
    const killed = others.slice(0, 2);
    const pids = killed.map(pidOf);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const before = await until('the head of the first', () => headOf(a.url));
    for (const member of killed) {
      await until(`${member.name} is back with new blocks`, async () => {
        const head = await headOf(member.url);
        return head !== undefined && head.height > before.height + 2 ? head : undefined;
      });
    }
    await until('all have one head', async () => {
      const heads = await Promise.all(answer.members.map(({ url }) => headOf(url)));
      return new Set(heads.map((head) => head?.id)).size === 1 ? heads : undefined;
    });
    const running = answer.members.map(pidOf);
    const ended = await first.end('SIGINT');
    assert.equal(ended.code, 0, ended.stderr);
    for (const pid of running) assert.equal(runs(pid), false, `process ${pid} was left`);
    const height = before.height + 8;
    const again = (await place.json([...words, '--until-height', `${height}`])) as { id: string };
    assert.match(again.id, /^[0-9a-f]{64}$/);
    const other = await place.run(['cluster', '--nodes', '5', '--block-time', '400', '--data', data]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /folder\/other-chain/);
  });

  test('ends with the command that runs it, also when that was killed', async () => {
    const data = join(place.folder, 'orphans');
    const running = place.spawn(['cluster', '--nodes', '2', '--data', data, '--json']);
    const { members } = await until('the first answer', async () => running.json<Answer>());
    for (const { name, url } of members) await until(`${name} answers`, () => headOf(url));
    const pids = members.map(pidOf);
    await running.end('SIGKILL');
    for (const pid of pids) await until('the node is gone', async () => (runs(pid) ? undefined : pid));
  });
});
