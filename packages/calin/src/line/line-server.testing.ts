import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { ok, type Result } from '@calin/core/base/result.ts';
import { rpcSpec } from '@calin/core/rpc/node-view.testing.ts';
import { TestHost } from '../server/server.testing.ts';
import { type LineLimits, lineLimits } from './limits.ts';
import { LineCommands } from './line-commands.ts';
import { type RunningLineServer, startLineServer } from './start-line-server.ts';

/** A line protocol on a real node in memory, on any free port of the loopback. */
export interface TestLine {
  readonly host: TestHost;
  readonly server: RunningLineServer;
  /** Answers the validations; the test may replace it. */
  validator: { validate(done: (isValid: Result<boolean>) => void): void };
}

/** Starts one for a test. */
export async function startTestLine(
  test: TestContext,
  limits: Partial<LineLimits> = {},
  host = new TestHost(),
): Promise<TestLine> {
  const line = {
    host,
    validator: { validate: (done: (isValid: Result<boolean>) => void) => done(ok(true)) },
  };
  const all = { ...lineLimits(rpcSpec), ...limits };
  const validator = { validate: (done: (isValid: Result<boolean>) => void) => line.validator.validate(done) };
  const answerer = new LineCommands({ limits: all }, { node: host.node.node, host, validator });
  const log = { write: () => {} };
  const server = await startLineServer({ port: 0, answerer, limits: all, log });
  assert.ok(server.ok);
  test.after(() => server.value.close());
  return Object.assign(line, { server: server.value });
}

/** A bare socket to a line protocol, as any program would open one. */
export class BareLine {
  readonly socket: Socket;
  #received = '';
  #waiting: (() => void) | undefined;
  isClosed = false;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    this.socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
      this.#waiting?.();
    });
    this.socket.on('error', () => {});
    this.socket.on('end', () => this.socket.end());
    for (const event of ['end', 'close'])
      this.socket.on(event, () => {
        this.isClosed = true;
        this.#waiting?.();
      });
  }

  /** Writes bytes as they are. */
  write(text: string | Uint8Array): void {
    this.socket.write(text);
  }

  /** The next line that comes; undefined when the other side has ended. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#received.indexOf('\n');
      if (end >= 0) {
        const line = this.#received.slice(0, end);
        this.#received = this.#received.slice(end + 1);
        return line;
      }
      if (this.isClosed) return undefined;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  /** Sends a line and gives its answer. */
  ask(line: string): Promise<string | undefined> {
    this.write(`${line}\n`);
    return this.line();
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Connects for one test. */
export function bareLine(test: TestContext, port: number): BareLine {
  const line = new BareLine(port);
  test.after(() => line.close());
  return line;
}

/** The rule of an answer that is an error. */
export function ruleOf(answer: string | undefined): string | undefined {
  return /^ERROR:([a-z-]+\/[a-z-]+): /.exec(answer ?? '')?.[1];
}
