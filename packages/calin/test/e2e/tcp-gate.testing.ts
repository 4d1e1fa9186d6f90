import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a port of the loopback that can be shut and opened, as a cable can be pulled. */
export class TcpGate {
  readonly #port: number;
  readonly #to: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  /** @param port - where it is entered, and `to` where it leads */
  constructor(port: number, to: number) {
    this.#port = port;
    this.#to = to;
  }

  async open(): Promise<void> {
    const server = createServer((inner) => {
      const outer = connect(this.#to, '127.0.0.1');
      for (const socket of [inner, outer]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.#sockets.delete(socket);
          inner.destroy();
          outer.destroy();
        });
      }
      inner.pipe(outer).pipe(inner);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  /** Ends every connection through it and lets nobody in. */
  async shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
