import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { PRESET_NAMES } from '@calin/core/spec/consensus-presets.ts';
import { rpc, until, Workplace } from './calin.testing.ts';

/** Height and final height of a node; undefined when it does not answer. */
async function heights(url: string): Promise<readonly [number, number] | undefined> {
  try {
    const { result } = (await rpc(url, 'node_status', {})) as {
      result: { head: { height: number }; final: { height: number } };
    };
    return [result.head.height, result.final.height];
  } catch {
    return undefined;
  }
}

describe('a development chain', () => {
  const place = new Workplace();
  after(() => place.close());

  test('agrees as it was told, goes on so, and is not taken for another one', async () => {
    for (const words of [['dev', '--consensus', 'bft'], ['dev']]) {
      const node = await place.start([...words, '--data', place.data]);
      const [before = 0] = (await heights(node.url)) ?? [];
      await until('blocks are made and final', async () => {
        const [height, final] = (await heights(node.url)) ?? [0, 0];
        return height > before + 2 && final === height ? height : undefined;
      });
      assert.equal((await node.end('SIGINT')).code, 0);
    }
    const other = await place.run(['dev', '--consensus', 'pow', '--data', place.data]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /cli\/other-consensus.*got=leader \+ votes-each/);
  });

  test('has a genesis file for each consensus, from which a folder is made', async () => {
    for (const consensus of PRESET_NAMES) {
      const file = await place.json(['init', '--example', '--consensus', consensus]);
      const genesis = join(place.folder, `${consensus}.json`);
      writeFileSync(genesis, JSON.stringify(file));
      const made = await place.json(['init', '--genesis', genesis, '--data', join(place.folder, consensus)]);
      assert.match(JSON.stringify(made), /"chainId":"[0-9a-f]{64}"/);
    }
  });
});
