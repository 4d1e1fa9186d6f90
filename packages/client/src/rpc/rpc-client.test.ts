import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { RpcClient, type RpcClientOptions } from './rpc-client.ts';

interface Request {
  readonly id: number;
  readonly method: string;
}

/** A client whose exchanges end with what `answer` makes of the body that was sent. */
function clientOf(
  answer: (body: unknown) => Response | Promise<Response>,
  options: Partial<RpcClientOptions> = {},
) {
  const fetch = async (_url: unknown, init?: RequestInit) => answer(JSON.parse(String(init?.body)));
  return new RpcClient({ url: 'http://node.test', fetch, ...options });
}

const reply = (id: unknown, result: unknown) => ({ jsonrpc: '2.0', id, result });

function ruleOf(result: {
  readonly ok: boolean;
  readonly error?: { readonly rule: string };
}): string | undefined {
  return result.ok ? undefined : result.error?.rule;
}

async function listen(test: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => server.close());
  test.after(() => server.closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a call is one JSON-RPC request by POST, and its result the value', async () => {
  const sent: unknown[] = [];
  const client = clientOf((body) => {
    sent.push(body);
    return Response.json(reply((body as Request).id, { symbol: 'X' }));
  });
  const answer = await client.call('mempool_get', { limit: 3 });
  assert(answer.ok);
  assert.deepEqual(answer.value, { symbol: 'X' });
  assert.deepEqual(sent, [{ jsonrpc: '2.0', id: 1, method: 'mempool_get', params: { limit: 3 } }]);
});

test('a refusal of the node comes with its rule, help and evidence', async () => {
  const data = { rule: 'rpc/dev-only', help: 'Do.', evidence: { got: 'a', n: 1, deep: {} }, retry: true };
  const client = clientOf(() =>
    Response.json({ jsonrpc: '2.0', id: 1, error: { code: -32001, message: 'No.', data } }, { status: 200 }),
  );
  assert.deepEqual(await client.call('node_status', {}), {
    ok: false,
    error: {
      rule: 'rpc/dev-only',
      message: 'No.',
      help: 'Do.',
      evidence: { got: 'a', n: 1 },
      banPoints: 0,
      retry: true,
    },
  });
});

test('a refusal before the call was read, and an error without a rule, are refusals too', async () => {
  const data = { rule: 'server/busy', help: '', evidence: {}, retry: true };
  const refused = { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Busy.', data } };
  assert.equal(
    ruleOf(await clientOf(() => Response.json(refused, { status: 503 })).call('node_status', {})),
    'server/busy',
  );
  const bare = { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'Method not found' } };
  const failed = await clientOf(() => Response.json(bare)).call('node_status', {});
  assert(!failed.ok);
  assert.equal(failed.error.rule, 'rpc/failed');
  assert.deepEqual(failed.error.evidence, { code: -32601, message: 'Method not found' });
});

test('what is no answer to the call is refused as such', async () => {
  const bodies = [
    '<html>',
    '',
    'null',
    '[]',
    '{}',
    '{"jsonrpc":"2.0","id":2,"result":1}',
    '{"jsonrpc":"2.0","id":null,"result":1}',
    '{"id":1,"result":1}',
    '{"jsonrpc":"2.0","id":1,"error":"no"}',
  ];
  for (const body of bodies) {
    assert.equal(
      ruleOf(await clientOf(() => new Response(body)).call('node_status', {})),
      'rpc/bad-response',
      body,
    );
  }
  const silent = clientOf(() => new Response(null, { status: 204 }));
  assert.equal(ruleOf(await silent.call('node_status', {})), 'rpc/bad-response');
});

test('a batch has an outcome for each call, in the order of the calls', async () => {
  const client = clientOf((body) => {
    const [first, second] = body as [Request, Request];
    const error = {
      code: -32000,
      message: 'No.',
      data: { rule: 'rpc/dev-only', help: '', evidence: {}, retry: false },
    };
    return Response.json([{ jsonrpc: '2.0', id: second.id, error }, reply(first.id, 'one')]);
  });
  const answer = await client.batch([
    { method: 'node_status', params: {} },
    { method: 'dev_snapshot', params: {} },
  ]);
  assert(answer.ok);
  assert.deepEqual(answer.value[0], { ok: true, value: 'one' });
  assert.equal(ruleOf(answer.value[1]), 'rpc/dev-only');
  assert.deepEqual(await client.batch([]), { ok: true, value: [] });
});

test('a batch that is refused as a whole or answered in part is a refusal', async () => {
  const calls = [{ method: 'node_status', params: {} }] as const;
  const data = { rule: 'rpc/batch-too-long', help: '', evidence: {}, retry: false };
  const refused = { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'Too long.', data } };
  assert.equal(ruleOf(await clientOf(() => Response.json(refused)).batch(calls)), 'rpc/batch-too-long');
  assert.equal(ruleOf(await clientOf(() => Response.json([])).batch(calls)), 'rpc/bad-response');
  assert.equal(ruleOf(await clientOf(() => Response.json([reply(9, 1)])).batch(calls)), 'rpc/bad-response');
});

test('a node that is not there is refused with its URL and what to do', async (t) => {
  const server = createServer();
  const url = await listen(t, server);
  await new Promise((resolve) => server.close(resolve));
  const answer = await new RpcClient({ url }).call('node_status', {});
  assert(!answer.ok);
  assert.equal(answer.error.rule, 'rpc/unreachable');
  assert.deepEqual(answer.error.evidence, { url, reason: 'ECONNREFUSED' });
  assert.match(answer.error.help, /calin dev/);
  const heard = await new RpcClient({ url }).subscribe({ topic: 'heads' }, { next: () => undefined });
  assert.equal(ruleOf(heard), 'rpc/unreachable');
  assert.equal(ruleOf(await new RpcClient({ url: 'no url' }).call('node_status', {})), 'rpc/unreachable');
});

test('a server that redirects is not followed', async (t) => {
  const server = createServer((_request, response) =>
    response.writeHead(307, { location: '/elsewhere' }).end(),
  );
  const url = await listen(t, server);
  const paths: (string | undefined)[] = [];
  server.on('request', (request) => paths.push(request.url));
  assert.equal(ruleOf(await new RpcClient({ url }).call('node_status', {})), 'rpc/unreachable');
  assert.deepEqual(paths, ['/']);
});

test('a node that does not answer in time is refused', async (t) => {
  const url = await listen(t, createServer());
  assert.equal(ruleOf(await new RpcClient({ url, timeoutMs: 50 }).call('node_status', {})), 'rpc/timeout');
});

test('an answer without end is not read to its end', async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(2 ** 20).fill(0x20));
    },
  });
  assert.equal(ruleOf(await clientOf(() => new Response(body)).call('node_status', {})), 'rpc/response-size');
  assert(pulled < 70);
});
