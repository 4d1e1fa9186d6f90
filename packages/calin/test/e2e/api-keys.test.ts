import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, Workplace } from './calin.testing.ts';

test('a key is made, works on the running node, and is revoked', { timeout: 120_000 }, async (t) => {
  const place = new Workplace();
  t.after(() => place.close());
  const node = await place.start();
  const { key, id } = (await place.json(['key', 'create', '--name', 'shop', '--role', 'read'])) as {
    key: string;
    id: string;
  };
  const status = async (): Promise<number> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const body = '{"jsonrpc":"2.0","method":"node_status","id":1}';
    return (await fetch(node.url, { method: 'POST', headers, body })).status;
  };
  const untilIts = (expected: number) =>
    until(`status ${expected}`, async () => (await status()) === expected || undefined);
  await untilIts(200);
  const listed = (await place.run(['key', 'list'])).stdout;
  assert.match(listed, new RegExp(`${id} +shop +read +1000/s`));
  assert(!listed.includes(key));
  await place.json(['key', 'revoke', id]);
  await untilIts(401);
  await node.end('SIGINT');
});
