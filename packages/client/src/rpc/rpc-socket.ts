import { ok, type Result } from '@calin/core/base/result.ts';
import { socketProtocols } from '@calin/core/rpc/socket-protocol.ts';
import { isRecord, parseResponse } from './response.ts';
import { refuseRpc } from './rules.ts';

/** Where to connect to, and with what. */
export interface RpcSocketOptions {
  readonly url: string;
  /** A key of the node's API. */
  readonly key?: string | undefined;
  /** For opening, and for each call. */
  readonly timeoutMs: number;
  readonly webSocket: typeof WebSocket;
}

/** Who hears what a socket has to say beside answers. */
export interface RpcSocketEvents {
  /** News of a subscription. */
  news(subscription: string, result: unknown): void;
  /** The connection is gone, for whatever reason. Is called once. */
  closed(socket: RpcSocket): void;
}

/** One WebSocket to a node, which calls methods and hears news. */
export class RpcSocket {
  readonly #socket: WebSocket;
  readonly #options: RpcSocketOptions;
  readonly #events: RpcSocketEvents;
  /** Calls that wait for their answer. */
  readonly #waiting = new Map<number, (outcome: Result<unknown>) => void>();
  #calls = 0;

  private constructor(socket: WebSocket, options: RpcSocketOptions, events: RpcSocketEvents) {
    this.#socket = socket;
    this.#options = options;
    this.#events = events;
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('close', () => this.#closed());
  }

  /** Connects; refuses by `rpc/unreachable` when nobody answers or the node does not want to. */
  static open(options: RpcSocketOptions, events: RpcSocketEvents): Promise<Result<RpcSocket>> {
    const { url, key, timeoutMs, webSocket } = options;
    return new Promise((resolve) => {
      let socket: WebSocket;
      try {
        socket = new webSocket(url.replace(/^http/, 'ws'), key === undefined ? [] : socketProtocols(key));
      } catch (error) {
        return resolve(refuseRpc('rpc/unreachable', { url, reason: String(error) }));
      }
      const fail = () => {
        clearTimeout(timer);
        resolve(refuseRpc('rpc/unreachable', { url }));
      };
      const timer = setTimeout(() => {
        fail();
        socket.close();
      }, timeoutMs);
      socket.addEventListener('close', fail);
      // Without a listener some platforms report an error that nobody has caught; `close` follows it.
      socket.addEventListener('error', () => undefined);
      socket.addEventListener('open', () => {
        clearTimeout(timer);
        socket.removeEventListener('close', fail);
        resolve(ok(new RpcSocket(socket, options, events)));
      });
    });
  }

  /**
   * Calls a method. `answered` gets its result before any news that follow it on the wire; the promise would tell it
   * a turn later.
   */
  call(method: string, params: unknown, answered: (value: unknown) => void): Promise<Result<unknown>> {
    const { url, timeoutMs } = this.#options;
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve) => {
      const settle = (outcome: Result<unknown>) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (outcome.ok) answered(outcome.value);
        resolve(outcome);
      };
      const timer = setTimeout(() => settle(refuseRpc('rpc/timeout', { url, timeoutMs })), timeoutMs);
      if (this.#socket.readyState !== this.#socket.OPEN)
        return settle(refuseRpc('rpc/connection-lost', { url }));
      this.#waiting.set(id, settle);
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.close();
  }

  #receive(data: unknown): void {
    let value: unknown;
    try {
      value = typeof data === 'string' ? JSON.parse(data) : undefined;
    } catch {
      return;
    }
    if (isRecord(value) && value['method'] === 'subscription' && isRecord(value['params'])) {
      const { subscription, result } = value['params'];
      if (typeof subscription === 'string') this.#events.news(subscription, result);
      return;
    }
    const response = parseResponse(value);
    if (typeof response?.id === 'number') this.#waiting.get(response.id)?.(response.outcome);
  }

  #closed(): void {
    const refusal = refuseRpc('rpc/connection-lost', { url: this.#options.url });
    for (const settle of [...this.#waiting.values()]) settle(refusal);
    this.#events.closed(this);
  }
}
