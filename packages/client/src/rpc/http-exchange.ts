import { ok, type Result } from '@calin/core/base/result.ts';
import { refuseRpc } from './rules.ts';

/** An answer is at most this long; the largest block in JSON stays far below. */
const RESPONSE_BYTES_MAX = 64 * 2 ** 20;

/** Where to send to, and with what. */
export interface ExchangeOptions {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

/** Sends one body by POST and reads the JSON that comes back; `undefined` when nothing does (status 204). */
export async function exchange(options: ExchangeOptions, body: string): Promise<Result<unknown>> {
  const { url, timeoutMs } = options;
  let text: Result<string>;
  try {
    const response = await options.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 204) return ok(undefined);
    text = await readText(response, url);
  } catch (error) {
    if (isTimeout(error)) return refuseRpc('rpc/timeout', { url, timeoutMs });
    return refuseRpc('rpc/unreachable', { url, reason: reasonOf(error) });
  }
  if (!text.ok) return text;
  try {
    return ok(JSON.parse(text.value) as unknown);
  } catch {
    return refuseRpc('rpc/bad-response', { url, got: text.value.slice(0, 80) });
  }
}

async function readText(response: Response, url: string): Promise<Result<string>> {
  if (response.body === null) return ok('');
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let received = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    received += part.value.length;
    if (received > RESPONSE_BYTES_MAX) {
      await reader.cancel();
      return refuseRpc('rpc/response-size', { url, max: RESPONSE_BYTES_MAX });
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return ok(text + decoder.decode());
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
