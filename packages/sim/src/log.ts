import { utf8Bytes } from '@calin/core/base/text.ts';
import { type Hash, keyedHash, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import type { LogEntry, LogLevel } from '@calin/core/ports/log.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Characters that are gathered before they are hashed. */
const CHUNK_CHARACTERS = 65_536;

/** Choices for a {@link SimLog}. */
export interface SimLogOptions {
  /** What is below is not logged. */
  readonly level: LogLevel;
  /** Takes the text as it comes, several lines at a time. */
  readonly sink?: ((text: string) => void) | undefined;
}

/** The log of a run: what all nodes and the run itself say, line by line, and the hash over all of it. */
export class SimLog {
  readonly #lowest: number;
  readonly #sink: ((text: string) => void) | undefined;
  #text = '';
  #digest: Hash = ZERO_HASH;
  #lines = 0;

  constructor({ level, sink }: SimLogOptions) {
    this.#lowest = LEVELS.indexOf(level);
    this.#sink = sink;
  }

  /** Lines so far. */
  get lines(): number {
    return this.#lines;
  }

  /** True when entries of a level are kept. */
  takes(level: LogLevel): boolean {
    return LEVELS.indexOf(level) >= this.#lowest;
  }

  /** Adds a line: time in seconds of the run, who speaks, and the entry. */
  write(atUs: number, who: string, { level, part, message, fields }: LogEntry): void {
    if (!this.takes(level)) return;
    let line = `${formatSeconds(atUs)} ${who} ${level} ${part}: ${message}`;
    for (const name of Object.keys(fields)) line += ` ${name}=${fields[name]}`;
    this.#text += `${line}\n`;
    this.#lines += 1;
    if (this.#text.length >= CHUNK_CHARACTERS) this.#flush();
  }

  /** The hash over every byte of the log so far. */
  digest(): Hash {
    this.#flush();
    return this.#digest;
  }

  #flush(): void {
    if (this.#text === '') return;
    this.#sink?.(this.#text);
    // Each part is hashed under the hash of all before it.
    this.#digest = keyedHash(this.#digest, utf8Bytes(this.#text));
    this.#text = '';
  }
}

/** Microseconds as seconds with six places. */
function formatSeconds(us: number): string {
  const seconds = Math.floor(us / 1_000_000);
  return `${seconds}.${String(us - 1_000_000 * seconds).padStart(6, '0')}`;
}
