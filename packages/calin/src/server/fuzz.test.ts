import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { METHODS } from '@calin/core/rpc/methods.ts';
import { TestFace } from '@calin/core/rpc/node-view.testing.ts';
import { randomText } from '@calin/core/rpc/rpc.fuzz.ts';
import { WebSocket } from 'ws';
import { patientHost, post, sendRaw, statusCall } from './server.testing.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** A server on a real node whose clock is moved until each call is answered. */
async function start(): Promise<{ server: RunningServer; face: TestFace }> {
  const face = new TestFace();
  const started = await startServer({ host: patientHost(face), port: 0, log: { write: () => undefined } });
  assert(started.ok);
  return { server: started.value, face };
}

test('random and damaged calls over HTTP and WebSocket: no status 500, no crash', {
  timeout: 120_000,
}, async (t) => {
  const { server, face } = await start();
  t.after(() => server.close());
  const socket = new WebSocket(server.url.replace('http', 'ws'));
  t.after(() => socket.terminate());
  await once(socket, 'open');
  let texts = '';
  socket.on('message', (data) => {
    texts += String(data);
  });
  const random = seededRandom(6);
  const seen = new Set<string>();
  for (let i = 0; i < 1500; i++) {
    const text = randomText(random);
    for (const name of Object.keys(METHODS)) if (text.includes(`"${name}"`)) seen.add(name);
    const response = await post(server.url, text);
    assert([200, 204, 429].includes(response.status), `${response.status} for ${text}`);
    assert.doesNotMatch(await response.text(), /-32603/, text);
    socket.send(text);
  }
  socket.send(statusCall('last'));
  while (!texts.includes('"id":"last"')) await once(socket, 'message');
  assert.doesNotMatch(texts, /-32603/);
  assert.deepEqual(face.failures, []);
  assert.equal(seen.size, Object.keys(METHODS).length, 'every method was called');
});

const LINES = [
  'GET / HTTP/1.1',
  'POST / HTTP/1.1',
  'POST /transactions HTTP/1.1',
  'OPTIONS /rpc HTTP/1.1',
  'GET /health HTTP/1.1',
  'GET /docs/../api HTTP/1.1',
  'GET //etc/passwd HTTP/1.1',
  'PUT / HTTP/1.1',
  'POST http://evil.example/ HTTP/1.1',
  'GET /docs/api HTTP/0.9',
];
const HEADERS = [
  'host: localhost',
  'host: evil.example',
  'host: localhost\r\nhost: localhost',
  'content-length: 5',
  'content-length: -1',
  'content-length: 99999999999999999999',
  'transfer-encoding: chunked',
  'content-type: application/json',
  'content-type: application/octet-stream',
  'content-encoding: br',
  'origin: null',
  'authorization: Bearer x',
  'expect: 100-continue',
  'upgrade: websocket\r\nconnection: upgrade',
  'sec-websocket-key: x\r\nsec-websocket-version: 99',
  `x: ${'y'.repeat(20_000)}`,
  'x-forwarded-for: ::::, 1.2.3',
  'range: bytes=0-1',
];
const BODIES = ['', '{}', '[]', '\0\0\0\0', '5\r\n{"a":\r\n0\r\n\r\n', 'ffffffffffffffff\r\n'];

test('random heads: an answer below 500 or a closed socket, and the server lives on', {
  timeout: 120_000,
}, async (t) => {
  const { server, face } = await start();
  t.after(() => server.close());
  const random = seededRandom(7);
  let answered = 0;
  const ask = async (): Promise<void> => {
    const headers = Array.from({ length: random.below(6) }, () => random.pick(HEADERS));
    const text = `${[random.pick(LINES), ...headers, 'connection: close'].join('\r\n')}\r\n\r\n${random.pick(BODIES)}`;
    const answer = await Promise.race([
      sendRaw(server.port, text),
      // A body that never comes is not waited for here; the time-outs have tests of their own.
      new Promise<string>((resolve) => setTimeout(resolve, 3000, '')),
    ]);
    if (answer !== '') answered += 1;
    assert.doesNotMatch(answer, /^HTTP\/1\.1 5(?!03)/, text.slice(0, 500));
  };
  // Side by side, so that those without an answer are waited for at the same time.
  await Promise.all(Array.from({ length: 400 }, ask));
  assert(answered > 200, `${answered} answers`);
  assert.equal((await post(server.url, statusCall())).status, 200);
  assert.deepEqual(face.failures, []);
});
