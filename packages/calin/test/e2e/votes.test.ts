import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RunningCommand, rpc, until, Workplace } from './calin.testing.ts';

type Member = { readonly name: string; readonly url: string; readonly data: string };

interface Status {
  readonly final: { readonly id: string; readonly height: number };
  readonly finality: string;
  readonly voting: { readonly height: number; readonly heard: number; readonly quorum: number } | null;
}

async function call<T>({ url }: Member, method: string, params: unknown): Promise<T | undefined> {
  try {
    return ((await rpc(url, method, params)) as { result?: T }).result;
  } catch {
    // A node that was killed.
    return undefined;
  }
}

const statusOf = async (member: Member): Promise<Status | undefined> =>
  call<Status>(member, 'node_status', {});

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

/** Waits until a block above a height is final at a node. */
const finalAbove = (member: Member, height: number): Promise<Status> =>
  until(`a final block above ${height} at ${member.name}`, async () => {
    const status = await statusOf(member);
    return status !== undefined && status.final.height > height ? status : undefined;
  });

/** Each step has its own time: all of them together take long where many processes share a processor. */
describe('four processes that vote on each block', () => {
  const place = new Workplace();
  const data = join(place.folder, 'network');
  let network: RunningCommand;
  let members: readonly [Member, Member, Member, Member];
  const frozen = new Set<number>();
  const freeze = (member: Member): number => {
    const pid = pidOf(member);
    process.kill(pid, 'SIGSTOP');
    frozen.add(pid);
    return pid;
  };
  const wake = (pid: number): void => {
    process.kill(pid, 'SIGCONT');
    frozen.delete(pid);
  };
  after(async () => {
    for (const pid of frozen) if (runs(pid)) wake(pid);
    await place.close();
  });

  before(async () => {
    const words = ['cluster', '--consensus', 'bft', '--nodes', '4', '--block-time', '400', '--data', data];
    network = place.spawn([...words, '--json']);
    const answer = await until('the first answer', async () =>
      network.json<{ members: readonly [Member, Member, Member, Member] }>(),
    );
    members = answer.members;
    for (const member of members) await finalAbove(member, 2);
  });

  test('go on without one, stop without two and say so, and go on when they are back', async () => {
    const [a, b, c, d] = members;
    const before = await finalAbove(a, 0);
    assert.equal(before.finality, 'votes-each');
    const first = freeze(d);
    await finalAbove(a, before.final.height + 3);
    const second = freeze(c);
    const stuck = await until('a vote that comes to no end', async () => {
      const [now, earlier] = [await statusOf(a), await statusOf(b)];
      if (now?.voting == null || now.voting.heard >= now.voting.quorum) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const later = await statusOf(a);
      return earlier !== undefined && later?.final.height === now.final.height ? later : undefined;
    });
    assert.ok(stuck.voting !== null && stuck.voting.height === stuck.final.height + 1);
    await until('the log of a', async () =>
      readFileSync(join(data, `${a.name}.log`), 'utf8').includes('no block becomes final') ? true : undefined,
    );
    // One comes back as it was, the other one loses its power and is started again.
    process.kill(second, 'SIGKILL');
    frozen.delete(second);
    wake(first);
    for (const member of members) await finalAbove(member, stuck.final.height + 2);
    for (const member of members) {
      const header = await call<{ id: string }>(member, 'chain_getHeader', { height: stuck.final.height });
      assert.equal(header?.id, stuck.final.id, `${member.name} has what was final`);
    }
  });

  test('all lose their power in the middle of votes, and go on', async () => {
    const [a] = members;
    const { final } = await finalAbove(a, 0);
    for (const member of members) process.kill(pidOf(member), 'SIGKILL');
    for (const member of members) await finalAbove(member, final.height + 2);
    for (const member of members) {
      const header = await call<{ id: string }>(member, 'chain_getHeader', { height: final.height });
      assert.equal(header?.id, final.id, `${member.name} has what was final`);
    }
  });
});
