import { ok, type Result } from '@calin/core/base/result.ts';
import { type BundleVerdict, parseVerdicts } from '@calin/core/rpc/bundle-verdicts.ts';
import type { ParamsOf, ResultOf } from '@calin/core/rpc/method.ts';
import type { METHODS } from '@calin/core/rpc/methods.ts';
import { encodeBundle } from '@calin/core/rpc/transaction-bundle.ts';
import { exchange, exchangeBytes } from './http-exchange.ts';
import { isRecord, parseResponse, type RpcResponse } from './response.ts';
import { refuseRpc } from './rules.ts';
import { type Subscriber, type Subscription, Subscriptions } from './subscriptions.ts';

type Methods = typeof METHODS;

/** A method of the node; docs/reference/rpc.md describes them. */
export type MethodName = keyof Methods;
/** What a method takes. */
export type MethodParams<Name extends MethodName> = ParamsOf<Methods[Name]>;
/** What a method answers. */
export type MethodResult<Name extends MethodName> = ResultOf<Methods[Name]>;

/** One call of a batch. */
export type MethodCall = {
  readonly [Name in MethodName]: { readonly method: Name; readonly params: MethodParams<Name> };
}[MethodName];

/** The answers to the calls of a batch, in the same order. */
export type BatchResults<Calls extends readonly MethodCall[]> = {
  readonly [I in keyof Calls]: Result<MethodResult<Calls[I]['method']>>;
};

/** Where the node is, and what to reach it with. */
export interface RpcClientOptions {
  /** Such as `http://127.0.0.1:9545`. */
  readonly url: string;
  /** A key of the node's API, sent with calls, bundles and subscriptions. */
  readonly key?: string | undefined;
  /** The platform's one when left out. */
  readonly fetch?: typeof fetch;
  /** The platform's one when left out; only subscriptions need it. */
  readonly webSocket?: typeof WebSocket;
  /** For one call or batch, and for opening a subscription; 30 seconds when left out. */
  readonly timeoutMs?: number;
}

/**
 * Calls the methods of a node, with the types of its method table. Whatever goes wrong is a refusal and not an
 * exception: the node's own, with its rule and evidence, or `rpc/unreachable`, `rpc/timeout`, `rpc/bad-response`,
 * `rpc/response-size`, `rpc/failed`. Works in Node and in browsers.
 *
 * @example
 * const client = new RpcClient({ url: 'http://127.0.0.1:9545' });
 * const status = await client.call('node_status', {});
 * if (status.ok) console.log(status.value.head.height);
 */
export class RpcClient {
  readonly url: string;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;
  readonly #key: string | undefined;
  readonly #subscriptions: Subscriptions;
  #calls = 0;

  constructor(options: RpcClientOptions) {
    const { url, timeoutMs = 30_000 } = options;
    this.url = url;
    this.#timeoutMs = timeoutMs;
    this.#key = options.key;
    // A browser's fetch must not be called as a method of something else than the window.
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    const webSocket = options.webSocket ?? WebSocket;
    this.#subscriptions = new Subscriptions({ url, key: options.key, timeoutMs, webSocket });
  }

  /** Calls one method. */
  async call<Name extends MethodName>(
    method: Name,
    params: MethodParams<Name>,
  ): Promise<Result<MethodResult<Name>>> {
    const id = this.#nextId();
    const answer = await this.#exchange({ jsonrpc: '2.0', id, method, params });
    if (!answer.ok) return answer;
    const response = parseResponse(answer.value);
    if (response === undefined || !answers(response, id)) return this.#badResponse(answer.value);
    return response.outcome as Result<MethodResult<Name>>;
  }

  /**
   * Makes several calls in one exchange; each has its own outcome. The node works through them in order and takes at
   * most 100 of them.
   */
  async batch<const Calls extends readonly MethodCall[]>(calls: Calls): Promise<Result<BatchResults<Calls>>> {
    if (calls.length === 0) return ok([] as unknown as BatchResults<Calls>);
    const requests = calls.map(({ method, params }) => ({
      jsonrpc: '2.0',
      id: this.#nextId(),
      method,
      params,
    }));
    const answer = await this.#exchange(requests);
    if (!answer.ok) return answer;
    if (isRecord(answer.value)) {
      // One response to a whole batch says why none of its calls was made.
      const response = parseResponse(answer.value);
      return response === undefined || response.outcome.ok
        ? this.#badResponse(answer.value)
        : response.outcome;
    }
    const responses = Array.isArray(answer.value) ? answer.value.map(parseResponse) : [];
    const outcomes = requests.flatMap(
      ({ id }) => responses.find((response) => response?.id === id)?.outcome ?? [],
    );
    if (outcomes.length !== requests.length) return this.#badResponse(answer.value);
    return ok(outcomes as unknown as BatchResults<Calls>);
  }

  /**
   * Hands in a bundle of signed transactions in their binary form: what `tx_submit` does, at a fraction of its cost
   * for both sides. Parents stand before their children.
   *
   * @param transactions - encoded; 1 to `BUNDLE_TRANSACTIONS_MAX` of them, at most `REQUEST_BYTES_MAX` together
   * @returns one verdict for each, in order. Refuses by `node/busy` when the node has as much waiting as it takes:
   *   send the same bundle again after a moment
   */
  async submitBundle(transactions: readonly Uint8Array[]): Promise<Result<readonly BundleVerdict[]>> {
    const url = new URL('/transactions', this.url).href;
    const options = { url, fetch: this.#fetch, timeoutMs: this.#timeoutMs, key: this.#key };
    const answer = await exchangeBytes(options, encodeBundle(transactions));
    if (!answer.ok) return answer;
    if (answer.value.kind === 'json') {
      const outcome = parseResponse(answer.value.json)?.outcome;
      return outcome === undefined || outcome.ok ? this.#badResponse(answer.value.json) : outcome;
    }
    const verdicts = parseVerdicts(answer.value.bytes);
    if (verdicts.ok && verdicts.value.length === transactions.length) return verdicts;
    return this.#badResponse(verdicts.ok ? 'verdicts on other transactions' : verdicts.error.rule);
  }

  /**
   * Listens to the news of the node over a WebSocket, which all subscriptions of this client share. When the
   * connection breaks it is made again, and the subscriber is told that it may have missed something.
   */
  subscribe(topic: MethodParams<'subscribe'>, subscriber: Subscriber): Promise<Result<Subscription>> {
    return this.#subscriptions.subscribe(topic, subscriber);
  }

  /** Ends all subscriptions. Calls need no end. */
  close(): void {
    this.#subscriptions.close();
  }

  #nextId(): number {
    this.#calls += 1;
    return this.#calls;
  }

  #exchange(body: unknown): Promise<Result<unknown>> {
    const options = { url: this.url, fetch: this.#fetch, timeoutMs: this.#timeoutMs, key: this.#key };
    return exchange(options, JSON.stringify(body));
  }

  #badResponse(got: unknown): Result<never> {
    return refuseRpc('rpc/bad-response', { url: this.url, got: (JSON.stringify(got) ?? '').slice(0, 80) });
  }
}

/** A refusal without an id answers the only call there is: the server refused before it read the call. */
function answers({ id, outcome }: RpcResponse, expected: number): boolean {
  return id === expected || (id === null && !outcome.ok);
}
