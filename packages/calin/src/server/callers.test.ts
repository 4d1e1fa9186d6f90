import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Role } from '@calin/core/rpc/roles.ts';
import { WebSocket } from 'ws';
import { ApiKeys, createApiKey, revokeApiKey } from '../adapters/api-keys.ts';
import type { CallerRules } from './callers.ts';
import { faucetCall, headNews, post, startTestServer, statusCall } from './server.testing.ts';
import { TEST_CERTIFICATE } from './tls.testing.ts';

/** A caller from another machine, as a proxy on this one tells of it. */
const ABROAD = { 'x-forwarded-for': '198.51.100.7' };

const BAN = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'net_ban', params: { target: 'n1' } });

function keysOf(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'calin-callers-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const create = (role: Exclude<Role, 'none'>, callsPerSecond = 0): string => {
    const made = createApiKey(folder, { name: role, role, callsPerSecond }, 0);
    assert(made.ok);
    return made.value.key;
  };
  return { folder, create, keys: new ApiKeys(folder, () => performance.now()) };
}

async function start(t: TestContext, callers: CallerRules) {
  const { server, host } = await startTestServer(t, { callers });
  return {
    server,
    host,
    send: (body: string, headers: Readonly<Record<string, string>> = ABROAD) =>
      post(server.url, body, headers),
    ruleOf: async (body: string, headers: Readonly<Record<string, string>> = ABROAD) => {
      const answer = (await (await post(server.url, body, headers)).json()) as {
        error?: { data: { rule: string } };
      };
      return answer.error?.data.rule;
    },
  };
}

const bearer = (key: string) => ({ ...ABROAD, authorization: `Bearer ${key}` });

test('a role opens what it says and nothing above it', async (t) => {
  const { create, keys } = keysOf(t);
  const [read, submit, admin] = [create('read'), create('submit'), create('admin')].map(bearer);
  const { ruleOf, server } = await start(t, { keys, anonymous: 'none' });
  const calls = [statusCall(), faucetCall(), BAN];
  const rules = async (headers: Record<string, string> | undefined) =>
    Promise.all(calls.map((call) => ruleOf(call, headers)));
  assert.deepEqual(await rules(ABROAD), ['rpc/role', 'rpc/role', 'rpc/role']);
  assert.deepEqual(await rules(read), [undefined, 'rpc/role', 'rpc/owner-only']);
  assert.deepEqual(await rules(submit), [undefined, undefined, 'rpc/owner-only']);
  assert.deepEqual(await rules(admin), [undefined, undefined, 'node/no-network']);
  assert.deepEqual(await rules({}), [undefined, undefined, 'node/no-network'], 'the owner needs no key');
  const bundle = (headers: Record<string, string> = ABROAD) =>
    post(`${server.url}/transactions`, Uint8Array.of(0, 0, 0, 0), {
      ...headers,
      'content-type': 'application/octet-stream',
    });
  assert.equal((await bundle(read)).status, 403);
  assert.equal((await bundle(submit)).status, 400, 'an empty bundle, looked at');
});

test('who sends a key is held to it, also on the machine of the node', async (t) => {
  const { create, keys } = keysOf(t);
  const { ruleOf } = await start(t, { keys });
  const authorization = `Bearer ${create('read')}`;
  assert.equal(await ruleOf(faucetCall(), { authorization }), 'rpc/role');
  assert.equal(await ruleOf(BAN, { authorization }), 'rpc/owner-only');
});

test('a wrong key is refused, and after ten of them so is every key of that address', async (t) => {
  const { create, keys } = keysOf(t);
  const key = create('read');
  const { send } = await start(t, { keys });
  const wrong = ['Bearer calin', 'Basic YTpi', `Bearer ${key}0`, 'x', `Bearer ${key.slice(0, -1)}`];
  for (let i = 0; i < 10; i++) {
    const refused = await send(statusCall(), { ...ABROAD, authorization: wrong[i % wrong.length] as string });
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer realm="calin"');
    assert.match(await refused.text(), /server\/key-unknown/);
  }
  const right = await send(statusCall(), bearer(key));
  assert.equal(right.status, 429);
  assert.equal(Number(right.headers.get('retry-after')) > 0, true);
  assert.match(await right.text(), /server\/too-many-guesses/);
  const elsewhere = { authorization: `Bearer ${key}`, 'x-forwarded-for': '198.51.100.7, 203.0.113.9' };
  assert.equal((await send(statusCall(), elsewhere)).status, 200);
});

test('what a proxy did not see itself makes nobody another caller', async (t) => {
  const { send } = await start(t, { anonymousCallsPerSecond: 0.1 });
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) {
    const forged = { 'x-forwarded-for': `203.0.113.${i}, 198.51.100.7` };
    statuses.push((await send(statusCall(), forged)).status);
  }
  assert.deepEqual(statuses, [200, 429, 429]);
  const sameNetwork = ['2001:db8::1', '2001:db8::2'].map((address) => ({ 'x-forwarded-for': address }));
  assert.equal((await send(statusCall(), sameNetwork[0])).status, 200);
  assert.equal((await send(statusCall(), sameNetwork[1])).status, 429);
});

test('each call counts, alone or in a batch, and headers say what is left', async (t) => {
  const { send, ruleOf } = await start(t, { anonymousCallsPerSecond: 0.5 });
  const first = await send(statusCall());
  assert.equal(first.headers.get('ratelimit-limit'), '5');
  assert.equal(first.headers.get('ratelimit-remaining'), '4');
  assert.equal(first.headers.get('ratelimit-reset'), '2');
  assert.equal(first.headers.get('retry-after'), null);
  const batch = await send(`[${Array.from({ length: 6 }, (_, id) => statusCall(id)).join()}]`);
  assert.equal(batch.status, 200);
  const answers = (await batch.json()) as { error?: { code: number; data: { rule: string } } }[];
  const rules = answers.map(({ error }) => error?.data.rule);
  assert.deepEqual(rules.slice(0, 4), [undefined, undefined, undefined, undefined]);
  assert.deepEqual(rules.slice(4), ['rpc/rate-limited', 'rpc/rate-limited']);
  assert.equal(answers[5]?.error?.code, -32001);
  const over = await send(statusCall());
  assert.equal(over.status, 429);
  assert.equal(Number(over.headers.get('retry-after')) > 0, true);
  assert.equal(await ruleOf('{"no":"call"}'), 'rpc/rate-limited');
  for (let i = 0; i < 20; i++) assert.equal((await send(statusCall(), {})).status, 200, 'the owner');
});

test('the typed client sends its key with calls and bundles', async (t) => {
  const { create, keys } = keysOf(t);
  const key = create('read');
  const { server } = await start(t, { keys });
  const client = new RpcClient({ url: server.url, key });
  const status = await client.call('node_status', {});
  assert(status.ok);
  const ruleOf = (result: Result<unknown>) => (result.ok ? '' : result.error.rule);
  assert.equal(ruleOf(await client.call('tx_submit', { transactions: [] })), 'rpc/role');
  assert.equal(ruleOf(await client.submitBundle([Uint8Array.of(1)])), 'rpc/role');
  const stranger = new RpcClient({ url: server.url, key: 'calin' });
  assert.equal(ruleOf(await stranger.call('node_status', {})), 'server/key-unknown');
});

test('a page sends its key as a protocol, and a key that is revoked ends its connections', async (t) => {
  const { create, keys, folder } = keysOf(t);
  const [key, other] = [create('read'), create('read')];
  const { server, host } = await start(t, { keys, anonymous: 'none' });
  const open = async (sent: string) => {
    const socket = new WebSocket(server.url.replace('http', 'ws'), ['calin', `calin.key.${sent}`], {
      headers: ABROAD,
    });
    t.after(() => socket.terminate());
    await once(socket, 'open');
    return socket;
  };
  const [first, second] = [await open(key), await open(other)];
  assert.equal(first.protocol, 'calin', 'the key does not come back');
  await assert.rejects(open('calin'), /401/);
  const [, id = ''] = key.split('_');
  assert(revokeApiKey(folder, id).ok);
  const closed = once(first, 'close');
  const ask = async () => {
    second.send(statusCall());
    const [data] = await once(second, 'message');
    return JSON.parse(String(data)) as { result?: object };
  };
  // The file of the keys is looked at once a second, and connections when there is news for them.
  const news = setInterval(() => server.publish(headNews(host)), 50);
  t.after(() => clearInterval(news));
  const [status] = await closed;
  assert.equal(status, 1008);
  assert((await ask()).result !== undefined);
});

test('keys have rates of their own', async (t) => {
  const { create, keys } = keysOf(t);
  const [slow, fast] = [bearer(create('read', 1)), bearer(create('read'))];
  const { send } = await start(t, { keys, anonymousCallsPerSecond: 0.1 });
  const statuses = async (headers: Readonly<Record<string, string>>) => {
    const got: number[] = [];
    for (let i = 0; i < 12; i++) got.push((await send(statusCall(), headers)).status);
    return got;
  };
  assert.equal(
    (await statuses(fast)).every((status) => status === 200),
    true,
  );
  assert.equal((await statuses(slow)).at(-1), 429);
});

test('a WebSocket has the role and the rate of its key', async (t) => {
  const { create, keys } = keysOf(t);
  const key = create('read', 1);
  const { server } = await start(t, { keys, anonymous: 'none' });
  const url = server.url.replace('http', 'ws');
  const refused = new WebSocket(url, { headers: { ...ABROAD, authorization: 'Bearer wrong' } });
  const [, response] = await once(refused, 'unexpected-response');
  assert.equal((response as { statusCode: number }).statusCode, 401);
  const socket = new WebSocket(url, { headers: bearer(key) });
  t.after(() => socket.terminate());
  await once(socket, 'open');
  const ruleOf = async (body: string) => {
    socket.send(body);
    const [data] = await once(socket, 'message');
    return (JSON.parse(String(data)) as { error?: { data: { rule: string } } }).error?.data.rule;
  };
  assert.equal(await ruleOf(statusCall()), undefined);
  assert.equal(await ruleOf(faucetCall()), 'rpc/role');
  const rules: unknown[] = [];
  for (let i = 0; i < 12; i++) rules.push(await ruleOf(statusCall()));
  assert.equal(rules.at(-1), 'rpc/rate-limited');
});

test('with a certificate the server speaks TLS, over HTTP and WebSocket, and only that', async (t) => {
  const { server } = await startTestServer(t, { tls: TEST_CERTIFICATE });
  assert.match(server.url, /^https:/);
  const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const options = { ca: TEST_CERTIFICATE.cert, headers: { origin: server.url } };
    request(`${server.url}/health`, options, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      resolve({ status: response.statusCode, text });
    })
      .on('error', reject)
      .end();
  });
  assert.equal(answer.status, 200);
  assert.match(answer.text, /"healthy":true/);
  const socket = new WebSocket(server.url.replace('https', 'wss'), { ca: TEST_CERTIFICATE.cert });
  t.after(() => socket.terminate());
  await once(socket, 'open');
  socket.send(statusCall('tls'));
  const [data] = await once(socket, 'message');
  assert.equal((JSON.parse(String(data)) as { id: string }).id, 'tls');
  await assert.rejects(fetch(server.url.replace('https', 'http')));
});

test('a certificate that is none is one clear refusal', async (t) => {
  const { host } = await startTestServer(t);
  const { startServer } = await import('./start-server.ts');
  const log = { write: () => undefined };
  const started = await startServer({ host, port: 0, log, tls: { cert: 'x', key: 'y' } });
  assert.equal(started.ok ? '' : started.error.rule, 'server/tls');
});
