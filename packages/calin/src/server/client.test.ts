import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { SubscriptionNews } from '@calin/core/rpc/subscriptions.ts';
import { WebSocketServer } from 'ws';
import { until } from '../adapters/until.testing.ts';
import { headNews, startTestServer } from './server.testing.ts';
import type { RunningServer } from './start-server.ts';

// The client of the sister package against this server: the one place where both are whole.

/** Ends the client before the server, whose end would otherwise be a break to recover from. */
function clientOf(test: { after(fn: () => void): void }, { url }: RunningServer): RpcClient {
  const client = new RpcClient({ url, timeoutMs: 60_000 });
  test.after(() => client.close());
  return client;
}

function expectOk<T>(result: Result<T>): T {
  assert(result.ok, JSON.stringify(result));
  return result.value;
}

test('calls and batches of the typed client are answered', async (t) => {
  const { server } = await startTestServer(t);
  const client = clientOf(t, server);
  const status = expectOk(await client.call('node_status', {}));
  assert.equal(status.head.height, 0);
  const [again, unknown] = expectOk(
    await client.batch([
      { method: 'node_status', params: {} },
      { method: 'tx_get', params: { txid: '00'.repeat(32) } },
    ]),
  );
  assert.deepEqual(again, { ok: true, value: status });
  assert(!unknown.ok);
  assert.equal(unknown.error.rule, 'rpc/transaction-unknown');
});

test('all subscriptions of a client share a connection, which ends with the last', async (t) => {
  const { server, host } = await startTestServer(t, { limits: { closeGraceMs: 60_000 } });
  const client = clientOf(t, server);
  const heard: string[] = [];
  const hear = (name: string) => ({
    next: (news: SubscriptionNews) => void heard.push(`${name} ${news.kind}`),
  });
  const refused = await client.subscribe({ topic: 'address' }, hear('none'));
  assert(!refused.ok);
  assert.equal(refused.error.rule, 'rpc/topic');
  const [a, b] = await Promise.all([
    client.subscribe({ topic: 'heads' }, hear('a')),
    client.subscribe({ topic: 'heads' }, hear('b')),
  ]);
  server.publish(headNews(host));
  await until(() => heard.length === 2);
  expectOk(a).close();
  expectOk(a).close();
  // A new one is answered after the end of the old one was read.
  const c = expectOk(await client.subscribe({ topic: 'heads' }, hear('c')));
  server.publish(headNews(host));
  await until(() => heard.length === 4);
  assert.deepEqual(heard, ['a head', 'b head', 'b head', 'c head']);
  expectOk(b).close();
  c.close();
  // Nothing is left to keep the server from closing at once.
  const startedMs = performance.now();
  await server.close();
  assert(performance.now() - startedMs < 30_000);
});

test('a client finds back to a node that was restarted, and says so to its subscribers', async (t) => {
  const { server, host } = await startTestServer(t);
  const client = clientOf(t, server);
  const heard: string[] = [];
  const subscribed = await client.subscribe(
    { topic: 'heads' },
    {
      next: ({ kind }) => void heard.push(kind),
      resumed: (isComplete) => void heard.push(`resumed ${isComplete}`),
    },
  );
  assert(subscribed.ok);
  await server.close();
  // The first attempt finds nobody.
  await new Promise((resolve) => setTimeout(resolve, 400));
  const { server: restarted } = await startTestServer(t, { host, port: server.port });
  await until(() => heard.length === 1);
  restarted.publish(headNews(host));
  await until(() => heard.length === 2);
  assert.deepEqual(heard, ['resumed false', 'head']);
});

test('a client that knows a head misses no block while the connection is gone', async (t) => {
  const { server, host } = await startTestServer(t);
  const client = clientOf(t, server);
  const heard: string[] = [];
  const subscriber = {
    next: (news: SubscriptionNews) => void heard.push(`${news.kind === 'head' && news.height}`),
    resumed: (isComplete: boolean) => void heard.push(`resumed ${isComplete}`),
  };
  expectOk(await client.subscribe({ topic: 'heads' }, subscriber));
  host.mine(2);
  for (const news of host.node.notifications) server.publish(news);
  await until(() => heard.length === 2);
  await server.close();
  host.mine(2);
  await startTestServer(t, { host, port: server.port });
  await until(() => heard.length === 5);
  assert.deepEqual(heard, ['1', '2', 'resumed true', '3', '4']);
});

test('a subscription that the restarted node refuses has failed', async (t) => {
  const { server, host } = await startTestServer(t);
  const client = clientOf(t, server);
  const failed = Promise.withResolvers<string>();
  const subscriber = { next: () => undefined, failed: ({ rule }: { rule: string }) => failed.resolve(rule) };
  assert((await client.subscribe({ topic: 'heads' }, subscriber)).ok);
  await server.close();
  await startTestServer(t, { host, port: server.port, limits: { subscriptionsMax: 0 } });
  assert.equal(await failed.promise, 'rpc/too-many-subscriptions');
});

test('a client that is closed while it connects leaves nothing behind', async (t) => {
  const { server } = await startTestServer(t);
  const client = clientOf(t, server);
  const subscribed = client.subscribe({ topic: 'heads' }, { next: () => undefined });
  client.close();
  const outcome = await subscribed;
  assert(!outcome.ok);
  assert.equal(outcome.error.rule, 'rpc/connection-lost');
  const later = await client.subscribe({ topic: 'heads' }, { next: () => undefined });
  assert(later.ok);
});

test('a client that is closed while it connects leaves no connection to the server', async (t) => {
  const { server } = await startTestServer(t, { limits: { webSocketsMax: 1 } });
  for (let i = 0; i < 3; i++) {
    const client = clientOf(t, server);
    const subscribed = client.subscribe({ topic: 'heads' }, { next: () => undefined });
    client.close();
    await subscribed;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  // There is room for one connection only, so the others must be gone.
  expectOk(await clientOf(t, server).subscribe({ topic: 'heads' }, { next: () => undefined }));
});

test('news in the same packet as the answer to subscribe are heard', async (t) => {
  const node = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  t.after(() => node.close());
  await once(node, 'listening');
  node.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { id } = JSON.parse(String(data)) as { id: number };
      const params = { subscription: 's', result: { kind: 'head' } };
      const texts = [
        { jsonrpc: '2.0', id, result: 's' },
        { jsonrpc: '2.0', method: 'subscription', params },
      ];
      for (const text of texts) socket.send(JSON.stringify(text));
    });
  });
  const client = new RpcClient({ url: `http://127.0.0.1:${(node.address() as AddressInfo).port}` });
  t.after(() => client.close());
  const heard = Promise.withResolvers<string>();
  expectOk(await client.subscribe({ topic: 'heads' }, { next: ({ kind }) => heard.resolve(kind) }));
  assert.equal(await heard.promise, 'head');
});
