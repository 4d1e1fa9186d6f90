import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Workplace } from './calin.testing.ts';

interface Pruned {
  readonly keep: number;
  readonly blocksFrom: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

interface Status {
  readonly head: { readonly id: string; readonly height: number };
  readonly storage: { readonly mode: string; readonly blocksFrom: number; readonly statesFrom: number };
}

describe('a folder that is pruned', () => {
  const place = new Workplace();
  after(() => place.close());

  test('loses old blocks and nothing else, gets smaller, verifies, and goes on', async () => {
    const node = await place.start(['dev']);
    await place.json(['send', '--from', 'dev0', '--to', 'dev1', '--amount', '7']);
    await place.json(['mine', '--blocks', '700']);
    const before = (await place.json(['status'])) as Status;
    assert.equal(before.storage.mode, 'archive');
    const busy = await place.run(['prune', '--json']);
    assert.equal(busy.code, 1);
    assert.match(busy.stderr, /store\/locked/);
    await node.end('SIGINT');

    const few = await place.run(['prune', '--keep', '10', '--json']);
    assert.equal(few.code, 1);
    assert.match(few.stderr, /chain\/prune-blocks[\s\S]*"expected":266/);
    assert.match(nodeSettings(), /archive/, 'nothing has changed');
    const pruned = (await place.json(['prune', '--keep', '300'])) as Pruned;
    assert.deepEqual([pruned.keep, pruned.blocksFrom], [300, before.head.height - 299]);
    assert.ok(pruned.bytesAfter < 0.75 * pruned.bytesBefore, JSON.stringify(pruned));
    const verified = (await place.json(['verify'])) as { height: number; blocksFrom: number };
    assert.deepEqual([verified.height, verified.blocksFrom], [before.head.height, pruned.blocksFrom]);

    const again = await place.start(['dev']);
    const after = (await place.json(['status'])) as Status;
    assert.equal(after.head.id, before.head.id);
    assert.deepEqual([after.storage.mode, after.storage.blocksFrom], ['pruned', pruned.blocksFrom]);
    assert.match((await place.run(['status'])).stdout, /Storage +pruned: blocks from \d+, states from \d+/);
    const gone = await place.run(['block', '1', '--json']);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /rpc\/block-pruned/);
    await place.json(['send', '--from', 'dev1', '--to', 'dev0', '--amount', '3']);
    await again.end('SIGKILL');
    const killed = await place.start(['dev']);
    const last = (await place.json(['status'])) as Status;
    assert.equal(last.head.height, before.head.height + 1);
    await killed.end('SIGTERM');
    assert.equal((await place.run(['verify'])).code, 0);
  });

  test('cannot be a full one again, and says what to do', async () => {
    for (const mode of ['full', 'archive']) {
      const refused = await place.run(['dev', '--mode', mode, '--port', '0', '--json']);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /data\/blocks-pruned/);
      assert.match(refused.stderr, /--mode pruned/);
    }
    assert.match(nodeSettings(), /"mode": "pruned"[\s\S]*"pruneBlocks": 300/);
  });

  test('is not opened with options that contradict each other', async () => {
    const other = new Workplace();
    for (const [args, rule] of [
      [['dev', '--mode', 'small'], /cli\/option-value[\s\S]*full, pruned, archive/],
      [['dev', '--mode', 'full', '--prune-blocks', '500'], /cli\/option-value[\s\S]*goes with --mode pruned/],
      [['dev', '--mode', 'pruned', '--prune-blocks', '5'], /chain\/prune-blocks/],
      [['prune', '--keep', '0'], /cli\/option-value/],
      [['prune', '--data', join(other.folder, 'nothing')], /folder\/not-found/],
    ] as const) {
      const ended = await other.run([...args, '--json']);
      assert.equal(ended.code === 0, false, args.join(' '));
      assert.match(ended.stderr, rule, args.join(' '));
    }
    other.close();
  });

  function nodeSettings(): string {
    return readFileSync(join(place.data, 'node.json'), 'utf8');
  }
});
