import type { IncomingMessage } from 'node:http';
import { ok, type Result } from '@calin/core/base/result.ts';
import { refuseServer } from './rules.ts';

/** A sender who goes on after a refusal is cut off after this many times the longest body. */
const DISCARD_FACTOR = 16;

/** Reads request bodies, and remembers how much memory all of them take together. */
export class BodyReader {
  readonly #bodyBytesMax: number;
  readonly #bodiesBytesMax: number;
  #heldBytes = 0;

  constructor(limits: { readonly bodyBytesMax: number; readonly bodiesBytesMax: number }) {
    this.#bodyBytesMax = limits.bodyBytesMax;
    this.#bodiesBytesMax = limits.bodiesBytesMax;
  }

  /**
   * Reads one body. `done` is called once, or never when the sender goes away. After a refusal the rest of the body is
   * received and dropped: closing the socket in the middle would often take the answer with it.
   */
  read(request: IncomingMessage, done: (body: Result<Uint8Array>) => void): void {
    const chunks: Buffer[] = [];
    let received = 0;
    let held = 0;
    let settled = false;
    const settle = (body: Result<Uint8Array> | undefined) => {
      this.#heldBytes -= held;
      held = 0;
      chunks.length = 0;
      if (settled) return;
      settled = true;
      if (body !== undefined) done(body);
    };
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > this.#bodyBytesMax) settle(this.#tooLong(declared));
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > DISCARD_FACTOR * this.#bodyBytesMax) request.destroy();
      if (settled) return;
      if (received > this.#bodyBytesMax) return settle(this.#tooLong(received));
      held += chunk.length;
      this.#heldBytes += chunk.length;
      if (this.#heldBytes > this.#bodiesBytesMax) return settle(refuseServer('server/busy'));
      chunks.push(chunk);
    });
    request.on('end', () => settle(settled ? undefined : ok(joined(chunks))));
    request.on('error', () => settle(undefined));
    request.on('close', () => settle(undefined));
  }

  #tooLong(got: number): Result<never> {
    return refuseServer('server/body-size', { got, expected: this.#bodyBytesMax });
  }
}

/** The text of a body. */
export function decodeText(body: Uint8Array): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return refuseServer('server/encoding');
  }
}

function joined(chunks: readonly Buffer[]): Uint8Array {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}
