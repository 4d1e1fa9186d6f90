import { utf8Bytes } from '@calin/core/base/text.ts';
import { type Hash, keyedHash, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import type { LogEntry, LogLevel } from '@calin/core/ports/log.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Characters that are gathered before they are hashed. */
const CHUNK_CHARACTERS = 65_536;

/** Choices for the log of a run. */
export interface SimLogOptions {
  /** What is below is not logged. */
  readonly level: LogLevel;
  /** Takes the text as it comes, several lines at a time. */
  readonly sink?: ((text: string) => void) | undefined;
}

/** One line, with what says where it belongs among those of other parts of a run. */
export interface LogLine {
  readonly atUs: number;
  /** The number of the machine that speaks, or of the run. */
  readonly machine: number;
  readonly text: string;
}

/** Who speaks: a machine, or the run itself. */
export interface Speaker {
  readonly name: string;
  readonly number: number;
}

/** What the machines of one part of a run say, until somebody takes it. */
export class SimLog {
  readonly #lowest: number;
  #lines: LogLine[] = [];

  constructor({ level }: Pick<SimLogOptions, 'level'>) {
    this.#lowest = LEVELS.indexOf(level);
  }

  /** True when entries of a level are kept. */
  takes(level: LogLevel): boolean {
    return LEVELS.indexOf(level) >= this.#lowest;
  }

  /** Adds a line: time in seconds of the run, who speaks, and the entry. */
  write(atUs: number, { name, number }: Speaker, entry: LogEntry): void {
    if (!this.takes(entry.level)) return;
    this.#lines.push({ atUs, machine: number, text: formatLine(atUs, name, entry) });
  }

  /** The lines since the last time, in the order in which they were said. */
  take(): readonly LogLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}

/**
 * The log of a whole run, line by line, and the hash over all of it. Lines stand in the order of time, and at one
 * moment in the order of the machines, however the run was divided.
 */
export class RunLog {
  readonly #sink: ((text: string) => void) | undefined;
  #text = '';
  #digest: Hash = ZERO_HASH;
  #lines = 0;

  constructor({ sink }: Pick<SimLogOptions, 'sink'>) {
    this.#sink = sink;
  }

  /** Lines so far. */
  get lines(): number {
    return this.#lines;
  }

  /** Adds what all parts have said in a stretch of time that is over. */
  add(parts: readonly (readonly LogLine[])[]): void {
    const lines = parts.flat().toSorted((a, b) => a.atUs - b.atUs || a.machine - b.machine);
    for (const { text } of lines) this.#line(text);
  }

  /** Adds a line of who looks at the run from outside. */
  say(atUs: number, entry: LogEntry): void {
    this.#line(formatLine(atUs, 'run', entry));
  }

  /** The hash over every byte of the log so far. */
  digest(): Hash {
    this.#flush();
    return this.#digest;
  }

  #line(text: string): void {
    this.#text += text;
    this.#lines += 1;
    if (this.#text.length >= CHUNK_CHARACTERS) this.#flush();
  }

  #flush(): void {
    if (this.#text === '') return;
    this.#sink?.(this.#text);
    // Each part is hashed under the hash of all before it.
    this.#digest = keyedHash(this.#digest, utf8Bytes(this.#text));
    this.#text = '';
  }
}

function formatLine(atUs: number, who: string, { level, part, message, fields }: LogEntry): string {
  let line = `${formatSeconds(atUs)} ${who} ${level} ${part}: ${message}`;
  for (const name of Object.keys(fields)) line += ` ${name}=${fields[name]}`;
  return `${line}\n`;
}

/** Microseconds as seconds with six places. */
function formatSeconds(us: number): string {
  const seconds = Math.floor(us / 1_000_000);
  return `${seconds}.${String(us - 1_000_000 * seconds).padStart(6, '0')}`;
}
