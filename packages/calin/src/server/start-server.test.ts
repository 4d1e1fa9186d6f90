import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ok } from '@calin/core/base/result.ts';
import { REQUEST_BYTES_MAX } from '@calin/core/rpc/limits.ts';
import { faucetCall, post, sendRaw, startTestServer, statusCall, TestHost } from './server.testing.ts';
import { startServer } from './start-server.ts';

const LOG = { write: () => undefined };

async function ruleOf(response: Response): Promise<string> {
  const body = (await response.json()) as { error: { data: { rule: string } } };
  return body.error.data.rule;
}

test('answers calls at / and /rpc, batches, and notifications with silence', async (t) => {
  const { server } = await startTestServer(t);
  for (const path of ['/', '/rpc', '/rpc?key=1']) {
    const response = await post(server.url + path, statusCall(7));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    const answer = (await response.json()) as { id: number; result: unknown };
    assert.equal(answer.id, 7);
    assert(answer.result);
  }
  const batch = await post(server.url, `[${faucetCall(1)},${faucetCall(2)}]`);
  assert.deepEqual(await batch.json(), [
    { jsonrpc: '2.0', id: 1, result: 'given' },
    { jsonrpc: '2.0', id: 2, result: 'given' },
  ]);
  const silent = await post(server.url, '{"jsonrpc":"2.0","method":"node_status"}');
  assert.equal(silent.status, 204);
  assert.equal(await silent.text(), '');
});

test('what the dispatcher refuses is an answer, not a failure of HTTP', async (t) => {
  const { server } = await startTestServer(t);
  const cases = [
    ['{"jsonrpc":', 'rpc/parse-error'],
    ['', 'rpc/parse-error'],
    ['['.repeat(100_000), 'rpc/too-deep'],
    [`[${Array.from({ length: 101 }, () => statusCall()).join()}]`, 'rpc/batch-too-long'],
    ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', 'rpc/method-unknown'],
    ['{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"topic":"heads"}}', 'rpc/websocket-only'],
  ];
  for (const [body = '', rule] of cases) {
    const response = await post(server.url, body);
    assert.equal(response.status, 200);
    assert.equal(await ruleOf(response), rule);
  }
});

test('GET /health says whether the node is well, after what it tells is on disk', async (t) => {
  const { server, host } = await startTestServer(t);
  const well = await fetch(`${server.url}/health`);
  assert.equal(well.status, 200);
  assert.deepEqual(await well.json(), {
    healthy: true,
    life: 'ready',
    producing: host.view.status().producing,
    height: 0,
    finalHeight: 0,
  });
  host.node.runner.dispatch({ type: 'stop' });
  const ill = await fetch(`${server.url}/health`);
  assert.equal(ill.status, 503);
  assert.equal(((await ill.json()) as { healthy: boolean }).healthy, false);
});

test('other paths, methods and kinds of bodies are refused with their status', async (t) => {
  const { server } = await startTestServer(t);
  const cases: [Promise<Response>, number, string][] = [
    [post(`${server.url}/__proto__`, '{}'), 404, 'server/not-found'],
    [fetch(server.url), 405, 'server/method-not-allowed'],
    [post(`${server.url}/health`, '{}'), 405, 'server/method-not-allowed'],
    [post(server.url, '{}', { 'content-type': 'text/plain' }), 415, 'server/content-type'],
    [post(server.url, '{}', { 'content-type': 'application/jsonp' }), 415, 'server/content-type'],
    [post(server.url, '{}', { 'content-encoding': 'gzip' }), 415, 'server/content-type'],
    [post(server.url, Uint8Array.of(0x22, 0xff, 0x22)), 400, 'server/encoding'],
    [post(server.url, '{}', { origin: 'https://evil.example' }), 403, 'server/foreign-origin'],
  ];
  for (const [request, status, rule] of cases) {
    const response = await request;
    assert.equal(response.status, status, rule);
    assert.equal(await ruleOf(response), rule);
  }
  assert.equal((await fetch(server.url)).headers.get('allow'), 'OPTIONS, POST');
  assert.equal(
    (await post(server.url, statusCall(), { 'content-type': 'Application/JSON; charset=utf-8' })).status,
    200,
  );
});

test('a page that was let in can read the answer, and asks before it calls', async (t) => {
  const origin = 'https://wallet.example';
  const { server } = await startTestServer(t, { allowedOrigins: [origin] });
  const answer = await post(server.url, statusCall(), { origin });
  assert.equal(answer.headers.get('access-control-allow-origin'), origin);
  const asked = await fetch(`${server.url}/rpc`, { method: 'OPTIONS', headers: { origin } });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get('access-control-allow-headers'), 'authorization, content-type');
  const foreign = await fetch(server.url, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
  assert.equal(foreign.status, 403);
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
});

test('a host name that is not of this machine is refused', async (t) => {
  const { server } = await startTestServer(t);
  const answer = await sendRaw(
    server.port,
    'GET /health HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n',
  );
  assert.match(answer, /^HTTP\/1\.1 403 /);
  assert.match(answer, /server\/foreign-host/);
});

test('a body of the longest size is read, one byte more is not, however its length is told', async (t) => {
  // fetch leaves a socket open whose body it stopped to send.
  const { server } = await startTestServer(t, { limits: { closeGraceMs: 50 } });
  const call = statusCall();
  const longest = call + ' '.repeat(REQUEST_BYTES_MAX - call.length);
  assert.equal((await post(server.url, longest)).status, 200);
  const declared = await post(server.url, `${longest} `);
  assert.equal(declared.status, 413);
  assert.equal(await ruleOf(declared), 'server/body-size');
  const head = 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
  const chunk = `${(REQUEST_BYTES_MAX + 1).toString(16)}\r\n${longest} \r\n0\r\n\r\n`;
  const chunked = await sendRaw(
    server.port,
    `${head}connection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`,
  );
  assert.match(chunked, /^HTTP\/1\.1 413 /);
});

test('who goes on sending after a refusal is cut off', async (t) => {
  const { server } = await startTestServer(t, { limits: { bodyBytesMax: 1000, requestTimeoutMs: 60_000 } });
  const socket = connect(server.port, '127.0.0.1');
  const cut = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(
    'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n',
  );
  socket.write(' '.repeat(16_001));
  const startedMs = performance.now();
  await cut;
  assert(performance.now() - startedMs < 30_000);
});

test('all bodies together take a bounded memory, which comes back', async (t) => {
  const limits = { bodyBytesMax: 1000, bodiesBytesMax: 1500 };
  const { server } = await startTestServer(t, { limits });
  const head =
    'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n';
  const slow = connect(server.port, '127.0.0.1');
  slow.write(head + ' '.repeat(900));
  // The answer to a later call on another socket says that the first bytes have been read.
  assert.equal((await post(server.url, statusCall())).status, 200);
  const refused = await post(server.url, ' '.repeat(900));
  assert.equal(refused.status, 503);
  assert.equal(await ruleOf(refused), 'server/busy');
  slow.destroy();
  await new Promise((resolve) => slow.once('close', resolve));
  let status = 503;
  for (const endMs = performance.now() + 60_000; status === 503 && performance.now() < endMs; )
    status = (await post(server.url, ' '.repeat(900))).status;
  assert.equal(status, 200);
});

test('heads and bodies that drip in are cut off', async (t) => {
  const limits = { headersTimeoutMs: 100, requestTimeoutMs: 200, checkIntervalMs: 20 };
  const { server } = await startTestServer(t, { limits });
  const answers = await Promise.all([
    sendRaw(server.port, 'POST / HTTP/1.1\r\nhost: local'),
    sendRaw(
      server.port,
      'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    ),
  ]);
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 408 /);
});

test('requests on one socket are answered in their order, though a later one is ready first', async (t) => {
  const { server, host } = await startTestServer(t);
  host.faucet = (done) => void setTimeout(() => done(ok('late')), 30);
  const request = (body: string, more = '') =>
    `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;
  const pipelined = request(faucetCall(1)) + request(statusCall(2), 'connection: close\r\n');
  const answers = await sendRaw(server.port, pipelined);
  assert.match(answers, /"late","id":1[\s\S]*"id":2/);
});

test('an offer to speak HTTP/2 is answered in HTTP/1.1', async (t) => {
  const { server } = await startTestServer(t);
  const head =
    'GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade, close\r\nupgrade: h2c\r\n\r\n';
  assert.match(await sendRaw(server.port, head), /^HTTP\/1\.1 200 /);
});

test('a port that is taken is one clear refusal', async (t) => {
  const { server, host } = await startTestServer(t);
  const second = await startServer({ host, port: server.port, log: LOG });
  assert(!second.ok);
  assert.equal(second.error.rule, 'server/port-in-use');
  assert.deepEqual(second.error.evidence, { address: '127.0.0.1', port: server.port });
  const elsewhere = await startServer({ host, port: 0, address: '192.0.2.1', log: LOG });
  assert(!elsewhere.ok);
  assert.equal(elsewhere.error.rule, 'server/cannot-listen');
});

test('an IPv6 address stands in brackets', async (t) => {
  const { server } = await startTestServer(t, { address: '::1' });
  assert.equal(server.url, `http://[::1]:${server.port}`);
  assert.equal((await post(server.url, statusCall())).status, 200);
});

test('closing lets a running call end, and waits for no idle socket', async (t) => {
  const { server, host } = await startTestServer(t, {
    limits: { keepAliveMs: 60_000, closeGraceMs: 60_000 },
  });
  assert.equal((await post(server.url, statusCall())).status, 200);
  const asked = Promise.withResolvers<void>();
  host.faucet = (done) => {
    asked.resolve();
    setTimeout(() => done(ok('at last')), 50);
  };
  const running = post(server.url, faucetCall());
  await asked.promise;
  const startedMs = performance.now();
  const closed = server.close();
  assert.equal(server.close(), closed);
  assert.match(await (await running).text(), /at last/);
  await closed;
  assert(performance.now() - startedMs < 30_000);
  await assert.rejects(post(server.url, statusCall()));
});

test('closing ends what never ends after the grace period', async (t) => {
  const host = new TestHost();
  const asked = Promise.withResolvers<void>();
  host.faucet = () => asked.resolve();
  const { server } = await startTestServer(t, { host, limits: { closeGraceMs: 50 } });
  const running = assert.rejects(post(server.url, faucetCall()));
  await asked.promise;
  await server.close();
  await running;
});

test('what is for the owner alone is refused to who comes through a proxy', async (t) => {
  const { server } = await startTestServer(t);
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'net_ban', params: { target: 'n1' } });
  const rule = async (headers: Readonly<Record<string, string>>) => {
    const answer = (await (await post(server.url, body, headers)).json()) as {
      error: { data: { rule: string } };
    };
    return answer.error.data.rule;
  };
  assert.equal(await rule({}), 'node/no-network');
  assert.equal(await rule({ 'x-forwarded-for': '5.6.7.8' }), 'rpc/owner-only');
});
