import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * Ports below those that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere): one of those
 * could be taken between being found free and being opened.
 */
const PORT_MIN = 10_240;
const PORT_MAX = 32_767;

/** Ports that are tried for each one that is wanted. */
const TRIES_MAX = 100;

/**
 * Different ports of the loopback that were free a moment ago. They are all held until the last one is known, so that
 * none is given twice.
 *
 * @throws when hardly any port is free
 */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  for (let tries = 0; held.size < count; tries++) {
    if (tries >= count * TRIES_MAX) throw new Error(`no ${count} free ports`);
    const port = randomInt(PORT_MIN, PORT_MAX + 1);
    const server = await hold(port);
    if (server !== undefined) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => new Promise((resolve) => server.close(resolve))));
  return [...held.keys()];
}

/** A server on the port, or undefined when it is taken. */
function hold(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}
