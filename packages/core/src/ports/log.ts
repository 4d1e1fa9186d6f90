/** How much a message matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Who speaks: the parts of the node, which can be made louder or quieter one by one. */
export const LOG_PARTS = [
  'chain',
  'compute',
  'index',
  'mempool',
  'net',
  'node',
  'p2p',
  'producer',
  'rpc',
  'store',
  'voting',
] as const;

/** One of {@link LOG_PARTS}. */
export type LogPart = (typeof LOG_PARTS)[number];

/** One message of one part of the node. */
export interface LogEntry {
  readonly level: LogLevel;
  /** The part that speaks: of a node one of {@link LOG_PARTS}, in a simulation `run` too. */
  readonly part: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** Takes messages; never fails and never blocks. */
export interface Log {
  write(entry: LogEntry): void;
}
