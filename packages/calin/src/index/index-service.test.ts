import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Result } from '@calin/core/base/result.ts';
import { TestFace } from '@calin/core/rpc/node-view.testing.ts';
import { temporaryFolder } from '../adapters/level-store.testing.ts';
import { IndexService, noIndex, withIndex } from './index-service.ts';

/** Asks a method of the host. */
function ask(
  service: Pick<IndexService, 'hostMethod'>,
  name: string,
  params: unknown = {},
): Promise<Result<unknown>> {
  return new Promise((resolve) => service.hostMethod(name, params, resolve));
}

test('the thread of an index answers, follows the head when it is woken, and ends with its service', async () => {
  using place = temporaryFolder();
  const face = new TestFace();
  const { node } = face.node;
  const log: string[] = [];
  const service = new IndexService({
    home: { kind: 'embedded', folder: join(place.path, 'index') },
    node,
    log: { write: ({ message }) => log.push(message) },
  });
  assert.equal(service.status().state, 'starting');
  assert.ok(!(await ask(service, 'token_list')).ok, 'nobody is there yet');
  service.start();
  const atHead = async (): Promise<void> => {
    while (service.status().indexedTo?.height !== node.chain.head.height) await setTimeout(5);
  };
  await atHead();
  assert.ok(service.heapBytes > 1e6, 'the thread tells what it holds');
  face.submit(face.payment(0));
  service.wake();
  const blocks = await ask(service, 'chain_getBlocks', { limit: 5 });
  assert.ok(blocks.ok);
  const shown = (blocks.value as { readonly blocks: readonly unknown[] }).blocks.length;
  assert.equal(shown, 2, 'the block that it was woken for just before is in the answer');
  const rebuilt = await ask(service, 'index_rebuild');
  assert.deepEqual(rebuilt, { ok: true, value: { started: true } });
  await atHead();
  const asked = Array.from({ length: 2_000 }, () => ask(service, 'chain_getBlocks', { limit: 5 }));
  const refused = (await Promise.all(asked)).filter((answer) => !answer.ok);
  assert.equal(refused.length, 2_000 - 1_024, 'as many as may wait are answered');
  assert.ok(refused.every((answer) => !answer.ok && answer.error.rule === 'node/busy'));
  const last = ask(service, 'token_list');
  await service.close();
  assert.ok((await last) !== undefined, 'nobody waits for ever');
  const gone = await ask(service, 'token_list');
  assert.ok(!gone.ok && gone.error.rule === 'index/away');
  assert.deepEqual(log, []);
});

test('a node without an index says so, and other methods go to whoever does them', async () => {
  const { node } = new TestFace().node;
  const hostMethod = withIndex(noIndex(node), (name, _params, done) => done({ ok: true, value: name }));
  assert.deepEqual(await ask({ hostMethod }, 'dev_faucet'), { ok: true, value: 'dev_faucet' });
  for (const name of ['token_list', 'search_find', 'index_rebuild']) {
    const refused = await ask({ hostMethod }, name);
    assert.ok(!refused.ok && refused.error.rule === 'index/off', name);
  }
  const status = await ask({ hostMethod }, 'index_status');
  assert.ok(status.ok && (status.value as { readonly kind: string }).kind === 'off');
});
