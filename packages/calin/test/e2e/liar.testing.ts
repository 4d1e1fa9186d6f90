import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';

/** Alters what a method answers, in place; leaves alone what it does not know. */
export type Lie = (method: string, result: unknown) => void;

interface Call {
  readonly id: number;
  readonly method: string;
}

/** A server between a page and a node, which passes all on and lies about some of it. */
export class Liar {
  readonly #server: Server;
  readonly url: string;
  /** What it alters; nothing as long as there is none. */
  lie: Lie = () => undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts on a free port of the loopback. */
  static async start(nodeUrl: string): Promise<Liar> {
    const { port: nodePort } = new URL(nodeUrl);
    const server = createServer(
      (incoming, response) => void pass(incoming, response, nodeUrl, () => liar.lie),
    );
    server.on('upgrade', (incoming, socket, head) => {
      const outgoing = connect(Number(nodePort), '127.0.0.1', () => {
        const headers = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${value}\r\n`);
        outgoing.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.join('')}\r\n`);
        outgoing.write(head);
        socket.pipe(outgoing).pipe(socket);
      });
      for (const one of [socket, outgoing]) {
        one.on('error', () => {
          socket.destroy();
          outgoing.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const liar = new Liar(server, typeof address === 'object' ? (address?.port ?? 0) : 0);
    return liar;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function pass(
  incoming: IncomingMessage,
  response: ServerResponse,
  nodeUrl: string,
  lie: () => Lie,
): Promise<void> {
  const body = await readAll(incoming);
  const { method, headers } = incoming;
  const outgoing = request(`${nodeUrl}${incoming.url}`, { method, headers }, async (answer) => {
    const bytes = await readAll(answer);
    const altered = method === 'POST' ? alter(body.toString(), bytes.toString(), lie()) : bytes;
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': altered.length });
    response.end(altered);
  });
  outgoing.on('error', () => response.destroy());
  outgoing.end(body);
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function alter(asked: string, answered: string, lie: Lie): Buffer {
  const calls = [JSON.parse(asked)].flat() as Call[];
  const answers = JSON.parse(answered) as unknown;
  for (const answer of [answers].flat() as { id: number; result?: unknown }[]) {
    const method = calls.find(({ id }) => id === answer.id)?.method ?? '';
    if (answer.result !== undefined) lie(method, answer.result);
  }
  return Buffer.from(JSON.stringify(answers));
}
