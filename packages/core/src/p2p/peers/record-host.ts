import type { P2pHost } from '../host.ts';

/** What keeping small records needs of the node. */
export type RecordHost = Pick<P2pHost, 'load' | 'save' | 'log'>;
