import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import { ok } from '@calin/core/base/result.ts';
import { REQUEST_BYTES_MAX, SUBSCRIPTIONS_MAX } from '@calin/core/rpc/limits.ts';
import { WebSocket } from 'ws';
import type { ServerLimits } from './limits.ts';
import { faucetCall, headNews, sendRaw, startTestServer, statusCall, TestHost } from './server.testing.ts';
import type { RunningServer } from './start-server.ts';

interface Message {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly method?: string;
  readonly error?: { readonly data: { readonly rule: string } };
  readonly params?: {
    readonly subscription: string;
    readonly result: { readonly kind: string; readonly height: number };
  };
}

/** A WebSocket whose messages are taken one by one. */
class Peer {
  readonly socket: WebSocket;
  readonly #messages: AsyncIterator<unknown[]>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.#messages = on(socket, 'message');
  }

  async next(): Promise<Message> {
    const { value } = await this.#messages.next();
    return JSON.parse(String((value as unknown[])[0])) as Message;
  }

  async ask(text: string): Promise<Message> {
    const answer = this.next();
    this.socket.send(text);
    return answer;
  }

  call(method: string, params: unknown): Promise<Message> {
    return this.ask(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  }
}

async function connectTo(test: TestContext, server: RunningServer, headers = {}): Promise<Peer> {
  const socket = new WebSocket(server.url.replace('http', 'ws'), { headers });
  test.after(() => socket.terminate());
  await once(socket, 'open');
  return new Peer(socket);
}

async function start(test: TestContext, limits: Partial<ServerLimits> = {}, host = new TestHost()) {
  const { server } = await startTestServer(test, { host, limits });
  return { server, host, peer: await connectTo(test, server) };
}

test('calls are answered over a WebSocket as over HTTP', async (t) => {
  const { peer } = await start(t);
  assert.equal((await peer.ask(statusCall('a'))).id, 'a');
  assert.equal((await peer.ask('{"jsonrpc"')).error?.data.rule, 'rpc/parse-error');
  assert.equal((await peer.ask(faucetCall())).result, 'given');
});

test('what is for the owner alone is refused to who comes through a proxy', async (t) => {
  const { server, peer } = await start(t);
  const behind = await connectTo(t, server, { 'x-forwarded-for': '5.6.7.8' });
  assert.equal((await peer.call('net_ban', { target: 'n1' })).error?.data.rule, 'node/no-network');
  assert.equal((await behind.call('net_ban', { target: 'n1' })).error?.data.rule, 'rpc/owner-only');
});

test('news reach those who subscribed, until they unsubscribe', async (t) => {
  const { server, host, peer } = await start(t);
  const deaf = await connectTo(t, server);
  const first = await peer.call('subscribe', { topic: 'heads' });
  const second = await peer.call('subscribe', { topic: 'heads' });
  assert.notEqual(first.result, second.result);
  server.publish(headNews(host));
  for (const { result } of [first, second]) {
    const { method, params } = await peer.next();
    assert.equal(method, 'subscription');
    assert.equal(params?.subscription, result);
    assert.equal(params?.result.kind, 'head');
  }
  assert.equal((await peer.call('unsubscribe', { subscription: first.result })).result, true);
  const again = await peer.call('unsubscribe', { subscription: first.result });
  assert.equal(again.error?.data.rule, 'rpc/subscription-unknown');
  server.publish(headNews(host));
  assert.equal((await peer.next()).params?.subscription, second.result);
  // The next thing that both hear is an answer: neither the ended subscription nor the other connection got news.
  assert.equal((await peer.ask(statusCall('end'))).id, 'end');
  assert.equal((await deaf.ask(statusCall('end'))).id, 'end');
});

test('who names the head it knows is told first what it missed, and then what follows', async (t) => {
  const { server, host, peer } = await start(t);
  const known = toHex(host.view.status().head.id);
  let announced = 0;
  const announce = () => {
    for (const news of host.node.notifications.slice(announced)) server.publish(news);
    announced = host.node.notifications.length;
  };
  host.mine(3);
  announce();
  // A block that nobody was told of yet comes as news, and not twice.
  host.mine(1);
  assert.equal(typeof (await peer.call('subscribe', { topic: 'heads', after: known })).result, 'string');
  announce();
  const heights: unknown[] = [];
  for (let i = 0; i < 4; i++) heights.push((await peer.next()).params?.result.height);
  assert.deepEqual(heights, [1, 2, 3, 4]);
  assert.equal((await peer.ask(statusCall('end'))).id, 'end');
  const after = '00'.repeat(32);
  assert.equal((await peer.call('subscribe', { topic: 'heads', after })).error?.data.rule, 'rpc/resume');
});

test('a subscription that cannot be is refused, and so is one too many', async (t) => {
  const { peer } = await start(t);
  assert.equal((await peer.call('subscribe', { topic: 'address' })).error?.data.rule, 'rpc/topic');
  assert.equal((await peer.call('subscribe', { topic: 'gossip' })).error?.data.rule, 'json/choice');
  for (let i = 0; i < SUBSCRIPTIONS_MAX; i++) {
    assert.equal(typeof (await peer.call('subscribe', { topic: 'heads' })).result, 'string');
  }
  const over = await peer.call('subscribe', { topic: 'heads' });
  assert.equal(over.error?.data.rule, 'rpc/too-many-subscriptions');
});

test('who reads too slowly is dropped with a reason', async (t) => {
  const { server, host, peer } = await start(t, { bufferedBytesMax: 20_000 });
  for (let i = 0; i < 20; i++) await peer.call('subscribe', { topic: 'heads' });
  peer.socket.pause();
  const dropped = () => host.logs.some(({ message }) => message.includes('too slowly'));
  for (let i = 0; i < 20_000 && !dropped(); i++) server.publish(headNews(host));
  assert(dropped());
  const closed = once(peer.socket, 'close');
  peer.socket.resume();
  const [code, reason] = await closed;
  assert.equal(code, 1013);
  assert.match(String(reason), /^Too slow/);
});

test('who is slow and never reads again is cut off', async (t) => {
  const { server, host, peer } = await start(t, { bufferedBytesMax: 20_000, closeGraceMs: 30 });
  for (let i = 0; i < 20; i++) await peer.call('subscribe', { topic: 'heads' });
  peer.socket.pause();
  const dropped = () => host.logs.some(({ message }) => message.includes('too slowly'));
  for (let i = 0; i < 20_000 && !dropped(); i++) server.publish(headNews(host));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const closed = once(peer.socket, 'close');
  peer.socket.resume();
  assert.equal((await closed)[0], 1006);
});

test('messages too long, or of bytes that are no bundle, end the connection', async (t) => {
  const { server, peer } = await start(t);
  peer.socket.send(' '.repeat(REQUEST_BYTES_MAX + 1));
  assert.equal((await once(peer.socket, 'close'))[0], 1009);
  const other = await connectTo(t, server);
  other.socket.send(Buffer.from('{}'));
  assert.equal((await once(other.socket, 'close'))[0], 1003);
});

test('more calls than are worked on at a time wait in the socket', async (t) => {
  const host = new TestHost();
  const waiting: (() => void)[] = [];
  host.faucet = (done) => void waiting.push(() => done(ok('given')));
  const { peer } = await start(t, { messagesPendingMax: 4 }, host);
  // Larger than what one read takes from a socket, so that most of them are really left there.
  const call = faucetCall() + ' '.repeat(100_000);
  for (let i = 0; i < 50; i++) peer.socket.send(call);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert(waiting.length >= 4 && waiting.length < 10, `${waiting.length}`);
  for (let answered = 0; answered < 50; answered++) {
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    waiting.shift()?.();
    assert.equal((await peer.next()).result, 'given');
  }
});

test('pages from elsewhere, other paths and too many connections are refused before the upgrade', async (t) => {
  const { server } = await start(t, { webSocketsMax: 1 });
  const upgrade =
    'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==';
  const ask = (path: string, headers: string) =>
    sendRaw(server.port, `GET ${path} HTTP/1.1\r\n${headers}\r\n${upgrade}\r\n\r\n`);
  assert.match(
    await ask('/', 'host: localhost\r\norigin: https://evil.example'),
    /^HTTP\/1\.1 403 [\s\S]*server\/foreign-origin/,
  );
  assert.match(await ask('/', 'host: evil.example'), /^HTTP\/1\.1 403 [\s\S]*server\/foreign-host/);
  assert.match(await ask('/other', 'host: localhost'), /^HTTP\/1\.1 404 /);
  assert.match(await ask('/rpc', 'host: localhost'), /^HTTP\/1\.1 503 [\s\S]*server\/busy/);
});

test('a connection that does not answer pings is ended, one that does stays', async (t) => {
  const { server, peer } = await start(t, { pingIntervalMs: 500 });
  const silent = new WebSocket(server.url.replace('http', 'ws'), { autoPong: false });
  await once(silent, 'open');
  assert.equal((await once(silent, 'close'))[0], 1006);
  assert.equal((await peer.ask(statusCall('alive'))).id, 'alive');
});

test('closing the server says goodbye, also to who does not listen', async (t) => {
  const { server, peer } = await start(t, { closeGraceMs: 100 });
  const stuck = await connectTo(t, server);
  stuck.socket.pause();
  const goodbye = once(peer.socket, 'close');
  await server.close();
  assert.equal((await goodbye)[0], 1001);
});
