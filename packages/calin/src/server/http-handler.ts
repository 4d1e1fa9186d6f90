import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Refusal } from '@calin/core/base/result.ts';
import { dispatch, type RpcHost } from '@calin/core/rpc/dispatch.ts';
import { responseText } from '@calin/core/rpc/response.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { submitBundle } from '@calin/core/rpc/submit-bundle.ts';
import { version } from '../cli/version.ts';
import { type AccessRules, checkAccess } from './access.ts';
import { apiPages } from './api-pages.ts';
import { BodyReader, decodeText } from './body-reader.ts';
import type { Caller, Callers } from './callers.ts';
import type { ServerLimits } from './limits.ts';
import type { Pages } from './pages.ts';
import { refuseServer } from './rules.ts';
import { isForNow, RETRY_AFTER_SECONDS, statusOf } from './statuses.ts';

/** What the handler needs to know. */
export interface HttpHandlerOptions {
  readonly access: AccessRules;
  readonly limits: ServerLimits;
}

const PATHS: Readonly<Record<string, string>> = {
  '/': 'OPTIONS, POST',
  '/rpc': 'OPTIONS, POST',
  '/transactions': 'OPTIONS, POST',
  '/health': 'GET, HEAD, OPTIONS',
  '/metrics': 'GET, HEAD, OPTIONS',
  '/openrpc.json': 'GET, HEAD, OPTIONS',
  '/docs/api': 'GET, HEAD, OPTIONS',
};

/** How pages are asked for. */
const PAGE_METHODS = 'GET, HEAD, OPTIONS';

/** What answers GET `/metrics`. */
export interface MetricsSource {
  /** The value of the header `content-type`. */
  readonly contentType: string;
  /** The metrics as they are now. */
  text(): Promise<string>;
}

/**
 * Answers HTTP requests: JSON-RPC by POST to `/` or `/rpc`, bundles of transactions by POST to `/transactions`, and
 * GET `/health`, `/metrics`, `/openrpc.json`, `/docs/api` and the pages of the explorer.
 *
 * A call that fails still answers 200, as its failure is in the body; other statuses mean that no call was made, and
 * 429 that the node was too busy for it. What a method throws is answered by the dispatcher and told to the host.
 */
export class HttpHandler {
  readonly #access: AccessRules;
  readonly #host: RpcHost;
  readonly #callers: Callers;
  readonly #metrics: MetricsSource | undefined;
  readonly #pages: Pages | undefined;
  readonly #bodies: BodyReader;
  readonly #describe: ReturnType<typeof apiPages>;
  /** Set when the server stops: every answer is then the last on its socket. */
  closing = false;

  constructor(
    options: HttpHandlerOptions,
    dependencies: {
      readonly host: RpcHost;
      readonly callers: Callers;
      readonly metrics?: MetricsSource | undefined;
      readonly pages?: Pages | undefined;
    },
  ) {
    this.#access = options.access;
    this.#host = withoutSubscriptions(dependencies.host);
    this.#callers = dependencies.callers;
    this.#metrics = dependencies.metrics;
    this.#pages = dependencies.pages;
    this.#describe = apiPages(version, dependencies.pages !== undefined);
    this.#bodies = new BodyReader(options.limits);
  }

  /** Takes one request; the answer may come later. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const access = checkAccess(request.headers, this.#access);
    if (!access.ok) return this.#refuse(response, access.error);
    allowOrigin(request, response);
    const path = (request.url ?? '').split('?', 1)[0] as string;
    const { method = '' } = request;
    const allow = this.#allowed(path);
    if (allow === undefined) return this.#refuse(response, refuseServer('server/not-found').error);
    if (!allow.split(', ').includes(method)) {
      response.setHeader('allow', allow);
      return this.#refuse(response, refuseServer('server/method-not-allowed', { got: method }).error);
    }
    if (method === 'OPTIONS') return this.#preflight(response, allow);
    if (path === '/health') return this.#health(response);
    const caller = this.#identify(request, response);
    if (caller === undefined) return;
    if (path === '/metrics') return this.#sendMetrics(response);
    const page = this.#describe(path);
    if (page !== undefined) return this.#send(response, 200, page.body, page.headers);
    if (method !== 'POST') return this.#sendPage(request, response, path);
    if (path === '/transactions') return this.#bundle(request, response, caller);
    return this.#call(request, response, caller);
  }

  /** The methods that a path takes, if there is something under it. */
  #allowed(path: string): string | undefined {
    const own = Object.hasOwn(PATHS, path) ? PATHS[path] : undefined;
    if (path === '/metrics' && this.#metrics === undefined) return undefined;
    if (this.#pages === undefined || (own !== undefined && path !== '/')) return own;
    if (path === '/') return `GET, HEAD, ${own}`;
    return this.#pages.find(path) === undefined ? undefined : PAGE_METHODS;
  }

  #sendPage(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (this.closing) response.setHeader('connection', 'close');
    const file = this.#pages?.find(path);
    const isSent = file !== undefined && this.#pages?.send(request, response, file) === true;
    if (!isSent) this.#refuse(response, refuseServer('server/no-pages').error);
  }

  /** Who calls, when it may call now; undefined once it was refused. */
  #identify(request: IncomingMessage, response: ServerResponse): Caller | undefined {
    const caller = this.#callers.identify(request);
    if (!caller.ok) {
      if (statusOf(caller.error) === 401) response.setHeader('www-authenticate', 'Bearer realm="calin"');
      this.#refuse(response, caller.error);
      return undefined;
    }
    const paid = caller.value.pay();
    tellRate(caller.value, response);
    if (paid.ok) return caller.value;
    this.#refuse(response, paid.error);
    return undefined;
  }

  #call(request: IncomingMessage, response: ServerResponse, caller: Caller): void {
    this.#receive(request, response, 'application/json', (body) => {
      const text = decodeText(body);
      if (!text.ok) return this.#refuse(response, text.error);
      dispatch(text.value, caller.hostOf(this.#host), (answer, isBusy) => {
        tellRate(caller, response);
        if (answer === undefined) this.#send(response, 204, undefined);
        else this.#send(response, isBusy ? 429 : 200, answer);
      });
    });
  }

  #bundle(request: IncomingMessage, response: ServerResponse, caller: Caller): void {
    const allowed = caller.checkRole('submit');
    if (!allowed.ok) return this.#refuse(response, allowed.error);
    const wantsJson = /\bapplication\/json\b/i.test(request.headers.accept ?? '');
    this.#receive(request, response, 'application/octet-stream', (body) => {
      submitBundle(body, wantsJson ? 'json' : 'binary', this.#host, (answer) => {
        if (answer.ok) this.#send(response, 200, answer.value);
        else this.#refuse(response, answer.error);
      });
    });
  }

  /** Reads a body that is declared to be of a type, and not compressed. */
  #receive(
    request: IncomingMessage,
    response: ServerResponse,
    expected: string,
    received: (body: Uint8Array) => void,
  ): void {
    const type = request.headers['content-type'] ?? '';
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (type.split(';', 1)[0]?.trim().toLowerCase() !== expected || encoding !== 'identity') {
      const got = encoding === 'identity' ? type.slice(0, 80) : encoding.slice(0, 80);
      return this.#refuse(response, refuseServer('server/content-type', { got, expected }).error);
    }
    this.#bodies.read(request, (body) => {
      if (body.ok) received(body.value);
      else this.#refuse(response, body.error);
    });
  }

  /** Well is who can still write: the answer waits for the disk as that of a call does. */
  #health(response: ServerResponse): void {
    this.#host.whenDurable((durable) => {
      const { life, producing, head, final } = this.#host.view.status();
      const healthy = durable.ok && life === 'ready' && !this.closing;
      const body = { healthy, life, producing, height: head.header.height, finalHeight: final.height };
      this.#send(response, healthy ? 200 : 503, JSON.stringify(body));
    });
  }

  #sendMetrics(response: ServerResponse): void {
    const { contentType = '' } = this.#metrics ?? {};
    const sent = this.#metrics
      ?.text()
      .then((text) => this.#send(response, 200, text, { 'content-type': contentType }));
    void sent?.catch((error: unknown) => {
      this.#host.failed?.(error);
      this.#refuse(response, refuseRpc('rpc/internal').error);
    });
  }

  #preflight(response: ServerResponse, allow: string): void {
    response.setHeader('access-control-allow-methods', allow);
    response.setHeader('access-control-allow-headers', 'authorization, content-type');
    response.setHeader('access-control-max-age', '600');
    this.#send(response, 204, undefined);
  }

  #refuse(response: ServerResponse, error: Refusal): void {
    this.#send(response, statusOf(error), responseText(null, { ok: false, error }));
  }

  /** Sends a text, which is JSON if nothing else is said, or bytes. */
  #send(
    response: ServerResponse,
    status: number,
    body: string | Uint8Array | undefined,
    textHeaders: OutgoingHttpHeaders = { 'content-type': 'application/json' },
  ): void {
    if (response.destroyed || response.headersSent) return;
    const headers: OutgoingHttpHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
    if (this.closing) headers.connection = 'close';
    if (isForNow(status) && !response.hasHeader('retry-after'))
      headers['retry-after'] = `${RETRY_AFTER_SECONDS}`;
    if (body === undefined) {
      response.writeHead(status, headers).end();
      return;
    }
    Object.assign(
      headers,
      typeof body === 'string' ? textHeaders : { 'content-type': 'application/octet-stream' },
    );
    headers['content-length'] = Buffer.byteLength(body);
    response.writeHead(status, headers).end(body);
  }
}

/** Says what the caller may still do, as draft-ietf-httpapi-ratelimit-headers-03 has it. */
function tellRate({ state }: Caller, response: ServerResponse): void {
  if (state === undefined || response.headersSent) return;
  response.setHeader('ratelimit-limit', state.limit);
  response.setHeader('ratelimit-remaining', state.remaining);
  response.setHeader('ratelimit-reset', state.resetSeconds);
  if (!state.allowed) response.setHeader('retry-after', state.retrySeconds);
}

/** Lets the page read the answer. Only after its origin was checked. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'origin');
  const { origin } = request.headers;
  if (origin !== undefined) response.setHeader('access-control-allow-origin', origin);
  response.setHeader(
    'access-control-expose-headers',
    'ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after',
  );
}

/** The node's host as HTTP has it: news cannot follow an answer. */
function withoutSubscriptions(host: RpcHost): RpcHost {
  return {
    view: host.view,
    isOwner: host.isOwner,
    request: (request, done) => host.request(request, done),
    whenDurable: (done) => host.whenDurable(done),
    failed: (error) => host.failed?.(error),
    hostMethod: (name, params, done) => {
      if (name === 'subscribe' || name === 'unsubscribe')
        done(refuseRpc('rpc/websocket-only', { got: name }));
      else host.hostMethod(name, params, done);
    },
  };
}
