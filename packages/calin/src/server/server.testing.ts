import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { ok, type Result } from '@calin/core/base/result.ts';
import { TestNode } from '@calin/core/node/test-node.testing.ts';
import type { LogEntry } from '@calin/core/ports/log.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { METHODS } from '@calin/core/rpc/methods.ts';
import { rpcSpec, type TestFace } from '@calin/core/rpc/node-view.testing.ts';
import { type RunningServer, type StartServerOptions, startServer } from './start-server.ts';

type Done = (result: Result<unknown>) => void;

/** A real node in memory. Its faucet gives what the test says, when the test says. */
export class TestHost implements RpcHost {
  readonly node = new TestNode({ spec: rpcSpec });
  readonly view = this.node.queries;
  readonly isOwner = true;
  readonly logs: LogEntry[] = [];
  faucet: (done: Done) => void = (done) => done(ok('given'));

  request(...[request, done]: Parameters<RpcHost['request']>): void {
    this.node.runner.request(request, done);
    // What blocks leave to be done, and who waits for it, needs a clock that moves.
    setImmediate(() => this.node.advance(1));
  }

  /** Makes blocks at once. */
  mine(blocks: number): void {
    let isDone = false;
    this.node.runner.request({ kind: 'mine', blocks }, () => {
      isDone = true;
    });
    for (let passed = 0; !isDone && passed < 60_000; passed += 10) this.node.advance(10);
    assert(isDone);
  }

  whenDurable(done: Done): void {
    this.node.runner.whenDurable(done);
  }

  hostMethod(name: string, _params: unknown, done: Done): void {
    assert.equal(name, 'dev_faucet');
    this.faucet(done);
  }
}

/** The head as the node announces it. */
export function headNews(host: TestHost) {
  const { id, header } = host.view.status().head;
  const head = { id, header, height: header.height, weight: 0n };
  return { kind: 'head' as const, head, reverted: 0, transactions: () => [] };
}

/** A host whose clock moves until each request is answered: blocks keep to the slots of the chain. */
export function patientHost(face: TestFace): RpcHost {
  return {
    ...face.host,
    request(request, done) {
      let isAnswered = false;
      face.host.request(request, (answer) => {
        isAnswered = true;
        done(answer);
      });
      for (let passed = 0; !isAnswered && passed < 60_000; passed += 10) face.node.advance(10);
    },
  };
}

/** Starts a server for one test, on any free port of loopback. */
export async function startTestServer(
  test: TestContext,
  options: Partial<StartServerOptions> & { readonly host?: TestHost } = {},
): Promise<{ server: RunningServer; host: TestHost }> {
  const { host = new TestHost() } = options;
  const log = { write: (entry: LogEntry) => host.logs.push(entry) };
  const started = await startServer({ port: 0, log, ...options, host });
  assert(started.ok);
  test.after(() => started.value.close());
  return { server: started.value, host };
}

/** The text of a call of the faucet, which {@link TestHost.faucet} answers. */
export function faucetCall(id: number | string = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'dev_faucet', params: METHODS.dev_faucet.example });
}

/** The text of a call that only reads. */
export function statusCall(id: number | string = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'node_status' });
}

/** POSTs a text and gives the response. */
export function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}

/** Sends text over a bare socket and gives all that comes back until the other side ends or resets it. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      received += chunk.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}
