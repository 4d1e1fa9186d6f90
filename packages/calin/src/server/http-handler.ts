import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Refusal } from '@calin/core/base/result.ts';
import { dispatch, type RpcHost } from '@calin/core/rpc/dispatch.ts';
import { responseText } from '@calin/core/rpc/response.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { type AccessRules, checkAccess } from './access.ts';
import { BodyReader } from './body-reader.ts';
import type { ServerLimits } from './limits.ts';
import { refuseServer } from './rules.ts';

/** What the handler needs to know. */
export interface HttpHandlerOptions {
  readonly access: AccessRules;
  readonly limits: ServerLimits;
}

/** HTTP statuses of refusals; 400 when it is not listed. */
const STATUSES: Readonly<Record<string, number>> = {
  'server/foreign-host': 403,
  'server/foreign-origin': 403,
  'server/not-found': 404,
  'server/method-not-allowed': 405,
  'server/body-size': 413,
  'server/content-type': 415,
  'server/busy': 503,
};

const PATHS: Readonly<Record<string, string>> = {
  '/': 'OPTIONS, POST',
  '/rpc': 'OPTIONS, POST',
  '/health': 'GET, HEAD, OPTIONS',
};

/**
 * Answers HTTP requests: JSON-RPC by POST to `/` or `/rpc`, and GET `/health`. A call that fails still answers 200, as
 * its failure is in the body; other statuses mean that no call was made. What a method throws
 * is answered by the dispatcher and told to the host.
 */
export class HttpHandler {
  readonly #access: AccessRules;
  readonly #host: RpcHost;
  readonly #bodies: BodyReader;
  /** Set when the server stops: every answer is then the last on its socket. */
  closing = false;

  constructor(options: HttpHandlerOptions, dependencies: { readonly host: RpcHost }) {
    this.#access = options.access;
    this.#host = withoutSubscriptions(dependencies.host);
    this.#bodies = new BodyReader(options.limits);
  }

  /** Takes one request; the answer may come later. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const access = checkAccess(request.headers, this.#access);
    if (!access.ok) return this.#refuse(response, access.error);
    allowOrigin(request, response);
    const path = (request.url ?? '').split('?', 1)[0] as string;
    const allow = Object.hasOwn(PATHS, path) ? PATHS[path] : undefined;
    if (allow === undefined) return this.#refuse(response, refuseServer('server/not-found').error);
    const { method = '' } = request;
    if (!allow.split(', ').includes(method)) {
      response.setHeader('allow', allow);
      return this.#refuse(response, refuseServer('server/method-not-allowed', { got: method }).error);
    }
    if (method === 'OPTIONS') return this.#preflight(response, allow);
    if (path === '/health') return this.#health(response);
    return this.#call(request, response);
  }

  #call(request: IncomingMessage, response: ServerResponse): void {
    const type = request.headers['content-type'] ?? '';
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (!/^application\/json\s*(?:;|$)/i.test(type) || encoding !== 'identity') {
      const evidence = { got: encoding === 'identity' ? type.slice(0, 80) : encoding.slice(0, 80) };
      return this.#refuse(response, refuseServer('server/content-type', evidence).error);
    }
    this.#bodies.read(request, (body) => {
      if (!body.ok) return this.#refuse(response, body.error);
      dispatch(body.value, this.#host, (answer) => {
        if (answer === undefined) this.#send(response, 204, undefined);
        else this.#send(response, 200, answer);
      });
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

  #preflight(response: ServerResponse, allow: string): void {
    response.setHeader('access-control-allow-methods', allow);
    response.setHeader('access-control-allow-headers', 'content-type');
    response.setHeader('access-control-max-age', '600');
    this.#send(response, 204, undefined);
  }

  #refuse(response: ServerResponse, error: Refusal): void {
    this.#send(response, STATUSES[error.rule] ?? 400, responseText(null, { ok: false, error }));
  }

  #send(response: ServerResponse, status: number, body: string | undefined): void {
    if (response.destroyed || response.headersSent) return;
    const headers: OutgoingHttpHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
    if (this.closing) headers.connection = 'close';
    if (body === undefined) {
      response.writeHead(status, headers).end();
      return;
    }
    headers['content-type'] = 'application/json';
    headers['content-length'] = Buffer.byteLength(body);
    response.writeHead(status, headers).end(body);
  }
}

/** Lets the page read the answer. Only after its origin was checked. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'origin');
  const { origin } = request.headers;
  if (origin !== undefined) response.setHeader('access-control-allow-origin', origin);
}

/** The node's host as HTTP has it: news cannot follow an answer. */
function withoutSubscriptions(host: RpcHost): RpcHost {
  return {
    view: host.view,
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
