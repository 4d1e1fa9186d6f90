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

/** Height and final height of a node; undefined when it does not answer. */
async function heights({ url }: Member): Promise<readonly [number, number] | undefined> {
  try {
    const { result } = (await rpc(url, 'node_status', {})) as {
      result: { head: { height: number }; final: { height: number } };
    };
    return [result.head.height, result.final.height];
  } catch {
    return undefined;
  }
}

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
  const words = ['cluster', '--nodes', '4', '--consensus', 'bft', '--block-time', '400', '--no-restart'];
  const data = join(place.folder, 'votes');
  after(() => place.close());

  test('go on without one, stand still without two and say so, and go on when they are back', async () => {
    const network = place.spawn([...words, '--data', data, '--json']);
    const { members } = await until('the first answer', async () => network.json<{ members: Member[] }>());
    const [first, second, third, fourth] = members as [Member, Member, Member, Member];
    const reach = (height: number) =>
      until(`block ${height} is final`, async () => {
        const final = (await heights(first))?.[1] ?? 0;
        return final >= height ? final : undefined;
      });
    const before = await reach(3);
    kill(fourth);
    const without = await reach(before + 4);
    kill(third);
    await until('they stand still', async () => {
      const [height] = (await heights(first)) ?? [];
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      const [later] = (await heights(first)) ?? [];
      return height !== undefined && height === later ? height : undefined;
    });
    const [, stood] = (await heights(second)) ?? [0, 0];
    assert.ok(stood >= without);
    const id = await idAt(second, stood);
    const ended = await network.end('SIGINT');
    assert.match(ended.stderr, /The chain stands still: 2 of 4 nodes answer, and votes need more/);
    const again = place.spawn([...words, '--data', data, '--json']);
    const back = await until('the answer', async () => again.json<{ members: Member[] }>());
    const [, , restarted] = back.members as [Member, Member, Member, Member];
    await until('blocks go on', async () => {
      const [, final] = (await heights(restarted)) ?? [0, 0];
      return final >= stood + 3 ? final : undefined;
    });
    assert.equal(await idAt(restarted, stood), id, 'what was final still is');
    await again.end('SIGINT');
  });
});
