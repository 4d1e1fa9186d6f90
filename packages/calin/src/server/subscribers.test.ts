import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { headNews, startTestServer, statusCall } from './server.testing.ts';

async function subscriber(test: TestContext, url: string, topics = 1): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'));
  test.after(() => socket.terminate());
  await once(socket, 'open');
  for (let id = 1; id <= topics; id++) {
    const params = { topic: 'heads' };
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'subscribe', params }));
    await once(socket, 'message');
  }
  return socket;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a thousand subscribers hear every head', { timeout: 120_000 }, async (t) => {
  const { server, host } = await startTestServer(t);
  const sockets: WebSocket[] = [];
  for (let group = 0; group < 20; group++) {
    sockets.push(...(await Promise.all(Array.from({ length: 50 }, () => subscriber(t, server.url)))));
  }
  let heard = 0;
  const all = Promise.withResolvers<void>();
  for (const socket of sockets) {
    socket.on('message', () => {
      heard += 1;
      if (heard === 3000) all.resolve();
    });
  }
  for (let head = 0; head < 3; head++) server.publish(headNews(host));
  await all.promise;
  assert(sockets.every(({ readyState }) => readyState === WebSocket.OPEN));
  assert.deepEqual(host.logs, []);
});

test('dead subscribers cost bounded memory together, and nobody else', { timeout: 120_000 }, async (t) => {
  const socketsBytesMax = 2_000_000;
  const { server, host } = await startTestServer(t, { limits: { socketsBytesMax } });
  const dead = await Promise.all(Array.from({ length: 10 }, () => subscriber(t, server.url, 20)));
  for (const socket of dead) socket.pause();
  const living = await subscriber(t, server.url);
  let heard = 0;
  living.on('message', () => {
    heard += 1;
  });
  const drops = () => host.logs.filter(({ message }) => message.includes('held most memory'));
  let published = 0;
  for (; drops().length < 10 && published < 20_000; published++) {
    server.publish(headNews(host));
    // As blocks come: whoever reads has read what was sent before.
    if (published % 8 === 0) await turn();
  }
  assert.equal(drops().length, 10);
  for (const { fields } of drops()) assert(Number(fields?.['held']) <= socketsBytesMax + 1000);
  living.send(statusCall('end'));
  while (heard <= published) await once(living, 'message');
  assert.equal(living.readyState, WebSocket.OPEN);
});

test('messages that are begun and never ended are bounded together', { timeout: 120_000 }, async (t) => {
  const limits = { socketsBytesMax: 300_000 };
  const { server, host } = await startTestServer(t, { limits });
  const living = await subscriber(t, server.url);
  const attackers = Array.from({ length: 4 }, () => connect(server.port, '127.0.0.1'));
  const ends = attackers.map((socket) => once(socket, 'close'));
  for (const socket of attackers) {
    t.after(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.write(
      'GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(socket, 'data');
    socket.resume();
    // A text of a megabyte, masked by zeros, of which a tenth comes.
    const head = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]);
    socket.write(Buffer.concat([head, Buffer.alloc(100_000, 0x20)]));
  }
  await Promise.race(ends);
  assert(host.logs.some(({ message }) => message.includes('held most memory')));
  living.send(statusCall('alive'));
  const [data] = await once(living, 'message');
  assert.equal((JSON.parse(String(data)) as { id: string }).id, 'alive');
});

test('pings that a client sends for ever are not counted as what it holds', async (t) => {
  const { server, host } = await startTestServer(t, { limits: { socketsBytesMax: 20_000 } });
  const living = await subscriber(t, server.url);
  for (let i = 0; i < 400; i++) {
    living.ping('x'.repeat(100));
    await once(living, 'pong');
  }
  assert.deepEqual(host.logs, []);
  assert.equal(living.readyState, WebSocket.OPEN);
});

test('sockets above the number that the server takes are closed, and those within it answered', async (t) => {
  const { server } = await startTestServer(t, { limits: { connectionsMax: 3 } });
  const open = Array.from({ length: 3 }, () => connect(server.port, '127.0.0.1'));
  for (const socket of open) t.after(() => socket.destroy());
  await Promise.all(open.map((socket) => once(socket, 'connect')));
  const over = connect(server.port, '127.0.0.1');
  over.on('error', () => undefined);
  await once(over, 'close');
  const [first] = open;
  assert(first);
  first.write('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const [answer] = await once(first, 'data');
  assert.match(String(answer), /^HTTP\/1\.1 200 /);
});
