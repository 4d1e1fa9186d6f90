import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { ParamsOf, ResultOf } from '@calin/core/rpc/method.ts';
import type { Methods } from '@calin/core/rpc/methods.ts';
import { postgresMissing, startPostgres } from '../../src/index/postgres.testing.ts';
import { type RunningDev, Workplace } from './calin.testing.ts';

describe('the full index of a development node', () => {
  const place = new Workplace();
  after(() => place.close());
  let node: RunningDev;

  async function call<Name extends keyof Methods>(
    name: Name,
    params: ParamsOf<Methods[Name]>,
  ): Promise<ResultOf<Methods[Name]>> {
    const answer = await new RpcClient({ url: node.url }).call(name, params);
    assert.ok(answer.ok, `${name}: ${JSON.stringify(answer)}`);
    return answer.value as ResultOf<Methods[Name]>;
  }

  /** Waits until the index has the head of the node. */
  async function atHead(): Promise<ResultOf<Methods['index_status']>> {
    for (;;) {
      const status = await call('index_status', {});
      const { head } = await call('node_status', {});
      if (status.indexedTo?.id === head.id) return status;
      await setTimeout(10);
    }
  }

  test('tells who paid whom, who holds what, and finds it, after a block and after a way back', async () => {
    node = await place.start(['dev']);
    const sent = (await place.json(['send', '--from', 'dev0', '--to', 'dev1', '--amount', '7'])) as {
      readonly txid: string;
    };
    const created = (await place.json([
      'token',
      'create',
      '--from',
      'dev1',
      '--symbol',
      'GOLD',
      '--name',
      'Gold <b>bars</b>',
      '--supply',
      '1000',
    ])) as { readonly asset: number };
    const { kind, state } = await atHead();
    assert.deepEqual([kind, state], ['embedded', 'following']);

    const { results } = await call('search_find', { text: sent.txid.slice(0, 10) });
    assert.deepEqual([results[0]?.kind, results[0]?.id], ['transaction', sent.txid]);
    const [gold] = (await call('search_find', { text: 'gold' })).results;
    assert.deepEqual([gold?.kind, gold?.asset, gold?.exact], ['token', created.asset, true]);
    assert.equal((await call('search_find', { text: '<b>' })).results[0]?.name, 'Gold <b>bars</b>');

    const holders = await call('token_getHolders', { asset: created.asset });
    assert.deepEqual([holders.symbol, holders.total, holders.holders.length], ['GOLD', 1, 1]);
    const owner = holders.holders[0]?.address ?? '';
    const { entries } = await call('account_getActivity', { address: owner });
    const paid = entries.find(({ txid }) => txid === sent.txid);
    assert.deepEqual([paid?.direction, paid?.received, paid?.asset], ['in', 700_000_000, 0]);
    assert.ok(entries.some(({ asset, received }) => asset === created.asset && received > 0));
    const found = await call('search_find', { text: owner });
    assert.deepEqual([found.results[0]?.kind, found.results[0]?.address], ['address', owner]);

    const height = (await call('node_status', {})).head.height;
    await call('dev_revert', { snapshot: await snapshotBefore() });
    const status = await atHead();
    assert.equal(status.indexedTo?.height, height);
    const series = await call('chart_getSeries', {});
    assert.equal(series.points.length, height);
  });

  /** A snapshot that the next blocks leave behind. */
  async function snapshotBefore(): Promise<string> {
    const { snapshot } = await call('dev_snapshot', {});
    const { blocks } = await call('chain_getBlocks', { limit: 1 });
    await place.json(['mine', '--blocks', '4']);
    await atHead();
    const after = await call('chain_getBlocks', { limit: 1 });
    assert.equal(after.blocks[0]?.height, (blocks[0]?.height ?? 0) + 4);
    return snapshot;
  }

  test('is made anew on demand, and goes on after a kill', async () => {
    const before = await call('producer_list', {});
    const rebuilt = (await place.json(['index', 'rebuild'])) as ResultOf<Methods['index_status']>;
    assert.deepEqual([rebuilt.state, rebuilt.blocksBehind], ['following', 0]);
    assert.deepEqual(await call('producer_list', {}), before);
    await node.end('SIGKILL');
    node = await place.start(['dev']);
    await place.json(['mine', '--blocks', '3']);
    const status = await atHead();
    assert.equal(status.indexedTo?.height, before.total + 3);
    assert.match((await place.run(['index', 'status'])).stdout, /State +at the head/);
    // A page holds what it says, and the cursor goes on behind it.
    const first = await call('chain_getBlocks', { limit: 2 });
    const second = await call('chain_getBlocks', { limit: 2, before: first.next ?? 0 });
    assert.deepEqual(
      [...first.blocks, ...second.blocks].map((block) => block.height),
      [3, 2, 1, 0].map((back) => before.total + back),
    );
    const refused = await new RpcClient({ url: node.url }).call('token_list', { after: 'ff' });
    assert.ok(!refused.ok && refused.error.rule === 'index/cursor');
  });

  test('is off where it is not wanted, stays off, and what is damaged is made anew', async () => {
    await node.end('SIGINT');
    node = await place.start(['dev', '--index', 'history']);
    const refused = await new RpcClient({ url: node.url }).call('token_list', {});
    assert.ok(!refused.ok && refused.error.rule === 'index/off');
    assert.match((await place.run(['index', 'status'])).stdout, /full index is off/);
    await node.end('SIGINT');
    const settings = JSON.parse(readFileSync(join(place.data, 'node.json'), 'utf8')).settings;
    assert.equal(settings.explorer, 'none');
    writeFileSync(join(place.data, 'index', 'CURRENT'), 'MANIFEST-999999\n');
    node = await place.start(['dev', '--index', 'full']);
    await place.json(['mine']);
    assert.equal((await atHead()).state, 'following');
    await node.end('SIGINT');
  });
});

test('a node with its index in PostgreSQL goes on while the database is away, and makes up for it', {
  skip: postgresMissing() ?? false,
}, async () => {
  const place = new Workplace();
  const server = await startPostgres();
  try {
    const url = server.url.replace('calin@', 'calin:s3cret@');
    const node = await place.start(['dev', '--index', url]);
    const client = new RpcClient({ url: node.url });
    const until = async (state: string, height?: number): Promise<void> => {
      for (;;) {
        const status = await client.call('index_status', {});
        assert.ok(status.ok);
        const { state: now, kind, indexedTo } = status.value;
        assert.equal(kind, 'postgres');
        if (now === state && (height === undefined || indexedTo?.height === height)) return;
        await setTimeout(20);
      }
    };
    await place.json(['mine', '--blocks', '3']);
    await until('following', 3);
    await server.crash();
    await place.json(['mine', '--blocks', '2']);
    await until('away');
    const away = await client.call('chain_getBlocks', {});
    assert.ok(!away.ok && away.error.rule === 'index/away');
    await server.restart();
    await until('following', 5);
    const blocks = await client.call('chain_getBlocks', {});
    assert.ok(blocks.ok && blocks.value.blocks.length === 6);
    assert.doesNotMatch(readFileSync(join(place.data, 'node.json'), 'utf8') + node.output(), /s3cret/);
    await node.end('SIGINT');
  } finally {
    place.close();
    await server.close();
  }
});
