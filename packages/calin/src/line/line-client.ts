import { connect, type Socket } from 'node:net';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { isLoopbackName } from '../server/access.ts';
import { LineBuffer } from './line-buffer.ts';
import { refuseLine } from './rules.ts';

/** Bytes of an answer: more than the largest block of any chain has in hexadecimal, with all around it. */
const ANSWER_BYTES_MAX = 2 ** 27;
/** For a connection of this machine to itself. */
const CONNECT_MS = 5000;

/** The other side of the line protocol: sends a line, waits for its answer. */
export class LineClient {
  readonly #socket: Socket;
  readonly #lines = new LineBuffer(
    { lineBytesMax: ANSWER_BYTES_MAX, dataBytesMax: ANSWER_BYTES_MAX },
    { take: () => true, give: () => {} },
  );
  #done: ((answer: Result<string>) => void) | undefined;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#lines.push(chunk);
      this.#look();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#answer(refuseLine('line/no-answer', { reason: 'the node closed the connection' }));
    });
  }

  /** Connects. Refuses by `line/not-loopback`, or by `line/no-answer` when nobody listens there. */
  static connect(host: string, port: number): Promise<Result<LineClient>> {
    if (!isLoopbackName(host)) return Promise.resolve(refuseLine('line/not-loopback', { got: host }));
    return new Promise((resolve) => {
      const refuse = (reason: string) => {
        socket.destroy();
        resolve(refuseLine('line/no-answer', { host, port, reason }));
      };
      const socket = connect({ host, port, timeout: CONNECT_MS }, () => {
        socket.setTimeout(0);
        socket.off('error', fail);
        resolve(ok(new LineClient(socket)));
      });
      const fail = (error: NodeJS.ErrnoException) => refuse(error.code ?? error.message);
      socket.once('error', fail);
      socket.once('timeout', () => refuse('no connection in time'));
    });
  }

  /** True once the other side has gone. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends a line without its end and gives the answer without its. One at a time. */
  send(line: string): Promise<Result<string>> {
    return new Promise((resolve) => {
      this.#done = resolve;
      // What came unasked, as when the node turns the connection away, is the answer to whatever is said.
      this.#look();
      if (this.#done === undefined) return;
      if (this.#isClosed) this.#answer(refuseLine('line/no-answer', { reason: 'the connection is closed' }));
      else this.#socket.write(`${line}\n`);
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.end();
  }

  #look(): void {
    if (this.#done === undefined) return;
    const line = this.#lines.next();
    if (line !== undefined) this.#answer(line);
  }

  #answer(answer: Result<string>): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(answer);
  }
}
