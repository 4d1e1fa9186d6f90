import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { REQUEST_BYTES_MAX, REQUEST_DEPTH_MAX } from './limits.ts';
import type { RpcId } from './response.ts';
import { refuseRpc } from './rules.ts';

/** A well-formed request. */
export interface RpcCall {
  readonly method: string;
  /** What was given; an empty object when it was left out or is an empty list. */
  readonly params: unknown;
  /** Undefined for a notification, which is never answered. */
  readonly id: RpcId | undefined;
}

/**
 * Reads the text of a request or a batch as JSON. Refuses by `rpc/too-large`, `rpc/too-deep` or `rpc/parse-error`.
 * Of a name that stands twice in an object the last one counts, as ECMA-262 says.
 */
export function parseRequestText(text: string): Result<unknown> {
  if (text.length > REQUEST_BYTES_MAX) {
    return refuseRpc('rpc/too-large', { got: text.length, expected: REQUEST_BYTES_MAX });
  }
  if (nestingOf(text) > REQUEST_DEPTH_MAX) return refuseRpc('rpc/too-deep', { expected: REQUEST_DEPTH_MAX });
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return refuseRpc('rpc/parse-error', { got: text.slice(0, 40) });
  }
}

/**
 * Checks the shape of one request.
 *
 * @returns the call, or the refusal with the id to answer it by: null when none can be told
 */
export function readCall(
  request: unknown,
):
  | { readonly ok: true; readonly value: RpcCall }
  | { readonly ok: false; readonly id: RpcId; readonly failure: Failure } {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    return invalid(null, 'a request is an object');
  }
  const id = ownField(request, 'id');
  if (!(id === undefined || isId(id))) return invalid(null, 'an id is a text, a number or null');
  if (ownField(request, 'jsonrpc') !== '2.0') return invalid(id ?? null, 'jsonrpc is "2.0"');
  const method = ownField(request, 'method');
  if (typeof method !== 'string') return invalid(id ?? null, 'a method is a text');
  const params = ownField(request, 'params');
  if (params === undefined) return ok({ method, params: {}, id });
  if (typeof params !== 'object' || params === null)
    return invalid(id ?? null, 'params are an object or a list');
  // Many clients send an empty list where there are no parameters.
  const isEmpty = Array.isArray(params) && params.length === 0;
  return ok({ method, params: isEmpty ? {} : params, id });
}

function invalid(
  id: RpcId,
  why: string,
): { readonly ok: false; readonly id: RpcId; readonly failure: Failure } {
  return { ok: false, id, failure: refuseRpc('rpc/invalid-request', { why }) };
}

function isId(value: unknown): value is RpcId {
  // 1e400 is JSON but no number that could be sent back.
  return value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

/** A field of the object itself: `__proto__` of a stranger is a field like any other, and inherited ones are none. */
function ownField(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** How deep brackets and braces are nested, those inside texts not counted; stops above the limit. */
function nestingOf(text: string): number {
  let depth = 0;
  let depthMax = 0;
  for (let i = 0; i < text.length && depthMax <= REQUEST_DEPTH_MAX; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) i = endOfText(text, i + 1);
    else if (code === 0x5b || code === 0x7b) depthMax = Math.max(depthMax, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return depthMax;
}

/**
 * Where the quote stands that ends a text, or the length of everything when none does. Most of a request is text, so
 * it is searched and not read character by character.
 */
function endOfText(text: string, start: number): number {
  let from = start;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length;
    let before = quote;
    while (before > start && text.charCodeAt(before - 1) === 0x5c) before--;
    // An odd number of backslashes makes the last one escape the quote.
    if ((quote - before) % 2 === 0) return quote;
    from = quote + 1;
  }
}
