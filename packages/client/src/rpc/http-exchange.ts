import { concatBytes } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { refuseRpc } from './rules.ts';

/** An answer is at most this long; the largest block in JSON stays far below. */
const RESPONSE_BYTES_MAX = 64 * 2 ** 20;

/** Where to send to, and with what. */
export interface ExchangeOptions {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  /** A key of the node's API. */
  readonly key?: string | undefined;
}

/** Sends one body by POST and reads the JSON that comes back; `undefined` when nothing does (status 204). */
export async function exchange(options: ExchangeOptions, body: string): Promise<Result<unknown>> {
  const response = await post(options, 'application/json', body);
  if (!response.ok || response.value === undefined) return response;
  return parseJson(options.url, response.value.bytes);
}

/** Sends bytes by POST: the bytes that come back with status 200, or the JSON that says why there are none. */
export async function exchangeBytes(
  options: ExchangeOptions,
  body: Uint8Array<ArrayBuffer>,
): Promise<Result<BytesOrJson>> {
  const response = await post(options, 'application/octet-stream', body);
  if (!response.ok) return response;
  if (response.value?.status === 200) return ok({ kind: 'bytes', bytes: response.value.bytes });
  const json = parseJson(options.url, response.value?.bytes ?? new Uint8Array(0));
  return json.ok ? ok({ kind: 'json', json: json.value }) : json;
}

/** What comes back when bytes are sent. */
export type BytesOrJson =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'json'; readonly json: unknown };

interface Received {
  readonly status: number;
  readonly bytes: Uint8Array;
}

async function post(
  options: ExchangeOptions,
  contentType: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<Result<Received | undefined>> {
  const { url, timeoutMs, key } = options;
  try {
    const response = await options.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 204) return ok(undefined);
    const bytes = await readBytes(response, url);
    return bytes.ok ? ok({ status: response.status, bytes: bytes.value }) : bytes;
  } catch (error) {
    if (isTimeout(error)) return refuseRpc('rpc/timeout', { url, timeoutMs });
    return refuseRpc('rpc/unreachable', { url, reason: reasonOf(error) });
  }
}

async function readBytes(response: Response, url: string): Promise<Result<Uint8Array>> {
  if (response.body === null) return ok(new Uint8Array(0));
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let received = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    received += part.value.length;
    if (received > RESPONSE_BYTES_MAX) {
      await reader.cancel();
      return refuseRpc('rpc/response-size', { url, max: RESPONSE_BYTES_MAX });
    }
    parts.push(part.value);
  }
  return ok(concatBytes(...parts));
}

function parseJson(url: string, bytes: Uint8Array): Result<unknown> {
  const text = new TextDecoder().decode(bytes);
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return refuseRpc('rpc/bad-response', { url, got: text.slice(0, 80) });
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** Node says in the cause what a browser does not tell at all, such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}
