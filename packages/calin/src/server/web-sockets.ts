import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Failure, Refusal } from '@calin/core/base/result.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { Notification } from '@calin/core/node/effects.ts';
import { responseText } from '@calin/core/rpc/response.ts';
import { SOCKET_PROTOCOL } from '@calin/core/rpc/socket-protocol.ts';
import { presentNotification, type SubscriptionNews } from '@calin/core/rpc/subscriptions.ts';
import { type WebSocket, WebSocketServer } from 'ws';
import { type AccessRules, checkAccess } from './access.ts';
import type { Caller, Callers } from './callers.ts';
import type { ServerLimits } from './limits.ts';
import { MemoryBudget } from './memory-budget.ts';
import { refuseServer } from './rules.ts';
import { type ConnectionDependencies, SocketConnection } from './socket-connection.ts';
import { statusOf } from './statuses.ts';

/** The status of WebSockets (RFC 6455, 7.4.1) for a server that stops. */
const GOING_AWAY = 1001;

/** The WebSockets of a server: takes them in, tells them the news, and ends them. */
export class WebSockets {
  readonly #access: AccessRules;
  readonly #limits: ServerLimits;
  readonly #dependencies: ConnectionDependencies;
  readonly #server: WebSocketServer;
  readonly #connections = new Set<SocketConnection>();
  readonly #callers: Callers;
  readonly #budget: MemoryBudget;
  readonly #pings: NodeJS.Timeout;
  #closing: (() => void) | undefined;
  /** Id of the head that was announced last. */
  #told: Hash;

  constructor(
    options: { readonly access: AccessRules; readonly limits: ServerLimits },
    dependencies: ConnectionDependencies & { readonly callers: Callers },
  ) {
    this.#access = options.access;
    this.#limits = options.limits;
    this.#dependencies = dependencies;
    this.#callers = dependencies.callers;
    this.#budget = new MemoryBudget(options.limits.socketsBytesMax);
    // What is there when the server starts is announced to nobody. The status is not to be asked before the node runs.
    const head = dependencies.host.view.header({ kind: 'head' });
    assert(head !== undefined, 'every chain has a head');
    this.#told = head.id;
    // No compression: it would give each connection a window of memory, and let one message unfold to many.
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: options.limits.bodyBytesMax,
      perMessageDeflate: false,
      // A page that sends a key names two protocols: the one to speak, and one that holds the key.
      handleProtocols: (offered) => offered.has(SOCKET_PROTOCOL) && SOCKET_PROTOCOL,
    });
    this.#pings = setInterval(() => {
      for (const connection of this.#connections) {
        connection.checkKey();
        connection.ping();
      }
    }, options.limits.pingIntervalMs).unref();
  }

  /** Takes a socket whose client asked to speak WebSocket, or refuses it in HTTP. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener, a connection that breaks before it is taken would stop the process.
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '').split('?', 1)[0];
    const access = checkAccess(request.headers, this.#access);
    if (!access.ok) return refuse(socket, 403, access.error);
    if (path !== '/' && path !== '/rpc') return refuse(socket, 404, refuseServer('server/not-found').error);
    if (this.#connections.size >= this.#limits.webSocketsMax || this.#closing !== undefined) {
      return refuse(socket, 503, refuseServer('server/busy').error);
    }
    const caller = this.#callers.identify(request);
    const admitted = caller.ok ? caller.value.pay() : caller;
    if (!caller.ok || !admitted.ok) {
      const { error } = admitted as Failure;
      return refuse(socket, statusOf(error), error);
    }
    this.#server.handleUpgrade(request, socket, head, (accepted) =>
      this.#accept(accepted, socket, caller.value),
    );
  }

  /** Sends news to all who subscribed to it. Each topic is put in words once. */
  publish(notification: Notification): void {
    if (notification.kind === 'head') this.#told = notification.head.id;
    if (this.#connections.size === 0) return;
    const { view } = this.#dependencies.host;
    const known = new Map<string, SubscriptionNews | undefined>();
    for (const connection of this.#connections) {
      connection.checkKey();
      for (const [subscription, topic] of connection.topics) {
        const key = topic.kind === 'address' ? toHex(topic.address) : topic.kind;
        if (!known.has(key)) known.set(key, presentNotification(topic, notification, view));
        const news = known.get(key);
        if (news !== undefined) connection.notify(subscription, news);
      }
    }
  }

  /** Ends all connections; resolves when the last one is gone. */
  close(): Promise<void> {
    clearInterval(this.#pings);
    return new Promise((resolve) => {
      this.#closing = resolve;
      for (const connection of this.#connections) connection.close(GOING_AWAY, 'The node is stopping.');
      if (this.#connections.size === 0) resolve();
    });
  }

  #accept(socket: WebSocket, wire: Duplex, caller: Caller): void {
    const options = { socket, wire, limits: this.#limits, caller };
    const shared = { budget: this.#budget, told: () => this.#told };
    const connection = new SocketConnection(options, { ...this.#dependencies, ...shared });
    this.#connections.add(connection);
    socket.on('close', () => {
      this.#connections.delete(connection);
      if (this.#connections.size === 0) this.#closing?.();
    });
  }
}

function refuse(socket: Duplex, status: number, error: Refusal): void {
  const body = responseText(null, { ok: false, error });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
