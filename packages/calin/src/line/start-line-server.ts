import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { Log } from '@calin/core/ports/log.ts';
import { isLoopbackName } from '../server/access.ts';
import { errorAnswer } from './answers.ts';
import type { LineLimits } from './limits.ts';
import type { DataBudget } from './line-buffer.ts';
import { type LineAnswerer, LineConnection } from './line-connection.ts';
import { refuseLine } from './rules.ts';

/** Where the line protocol listens, and what answers it. */
export interface StartLineServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** 127.0.0.1 when left out; only addresses of the loopback are taken. */
  readonly address?: string;
  readonly answerer: LineAnswerer;
  readonly limits: LineLimits;
  readonly log: Log;
}

/** A line protocol that listens. */
export interface RunningLineServer {
  readonly port: number;
  /** Open connections. */
  readonly connections: number;
  /** Stops listening, lets lines be answered within a grace period, and ends all connections. */
  close(): Promise<void>;
}

/** Sockets beyond the limit that may wait for their refusal; more are closed without a word. */
const REFUSED_MAX = 64;

/** Starts the line protocol. Refuses by `line/not-loopback`, `line/port-in-use` or `line/cannot-listen`. */
export async function startLineServer(options: StartLineServerOptions): Promise<Result<RunningLineServer>> {
  const { port, address = '127.0.0.1', answerer, limits, log } = options;
  if (!isLoopbackName(address)) return refuseLine('line/not-loopback', { got: address });
  const connections = new Set<LineConnection>();
  const budget = createBudget(limits.allDataBytesMax);
  // Half a connection stays open: who sends its lines and the end of them still wants the answers.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    if (!isLocal(socket) || connections.size >= limits.connectionsMax) return turnAway(socket, limits);
    const connection = new LineConnection({ socket, limits }, { answerer, budget });
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  server.maxConnections = limits.connectionsMax + REFUSED_MAX;
  const failure = await listen(server, port, address);
  if (failure !== undefined) {
    if (failure.code === 'EADDRINUSE') return refuseLine('line/port-in-use', { address, port });
    return refuseLine('line/cannot-listen', { address, port, reason: failure.code ?? failure.message });
  }
  server.on('error', (error) => {
    const fields = { reason: error.message };
    log.write({ level: 'error', part: 'rpc', message: 'The line protocol failed.', fields });
  });
  let closed: Promise<void> | undefined;
  return ok({
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections.size;
    },
    close: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.close();
      });
      return closed;
    },
  });
}

function turnAway(socket: Socket, limits: LineLimits): void {
  socket.on('error', () => {});
  const timer = setTimeout(() => socket.destroy(), limits.closeGraceMs);
  socket.on('close', () => clearTimeout(timer));
  const { error } = refuseLine('line/too-many-connections', { expected: limits.connectionsMax });
  // What was sent is not looked at; left unread it would reset the connection before the refusal is read.
  socket.resume();
  socket.end(`${errorAnswer(error)}\n`);
}

/** The port is bound to the loopback; this holds even where a system routes other packets there. */
function isLocal({ remoteAddress }: Socket): boolean {
  return isLoopbackName(remoteAddress?.replace(/^::ffff:/i, '') ?? '');
}

function createBudget(bytesMax: number): DataBudget {
  let left = bytesMax;
  return {
    take(bytes) {
      if (bytes > left) return false;
      left -= bytes;
      return true;
    },
    give(bytes) {
      left += bytes;
    },
  };
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
