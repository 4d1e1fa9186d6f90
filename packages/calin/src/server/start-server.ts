import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { Notification } from '@calin/core/node/effects.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { isLoopbackName } from './access.ts';
import { type CallerRules, Callers } from './callers.ts';
import { HttpHandler, type MetricsSource } from './http-handler.ts';
import { LIMITS, type ServerLimits } from './limits.ts';
import { Pages } from './pages.ts';
import { refuseServer } from './rules.ts';
import { WebSockets } from './web-sockets.ts';

/** Where a server listens, for whom, and what it works with. */
export interface StartServerOptions {
  readonly host: RpcHost;
  /** 0 takes any free port. */
  readonly port: number;
  /** Loopback when left out: whoever else shall reach the node has to be let in knowingly. */
  readonly address?: string;
  /** Origins of web pages that may use the server beside its own; `*` means all. */
  readonly allowedOrigins?: readonly string[];
  /** What callers may do: with keys, and without. */
  readonly callers?: CallerRules | undefined;
  /** Certificate and key in PEM: the server then speaks TLS only. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Answers GET `/metrics`, which is not there when left out. */
  readonly metrics?: MetricsSource | undefined;
  /** Folder of the built pages, which are answered at `/`; there are none when left out. */
  readonly pages?: string | undefined;
  readonly log: Log;
  readonly limits?: Partial<ServerLimits>;
}

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  /** For HTTP; a WebSocket has the same one with `ws:`. */
  readonly url: string;
  /** Sends news of the node to all who subscribed to it. */
  publish(notification: Notification): void;
  /** Stops listening, lets running calls end within a grace period, and ends all connections. */
  close(): Promise<void>;
}

/** Starts the JSON-RPC server, over HTTP and WebSocket on one port; refuses when it cannot listen there. */
export async function startServer(options: StartServerOptions): Promise<Result<RunningServer>> {
  const { host, port, address = '127.0.0.1', allowedOrigins = [], log, metrics, tls } = options;
  const limits = { ...LIMITS, ...options.limits };
  const access = { loopback: isLoopbackName(address), allowedOrigins, secure: tls !== undefined };
  const callers = new Callers(options.callers ?? {}, () => performance.now());
  const pages = options.pages === undefined ? undefined : new Pages(options.pages);
  const handler = new HttpHandler({ access, limits }, { host, callers, metrics, pages });
  const made = createHttpServer(limits, tls);
  if (!made.ok) return made;
  const server = made.value;
  const failure = await listen(server, port, address);
  if (failure !== undefined) return refuseToListen(failure, address, port);
  const sockets = new WebSockets({ access, limits }, { host, log, callers });
  server.on('request', (request, response) => handler.handle(request, response));
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  server.on('error', (error) => {
    const fields = { reason: error.message };
    log.write({ level: 'error', part: 'rpc', message: 'The server failed.', fields });
  });
  const listening = (server.address() as AddressInfo).port;
  const name = address.includes(':') ? `[${address}]` : address;
  let closed: Promise<void> | undefined;
  return ok({
    port: listening,
    url: `${tls === undefined ? 'http' : 'https'}://${name}:${listening}`,
    publish: (notification) => sockets.publish(notification),
    close: () => {
      handler.closing = true;
      closed ??= closeAll(server, sockets, limits.closeGraceMs);
      return closed;
    },
  });
}

function createHttpServer(limits: ServerLimits, tls: StartServerOptions['tls']): Result<Server> {
  const options = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
    keepAliveTimeout: limits.keepAliveMs,
    // Others, such as the h2c that some clients offer with every request, are answered as if they were not there.
    shouldUpgradeCallback: (request: IncomingMessage) =>
      request.headers.upgrade?.toLowerCase() === 'websocket',
  };
  let server: Server;
  try {
    server =
      tls === undefined
        ? createServer(options)
        : createSecureServer({
            ...options,
            ...tls,
            minVersion: 'TLSv1.2',
            handshakeTimeout: limits.headersTimeoutMs,
          });
  } catch (error) {
    return refuseServer('server/tls', { reason: error instanceof Error ? error.message : String(error) });
  }
  server.maxConnections = limits.connectionsMax;
  server.timeout = limits.idleTimeoutMs;
  return ok(server);
}

function listen(server: Server, port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ port, host }, () => {
      server.off('error', resolve);
      resolve(undefined);
    });
  });
}

function refuseToListen(error: NodeJS.ErrnoException, address: string, port: number): Result<RunningServer> {
  if (error.code === 'EADDRINUSE') return refuseServer('server/port-in-use', { address, port });
  return refuseServer('server/cannot-listen', { address, port, reason: error.code ?? error.message });
}

/** Node waits for sockets that are kept open, and forgets those that became WebSockets: both are ended here. */
async function closeAll(server: Server, sockets: WebSockets, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const impatience = setTimeout(() => server.closeAllConnections(), graceMs);
  await sockets.close();
  await closed;
  clearTimeout(impatience);
}
