import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** A node that ended by itself is started again after this. */
const RESTART_MS = 1000;

/** A node that ends again and again is left alone after so many starts in a row. */
const RESTARTS_MAX = 20;

/** What a node process is told. */
export interface NodeProcessOptions {
  /** The file of the command line. */
  readonly program: string;
  /** The words of the command line. */
  readonly words: readonly string[];
  /** Everything it says is added to this file. */
  readonly logFile: string;
  /** Whether it is started again when it ends without having been asked to. */
  readonly restarts: boolean;
}

/** A node in a process of its own. */
export class NodeProcess {
  readonly #options: NodeProcessOptions;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;
  #restarts = 0;

  constructor(options: NodeProcessOptions) {
    this.#options = options;
  }

  /** Its number while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often it had to be started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** True when it ended so often that it is not started any more. */
  get hasGivenUp(): boolean {
    return this.#child === undefined && this.#restarts >= RESTARTS_MAX;
  }

  start(): void {
    const { program, words, logFile } = this.#options;
    const log = openSync(logFile, 'a', 0o600);
    // In a group of its own, so that Ctrl-C reaches the parent alone, which ends its children in order.
    const child = fork(program, words, { stdio: ['ignore', log, log, 'ipc'], detached: true });
    closeSync(log);
    this.#child = child;
    child.once('error', () => this.#ended(child));
    child.once('exit', () => this.#ended(child));
  }

  /** Asks it to end with everything on disk, and ends it when it does not within `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(impatience);
  }

  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#isStopping || !this.#options.restarts || this.#restarts >= RESTARTS_MAX) return;
    this.#timer = setTimeout(() => {
      this.#restarts += 1;
      this.start();
    }, RESTART_MS);
  }
}
