import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { rpc, until, Workplace } from './calin.testing.ts';

interface Member {
  readonly name: string;
  readonly url: string;
  readonly data: string;
}

interface Status {
  readonly head: { readonly height: number };
  readonly final: { readonly id: string; readonly height: number };
  readonly finality: string;
  readonly voting: { readonly height: number; readonly heard: number; readonly quorum: number } | null;
}

/** Undefined when the node does not answer. */
async function statusOf({ url }: Member): Promise<Status | undefined> {
  try {
    return ((await rpc(url, 'node_status', {})) as { result: Status }).result;
  } catch {
    return undefined;
  }
}

/** Waits until a block at a height or above it is final at a node. */
const reach = (member: Member, height: number): Promise<Status> =>
  until(`block ${height} is final at ${member.name}`, async () => {
    const status = await statusOf(member);
    return status !== undefined && status.final.height >= height ? status : undefined;
  });

async function idAt({ url }: Member, height: number): Promise<string> {
  const { result } = (await rpc(url, 'chain_getHeader', { height })) as { result: { id: string } };
  return result.id;
}

function kill({ data }: Member): void {
  const { pid } = JSON.parse(readFileSync(join(data, 'rpc.json'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
}

describe('four validators that vote on each block', () => {
  const place = new Workplace();
  const words = ['cluster', '--nodes', '4', '--consensus', 'bft', '--block-time', '400'];
  const data = join(place.folder, 'votes');
  const start = async (...more: string[]) => {
    const network = place.spawn([...words, '--data', data, '--json', ...more]);
    const { members } = await until('the first answer', async () =>
      network.json<{ members: [Member, Member, Member, Member] }>(),
    );
    return { network, members };
  };
  let stood: Status | undefined;
  after(() => place.close());

  test('go on without one, stand still without two and say so', async () => {
    const { network, members } = await start('--no-restart');
    const [first, second, third, fourth] = members;
    const before = await reach(first, 3);
    assert.equal(before.finality, 'votes-each');
    kill(fourth);
    const without = await reach(first, before.final.height + 4);
    kill(third);
    await network.says(/The chain stands still: 2 of 4 nodes answer, and votes need more/);
    stood = await until('the second answers', () => statusOf(second));
    assert.ok(stood.final.height >= without.final.height);
    assert.equal(stood.voting?.height, stood.final.height + 1);
    assert.ok(stood.voting.heard < stood.voting.quorum);
    await until('the log of a node', async () =>
      readFileSync(join(data, `${first.name}.log`), 'utf8').includes('no block becomes final')
        ? true
        : undefined,
    );
    assert.equal((await statusOf(second))?.head.height, stood.head.height, 'no block comes any more');
    await network.end('SIGINT');
  });

  test('go on when all are back, and after all have lost their power in the middle of votes', async () => {
    assert.ok(stood !== undefined);
    const { network, members } = await start();
    for (const member of members) await reach(member, stood.final.height + 3);
    const { final } = await reach(members[0], 0);
    for (const member of members) kill(member);
    for (const member of members) await reach(member, final.height + 2);
    for (const member of members) {
      for (const { height, id } of [stood.final, final])
        assert.equal(await idAt(member, height), id, `${member.name} has what was final`);
    }
    await network.end('SIGINT');
  });
});
