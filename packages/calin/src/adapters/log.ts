import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { LOG_PARTS, type Log, type LogEntry, type LogLevel } from '@calin/core/ports/log.ts';
import { pino } from 'pino';
import { refuseAdapter } from '../rules.ts';
import { formatEntry } from './log-format.ts';

/** A level, or nothing at all. */
export type LogThreshold = LogLevel | 'off';

/** From which level on each part speaks. */
export interface LogLevels {
  readonly everywhere: LogThreshold;
  readonly parts: ReadonlyMap<string, LogThreshold>;
}

/** Where text goes; a stream, or pino's buffered file. */
export interface LogDestination {
  write(text: string): unknown;
}

/** Choices for {@link createLog}. */
export interface LogOptions {
  readonly levels: LogLevels;
  /** `text` for people, one line a message; `json` for machines, one object a line. */
  readonly format: 'text' | 'json';
  /** Colours in text, for terminals. */
  readonly colour?: boolean;
  /** The standard error output when left out: results go to the standard output. */
  readonly destination?: LogDestination;
}

const THRESHOLDS: readonly LogThreshold[] = ['debug', 'info', 'warn', 'error', 'off'];

/** What waits when the reader is slow; beyond it messages are dropped rather than memory eaten. */
const BUFFER_BYTES_MAX = 16 * 1024 * 1024;
const TEXT_LENGTH_MAX = 1000;
const PARTS_MAX = 64;

/** Fields by these names are not shown, whatever wrote them. */
const SECRET_NAME = /secret|private|seed|mnemonic|password|passphrase|authorization|apikey|api_key/i;

/**
 * Reads what `--log` takes: a level for all parts, then `part=level`, separated by commas.
 *
 * @example parseLogLevels('info,store=debug')
 */
export function parseLogLevels(text: string): Result<LogLevels> {
  let everywhere: LogThreshold = 'info';
  const parts = new Map<string, LogThreshold>();
  const items = text.split(',');
  if (items.length > PARTS_MAX)
    return refuseAdapter('log/levels', { got: items.length, expected: PARTS_MAX });
  for (const item of items) {
    const match = /^\s*(?:([a-z][a-z0-9-]*)=)?([a-z]+)\s*$/.exec(item);
    const threshold = THRESHOLDS.find((candidate) => candidate === match?.[2]);
    if (threshold === undefined) return refuseAdapter('log/levels', { got: item.slice(0, 80) });
    const part = match?.[1];
    if (part === undefined) everywhere = threshold;
    else if (LOG_PARTS.some((known) => known === part)) parts.set(part, threshold);
    else return refuseAdapter('log/levels', { got: part, expected: LOG_PARTS.join(' ') });
  }
  return ok({ everywhere, parts });
}

/** Makes the log of a node. It never fails and never waits for its reader; secrets are left out by name. */
export function createLog(options: LogOptions): Log {
  const destination = options.destination ?? standardError();
  const isShown = ({ level, part }: LogEntry): boolean => {
    const threshold = options.levels.parts.get(part) ?? options.levels.everywhere;
    return THRESHOLDS.indexOf(level) >= THRESHOLDS.indexOf(threshold);
  };
  const write =
    options.format === 'json' ? jsonWriter(destination) : textWriter(destination, options.colour ?? false);
  return {
    write(entry) {
      if (isShown(entry)) write({ ...entry, fields: presentable(entry.fields) });
    },
  };
}

function standardError(): LogDestination {
  const destination = pino.destination({ dest: 2, sync: false, maxLength: BUFFER_BYTES_MAX });
  // A reader that went away must not end the node.
  destination.on('error', () => {});
  return destination;
}

function jsonWriter(destination: LogDestination): (entry: LogEntry) => void {
  const logger = pino(
    {
      level: 'debug',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      messageKey: 'message',
    },
    { write: (line) => void destination.write(line) },
  );
  return ({ level, part, message, fields }) => logger[level]({ part, fields }, message);
}

function textWriter(destination: LogDestination, colour: boolean): (entry: LogEntry) => void {
  return (entry) => void destination.write(formatEntry(entry, { timeMs: Date.now(), colour }));
}

/** The fields without secrets and without texts of any length that a stranger may have sent. */
function presentable(fields: LogEntry['fields']): LogEntry['fields'] {
  const shown: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (SECRET_NAME.test(name)) shown[name] = '[secret]';
    else if (typeof value === 'string' && value.length > TEXT_LENGTH_MAX)
      shown[name] = `${value.slice(0, TEXT_LENGTH_MAX)}…`;
    else shown[name] = value;
  }
  return shown;
}
