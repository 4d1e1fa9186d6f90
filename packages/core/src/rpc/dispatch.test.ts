import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { anyValue, integer, object } from '../base/schema.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { dispatch, dispatchTo, type RpcHost } from './dispatch.ts';
import { BATCH_MAX, REQUEST_BYTES_MAX, REQUEST_DEPTH_MAX } from './limits.ts';
import { type AnyMethod, defineCommand, defineHostMethod, defineQuery } from './method.ts';
import { failing, TestFace } from './node-view.testing.ts';

const docs = { summary: 'S.', description: 'D.', errors: [], result: anyValue('Anything.'), example: {} };
const params = anyValue('Anything.');

/** The methods that the examples of the specification call. */
const EXAMPLES: Readonly<Record<string, AnyMethod>> = {
  subtract: defineQuery({
    ...docs,
    name: 'subtract',
    params,
    run(_view, given) {
      const named = given as { minuend: number; subtrahend: number };
      const [minuend, subtrahend] = Array.isArray(given) ? given : [named.minuend, named.subtrahend];
      return ok(minuend - subtrahend);
    },
  }),
  sum: defineQuery({
    ...docs,
    name: 'sum',
    params,
    run: (_view, given) => ok((given as number[]).reduce((a, b) => a + b)),
  }),
  get_data: defineQuery({ ...docs, name: 'get_data', params, run: () => ok(['hello', 5]) }),
  update: defineHostMethod({ ...docs, name: 'update', params }),
  notify_hello: defineHostMethod({ ...docs, name: 'notify_hello', params }),
};

const NO_VIEW = { spec: { dev: true } } as unknown as RpcHost['view'];

function hostWith(changes: Partial<RpcHost> = {}): RpcHost {
  return {
    view: NO_VIEW,
    isOwner: true,
    request: (request, done) => done(ok(request)),
    whenDurable: (done) => done(ok(undefined)),
    hostMethod: (_name, _params, done) => done(ok('done')),
    ...changes,
  };
}

function ask(text: string, methods = EXAMPLES, host = hostWith()): unknown {
  let answers = 0;
  let answer: string | undefined;
  dispatchTo(methods, text, host, (response) => {
    answers += 1;
    answer = response;
  });
  assert.equal(answers, 1);
  return answer === undefined ? undefined : JSON.parse(answer);
}

/** The same answer with of each error its code alone: message and data are ours to choose. */
function codes(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(codes);
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return answer;
  return { ...answer, error: (answer.error as { code: number }).code };
}

const failure = (code: number, id: unknown = null) => ({ jsonrpc: '2.0', error: code, id });
const success = (result: unknown, id: unknown) => ({ jsonrpc: '2.0', result, id });

describe('the examples of the JSON-RPC 2.0 specification', () => {
  const examples: readonly (readonly [string, string, unknown])[] = [
    ['positional', '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}', success(19, 1)],
    [
      'positional, swapped',
      '{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}',
      success(-19, 2),
    ],
    [
      'named',
      '{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}',
      success(19, 3),
    ],
    [
      'named, other order',
      '{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}',
      success(19, 4),
    ],
    ['notification', '{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}', undefined],
    ['notification of an unknown method', '{"jsonrpc": "2.0", "method": "foobar"}', undefined],
    ['unknown method', '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}', failure(-32601, '1')],
    ['invalid JSON', '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]', failure(-32700)],
    ['invalid request', '{"jsonrpc": "2.0", "method": 1, "params": "bar"}', failure(-32600)],
    [
      'batch of invalid JSON',
      '[ {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"}, {"jsonrpc": "2.0", "method" ]',
      failure(-32700),
    ],
    ['empty batch', '[]', failure(-32600)],
    ['batch that is invalid but not empty', '[1]', [failure(-32600)]],
    ['batch that is invalid', '[1,2,3]', [failure(-32600), failure(-32600), failure(-32600)]],
    [
      'batch',
      `[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
        {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "get_data", "id": "9"}]`,
      [success(7, '1'), success(19, '2'), failure(-32600), failure(-32601, '5'), success(['hello', 5], '9')],
    ],
    [
      'batch of notifications',
      '[{"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]}, {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}]',
      undefined,
    ],
  ];
  for (const [name, text, expected] of examples) {
    test(name, () => assert.deepEqual(codes(ask(text)), expected));
  }
});

describe('requests', () => {
  const call = (fields: object) => JSON.stringify({ jsonrpc: '2.0', method: 'get_data', id: 1, ...fields });

  test('ids are texts, finite numbers or null, and come back as they were', () => {
    for (const id of ['', 'x', 0, -1.5, null]) assert.deepEqual(ask(call({ id })), success(['hello', 5], id));
    for (const id of ['true', '{}', '[1]', '1e400']) {
      const text = `{"jsonrpc":"2.0","method":"get_data","id":${id}}`;
      assert.deepEqual(codes(ask(text)), failure(-32600), id);
    }
  });

  test('another version, a method that is no text and params that are no structure are refused by their id', () => {
    for (const fields of [
      { jsonrpc: '1.0' },
      { jsonrpc: 2 },
      { method: 5 },
      { params: 'x' },
      { params: null },
    ]) {
      assert.deepEqual(codes(ask(call(fields))), failure(-32600, 1), JSON.stringify(fields));
    }
  });

  test('inherited names are neither methods nor fields', () => {
    for (const method of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      assert.deepEqual(codes(ask(call({ method }))), failure(-32601, 1), method);
    }
    const text = '{"__proto__": {"jsonrpc": "2.0", "method": "get_data", "id": 7}}';
    assert.deepEqual(codes(ask(text)), failure(-32600));
    const strict = {
      strict: defineQuery({ ...docs, name: 'strict', params: object('', {}), run: () => ok(1) }),
    };
    const polluted = '{"jsonrpc":"2.0","method":"strict","id":1,"params":{"__proto__":{"x":1}}}';
    assert.deepEqual(codes(ask(polluted, strict)), failure(-32602, 1));
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
  });

  test('of a name that is written twice the last one counts', () => {
    assert.deepEqual(
      ask('{"jsonrpc":"2.0","method":"foo","method":"get_data","id":1,"id":2}'),
      success(['hello', 5], 2),
    );
  });

  test('an empty list stands for no parameters', () => {
    const strict = {
      strict: defineQuery({ ...docs, name: 'strict', params: object('', {}), run: () => ok(1) }),
    };
    const at = (params: unknown) => ask(call({ method: 'strict', params }), strict);
    assert.deepEqual(at([]), success(1, 1));
    assert.deepEqual(codes(at([1])), failure(-32602, 1));
  });

  test('a wrong parameter names its path and rule', () => {
    const fields = object('', { n: integer('N', 0, 9) });
    const one = {
      one: defineQuery({ ...docs, name: 'one', params: fields, example: { n: 1 }, run: () => ok(1) }),
    };
    const answer = ask(call({ method: 'one', params: { n: 10 } }), one) as { error: object };
    assert.deepEqual(answer.error, {
      code: -32602,
      message: 'A value is outside its range.',
      data: {
        rule: 'json/range',
        help: 'See the range in the evidence.',
        evidence: { path: 'params.n', got: 10, min: 0, max: 9 },
        retry: false,
      },
    });
  });
});

describe('limits', () => {
  const rule = (answer: unknown) => (answer as { error: { data: { rule: string } } }).error.data.rule;

  test('a batch of 100 is answered, one of 101 refused as a whole', () => {
    const batch = (size: number) =>
      JSON.stringify(Array.from({ length: size }, (_, id) => ({ jsonrpc: '2.0', method: 'get_data', id })));
    assert.equal((ask(batch(BATCH_MAX)) as unknown[]).length, BATCH_MAX);
    assert.equal(rule(ask(batch(BATCH_MAX + 1))), 'rpc/batch-too-long');
  });

  test('a text that is too long is not even read', () => {
    assert.equal(rule(ask(' '.repeat(REQUEST_BYTES_MAX))), 'rpc/parse-error');
    assert.equal(rule(ask(' '.repeat(REQUEST_BYTES_MAX + 1))), 'rpc/too-large');
  });

  test('nesting is bounded, brackets in texts are not counted', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    assert.deepEqual(codes(ask(nested(REQUEST_DEPTH_MAX))), [failure(-32600)]);
    assert.equal(rule(ask(nested(REQUEST_DEPTH_MAX + 1))), 'rpc/too-deep');
    assert.equal(rule(ask('['.repeat(1_000_000))), 'rpc/too-deep');
    const quoted = `"${'['.repeat(100)}\\"${'{'.repeat(100)}"`;
    const text = `{"jsonrpc":"2.0","method":"sum","params":[${quoted}],"id":1}`;
    assert.deepEqual(ask(text), success(`${'['.repeat(100)}"${'{'.repeat(100)}`, 1));
  });

  test('a batch stops working when its answers have grown too long', () => {
    let runs = 0;
    const run = () => {
      runs += 1;
      return ok('x'.repeat(9_000_000));
    };
    const large = { large: defineQuery({ ...docs, name: 'large', params, run }) };
    const batch = Array.from({ length: 10 }, (_, id) => ({ jsonrpc: '2.0', method: 'large', id }));
    const answers = ask(JSON.stringify(batch), large) as object[];
    assert.equal(runs, 4);
    assert.deepEqual(
      answers.map((answer) => ('error' in answer ? rule(answer) : 'ok')),
      [...Array(4).fill('ok'), ...Array(6).fill('rpc/response-too-large')],
    );
  });
});

describe('order and honesty', () => {
  const command = (name: string) =>
    defineCommand({ ...docs, name, params, request: () => ok({ kind: 'flush' }), present: (_view, a) => a });
  const methods = { ...EXAMPLES, first: command('first'), second: command('second') };

  test('a batch is worked through in order, each request after the answer to the one before', () => {
    const waiting: ((result: Result<unknown>) => void)[] = [];
    const host = hostWith({ request: (_request, done) => void waiting.push(done) });
    let answer: string | undefined;
    const text = '[{"jsonrpc":"2.0","method":"first","id":1},{"jsonrpc":"2.0","method":"second","id":2}]';
    dispatchTo(methods, text, host, (response) => {
      answer = response;
    });
    assert.equal(waiting.length, 1);
    waiting[0]?.(ok('a'));
    assert.equal(answer, undefined);
    waiting[1]?.(ok('b'));
    assert.deepEqual(JSON.parse(answer ?? ''), [success('a', 1), success('b', 2)]);
  });

  test('what was read is told only once it is on disk', () => {
    let settle: ((result: Result<unknown>) => void) | undefined;
    let flushes = 0;
    const host = hostWith({
      whenDurable: (done) => {
        flushes += 1;
        settle = done;
      },
    });
    const batch = '[{"jsonrpc":"2.0","method":"get_data","id":1},{"jsonrpc":"2.0","method":"nope","id":2}]';
    for (const [durable, expected] of [
      [ok(undefined), [success(['hello', 5], 1), failure(-32601, 2)]],
      [failing('node/store-failed'), [failure(-32001, 1), failure(-32601, 2)]],
    ] as const) {
      let answer: string | undefined;
      dispatchTo(methods, batch, host, (response) => {
        answer = response;
      });
      assert.equal(answer, undefined);
      settle?.(durable);
      assert.deepEqual(codes(JSON.parse(answer ?? '')), expected);
    }
    assert.equal(flushes, 2, 'once for a whole batch');
    ask('{"jsonrpc":"2.0","method":"first","id":1}', methods, host);
    assert.equal(flushes, 2, 'a command is answered from the disk already');
  });

  test('on a real node: the answer to a question waits for the block that it tells of', () => {
    const waiting: (() => void)[] = [];
    const face = new TestFace({ store: new MemoryStore({ schedule: (write) => waiting.push(write) }) });
    for (const write of waiting.splice(0)) write();
    face.node.runner.request({ kind: 'mine', blocks: 1 }, () => {});
    let answer: string | undefined;
    const ask = '{"jsonrpc":"2.0","method":"node_status","id":1}';
    dispatch(ask, face.host, (response) => {
      answer = response;
    });
    assert.equal(answer, undefined);
    for (const write of waiting.splice(0)) write();
    assert.equal(JSON.parse(answer ?? '').result.head.height, 1);
  });

  test('what a handler throws becomes an internal error that tells nothing, and the host hears of it', () => {
    const broken = (name: string): AnyMethod =>
      defineQuery({
        ...docs,
        name,
        params,
        run() {
          throw new Error('secret');
        },
      });
    const failures: unknown[] = [];
    const present = () => {
      throw new Error('secret');
    };
    const all = {
      query: broken('query'),
      command: defineCommand({
        ...docs,
        name: 'command',
        params,
        request: () => ok({ kind: 'flush' }),
        present,
      }),
      update: EXAMPLES['update'] as AnyMethod,
    };
    const hostMethod = () => {
      throw new Error('secret');
    };
    const host = hostWith({ failed: (error) => failures.push(error), hostMethod });
    for (const method of ['query', 'command', 'update']) {
      const answer = ask(`{"jsonrpc":"2.0","method":"${method}","id":1}`, all, host);
      assert.deepEqual(codes(answer), failure(-32603, 1));
      assert.doesNotMatch(JSON.stringify(answer), /secret/);
    }
    assert.equal(failures.length, 3);
  });

  test('the first answer of a host counts, whatever it does after', () => {
    const text = '{"jsonrpc":"2.0","method":"update","id":1}';
    const twice = hostWith({
      hostMethod: (_name, _params, done) => {
        done(ok('first'));
        done(ok('second'));
      },
    });
    assert.deepEqual(ask(text, EXAMPLES, twice), success('first', 1));
    const failures: unknown[] = [];
    const broken = hostWith({
      hostMethod: (_name, _params, done) => {
        done(ok('first'));
        throw new Error('too late');
      },
      failed: (error) => failures.push(error),
    });
    assert.deepEqual(ask(text, EXAMPLES, broken), success('first', 1));
    assert.equal(failures.length, 1);
  });

  test('what the taker of an answer throws is not taken for a failure of the method', () => {
    const failures: unknown[] = [];
    const host = hostWith({ failed: (error) => failures.push(error) });
    const taker = () => {
      throw new Error('the socket is gone');
    };
    assert.throws(
      () => dispatchTo(EXAMPLES, '{"jsonrpc":"2.0","method":"get_data","id":1}', host, taker),
      /socket/,
    );
    assert.deepEqual(failures, []);
  });

  test('methods of development networks are refused elsewhere', () => {
    const dev = { dev: defineHostMethod({ ...docs, name: 'dev', params, devOnly: true }) };
    const text = '{"jsonrpc":"2.0","method":"dev","id":1}';
    assert.deepEqual(ask(text, dev), success('done', 1));
    const view = { spec: { dev: false } } as unknown as RpcHost['view'];
    assert.match(JSON.stringify(ask(text, dev, hostWith({ view }))), /rpc\/dev-only/);
  });

  test('what is for the owner of the node is refused to everybody else', () => {
    const owned = { owned: defineHostMethod({ ...docs, name: 'owned', params, ownerOnly: true }) };
    const text = '{"jsonrpc":"2.0","method":"owned","id":1}';
    assert.deepEqual(ask(text, owned), success('done', 1));
    assert.match(JSON.stringify(ask(text, owned, hostWith({ isOwner: false }))), /rpc\/owner-only/);
  });
});
