import type { Connection } from '@libp2p/interface';
import { IDLE_CONNECTIONS_MAX } from './limits.ts';

/** What is looked at of a connection. */
type Idle = Pick<Connection, 'direction' | 'remoteAddr' | 'timeline'>;

/**
 * Connections of strangers that carry no link, as far as they are too many: libp2p takes no connection when its table
 * is full, so whoever opens some hundreds and says nothing would shut everybody else out. A host with many loses its
 * oldest ones first.
 *
 * @param isLinked - true for a connection that carries a link
 * @returns those to be closed
 */
export function excessConnections<C extends Idle>(
  connections: readonly C[],
  isLinked: (connection: C) => boolean,
): readonly C[] {
  const idle = connections.filter((one) => one.direction === 'inbound' && !isLinked(one));
  if (idle.length <= IDLE_CONNECTIONS_MAX) return [];
  const ofHost = new Map<string, number>();
  const ranked = idle
    .toSorted((a, b) => b.timeline.open - a.timeline.open)
    .map((connection) => {
      const host = hostOf(connection);
      const rank = ofHost.get(host) ?? 0;
      ofHost.set(host, rank + 1);
      return { connection, rank };
    });
  const worstFirst = ranked.toSorted((a, b) => b.rank - a.rank);
  return worstFirst.slice(0, idle.length - IDLE_CONNECTIONS_MAX).map(({ connection }) => connection);
}

/** The number or name behind the first protocol: `/ip4/192.0.2.7/tcp/…`. */
function hostOf({ remoteAddr }: Idle): string {
  return remoteAddr.toString().split('/', 3)[2] ?? '';
}
