/** How much a message matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One message of one part of the node. */
export interface LogEntry {
  readonly level: LogLevel;
  /** The part that speaks: `node`, `chain`, `mempool`, `store`, `rpc`. */
  readonly part: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** Takes messages; never fails and never blocks. */
export interface Log {
  write(entry: LogEntry): void;
}
