import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';

/** A bundle in a binary WebSocket message, with the number that its answer will carry. */
export interface BundleFrame {
  /** A u32 that the sender chose; answers come in the order in which the work is done. */
  readonly number: number;
  readonly bundle: Uint8Array;
}

/** The answer to a {@link BundleFrame}. */
export interface BundleAnswerFrame {
  readonly number: number;
  /** 200, or that of the refusal; as over HTTP. */
  readonly status: number;
  /** Verdicts (see bundle-verdicts.ts) with status 200, else a JSON-RPC response that refuses, as UTF-8. */
  readonly body: Uint8Array;
}

/** Writes the message of a bundle: number u32, bundle. */
export function encodeBundleFrame({ number, bundle }: BundleFrame): Uint8Array<ArrayBuffer> {
  return join([number], bundle);
}

/** Reads the message of a bundle: a view of `bytes`, with whatever stands in the place of the bundle. */
export function parseBundleFrame(bytes: Uint8Array): Result<BundleFrame> {
  const reader = new Reader(bytes);
  const number = reader.u32();
  return reader.result({ number, bundle: reader.bytes.subarray(reader.offset) });
}

/** Writes the message of an answer: number u32, status u32, body. */
export function encodeBundleAnswerFrame(frame: BundleAnswerFrame): Uint8Array<ArrayBuffer> {
  return join([frame.number, frame.status], frame.body);
}

/** Reads the message of an answer: a view of `bytes`. */
export function parseBundleAnswerFrame(bytes: Uint8Array): Result<BundleAnswerFrame> {
  const reader = new Reader(bytes);
  const number = reader.u32();
  const status = reader.u32();
  return reader.result({ number, status, body: reader.bytes.subarray(reader.offset) });
}

function join(numbers: readonly number[], body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * numbers.length + body.length);
  const view = new DataView(bytes.buffer);
  for (const [i, number] of numbers.entries()) view.setUint32(4 * i, number, true);
  bytes.set(body, 4 * numbers.length);
  return bytes;
}
