import type { Refusal, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { NodeRequest } from '../node/events.ts';
import { ALIASES } from './aliases.ts';
import { attempt, guard } from './guard.ts';
import { BATCH_MAX, RESPONSE_CHARACTERS_MAX } from './limits.ts';
import type { AnyMethod } from './method.ts';
import { METHODS } from './methods.ts';
import type { NodeView } from './node-view.ts';
import { parseRequestText, type RpcCall, readCall } from './request.ts';
import { type RpcId, responseText } from './response.ts';
import { refuseRpc } from './rules.ts';

/** What carries the calls: a node with its host. One per node over HTTP, one per connection over WebSocket. */
export interface RpcHost {
  readonly view: NodeView;
  /** True for calls of the owner of the node: those from its own machine. No when left out. */
  readonly isOwner?: boolean | undefined;
  /** Whether a call may be made: by its rate, and by the role that the method takes. Any call when left out. */
  readonly admit?: ((method: AnyMethod | undefined) => Result<unknown>) | undefined;
  /** Asks the node for something; `done` gets the answer once what it tells is on disk. */
  request(request: NodeRequest, done: (result: Result<unknown>) => void): void;
  /** Calls `done` once everything the node has decided so far is on disk. */
  whenDurable(done: (result: Result<unknown>) => void): void;
  /**
   * Does a method of the kind `host` with checked parameters: dev_faucet; over WebSocket also subscribe and
   * unsubscribe, which a host without a lasting connection refuses by `rpc/websocket-only`.
   */
  hostMethod(name: string, params: unknown, done: (result: Result<unknown>) => void): void;
  /** Is told of what a handler threw: a bug or a damaged store. The caller has been answered by −32603. */
  failed?(error: unknown): void;
}

/**
 * Answers a JSON-RPC 2.0 text: one request or a batch of at most {@link BATCH_MAX}, whose requests are worked through
 * in order. Never throws, whatever the text; calls `done` exactly once.
 *
 * @param text - at most `REQUEST_BYTES_MAX` characters
 * @param done - gets the response, or undefined when there is none: the text held notifications only
 * @see https://www.jsonrpc.org/specification
 */
export function dispatch(text: string, host: RpcHost, done: Answered): void {
  dispatchTo(METHODS, text, host, done);
}

/**
 * Takes the response to a text.
 *
 * @param isBusy - true when the node was too busy, or the caller too fast, for every call of the text, so that a
 *   carrier which has a word for it (HTTP: status 429) can say so
 */
export type Answered = (response: string | undefined, isBusy: boolean) => void;

/** As {@link dispatch}, for any table of methods. */
export function dispatchTo(
  methods: Readonly<Record<string, AnyMethod>>,
  text: string,
  host: RpcHost,
  done: Answered,
): void {
  const parsed = parseRequestText(text);
  if (!parsed.ok) return done(refusalText(null, parsed.error), false);
  const request = parsed.value;
  if (!Array.isArray(request)) {
    return runAll(methods, [request], host, (responses, isBusy) => done(responses[0], isBusy));
  }
  if (request.length === 0) return done(refusalText(null, refuseRpc('rpc/batch-empty').error), false);
  if (request.length > BATCH_MAX) {
    const { error } = refuseRpc('rpc/batch-too-long', { got: request.length, expected: BATCH_MAX });
    return done(refusalText(null, error), false);
  }
  runAll(methods, request, host, (responses, isBusy) =>
    done(responses.length === 0 ? undefined : `[${responses.join(',')}]`, isBusy),
  );
}

/** A request that has been worked through. */
interface Outcome {
  /** Undefined for a notification, which is never answered. */
  readonly id: RpcId | undefined;
  readonly response: string;
  /** True for what was read from the node's memory and may not be on disk yet. */
  readonly isRead: boolean;
  /** True when the node was too busy for it. */
  readonly isBusy: boolean;
}

/** Takes the responses to the requests of one text. */
type AllAnswered = (responses: readonly string[], isBusy: boolean) => void;

/** Runs requests one after the other, then waits until everything they have read is on disk. */
function runAll(
  methods: Readonly<Record<string, AnyMethod>>,
  requests: readonly unknown[],
  host: RpcHost,
  done: AllAnswered,
): void {
  const outcomes: Outcome[] = [];
  let characters = 0;
  const settle = (id: RpcId | undefined, result: Result<unknown>, isRead: boolean): void => {
    const response = id === undefined ? '' : responseText(id, result);
    characters += response.length;
    outcomes.push({ id, response, isRead: isRead && result.ok, isBusy: isBusyRefusal(result) });
    next();
  };
  const next = (): void => {
    if (outcomes.length === requests.length) return waitForDisk(outcomes, host, done);
    const call = readCall(requests[outcomes.length]);
    if (!call.ok) return settle(call.id, call.failure, false);
    const { id } = call.value;
    if (characters > RESPONSE_CHARACTERS_MAX) {
      return settle(id, refuseRpc('rpc/response-too-large', { expected: RESPONSE_CHARACTERS_MAX }), false);
    }
    runCall(methods, call.value, host, (result, isRead) => settle(id, result, isRead));
  };
  next();
}

/** Gives the responses once everything that was read is on disk. What is not there after all is not told. */
function waitForDisk(outcomes: readonly Outcome[], host: RpcHost, done: AllAnswered): void {
  const answered = outcomes.filter(({ id }) => id !== undefined);
  const isBusy = outcomes.every((outcome) => outcome.isBusy);
  if (!answered.some(({ isRead }) => isRead)) {
    return done(
      answered.map(({ response }) => response),
      isBusy,
    );
  }
  guard(
    host,
    (durable) =>
      done(
        answered.map(({ id = null, response, isRead }) =>
          isRead && !durable.ok ? refusalText(id, durable.error) : response,
        ),
        isBusy,
      ),
    (once) => host.whenDurable(once),
  );
}

function runCall(
  methods: Readonly<Record<string, AnyMethod>>,
  call: RpcCall,
  host: RpcHost,
  done: (result: Result<unknown>, isRead: boolean) => void,
): void {
  const alias = Object.hasOwn(ALIASES, call.method) ? ALIASES[call.method] : undefined;
  const name = alias?.method ?? call.method;
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  const admitted = host.admit?.(method);
  if (admitted?.ok === false) return done(admitted, false);
  if (method === undefined) {
    return done(refuseRpc('rpc/method-unknown', { got: call.method.slice(0, 80) }), false);
  }
  const given = alias === undefined ? ok(call.params) : alias.params(listOf(call.params));
  const params = given.ok ? method.params.parse(given.value, 'params') : given;
  if (!params.ok) return done(params, false);
  if (method.devOnly && !host.view.spec.dev)
    return done(refuseRpc('rpc/dev-only', { got: method.name }), false);
  if (method.ownerOnly && host.isOwner !== true)
    return done(refuseRpc('rpc/owner-only', { got: method.name }), false);
  guard(
    host,
    (result) =>
      done(
        result.ok && alias !== undefined ? ok(alias.present(result.value)) : result,
        method.kind === 'query',
      ),
    (once) => perform(method, params.value, host, once),
  );
}

/** Parameters by position. None at all were read as an object without fields. */
function listOf(params: unknown): readonly unknown[] {
  if (Array.isArray(params)) return params;
  return Object.keys(params as object).length === 0 ? [] : [params];
}

function perform(
  method: AnyMethod,
  params: unknown,
  host: RpcHost,
  done: (result: Result<unknown>) => void,
): void {
  switch (method.kind) {
    case 'query': {
      if (!method.readsIndex) return done(method.run(host.view, params));
      return host.request({ kind: 'follow' }, (followed) => {
        const read = followed.ok ? attempt(host, () => method.run(host.view, params)) : followed;
        done(read.ok ? read.value : read);
      });
    }
    case 'command': {
      const request = method.request(host.view, params);
      if (!request.ok) return done(request);
      return host.request(request.value, (answer) =>
        done(answer.ok ? attempt(host, () => method.present(host.view, answer.value)) : answer),
      );
    }
    case 'host':
      return host.hostMethod(method.name, params, done);
  }
}

function isBusyRefusal(result: Result<unknown>): boolean {
  return !result.ok && (result.error.rule === 'node/busy' || result.error.rule === 'rpc/rate-limited');
}

function refusalText(id: RpcId, refusal: Refusal): string {
  return responseText(id, { ok: false, error: refusal });
}
