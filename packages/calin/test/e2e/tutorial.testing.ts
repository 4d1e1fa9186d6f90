import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../src/host/cluster/free-ports.ts';
import { until } from './calin.testing.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** A piece of a page that is run or compared, in the order of the page. */
interface Step {
  /** `sh` is run; `text` is what it says, or `^C` for a terminal. */
  readonly language: string;
  /**
   * Behind the language: `again` for what the page says to try until it is so, `refused` for what has to fail, and for
   * `^C` the name of what is stopped.
   */
  readonly note: string;
  readonly text: string;
  /** Of its first line, counted from 1. */
  readonly line: number;
}

/** Ports that the pages name, such as 8645; a test takes others, as these may be in use. */
const PORT = /\b86\d[56]\b/g;

/** Commands that go on until they are stopped, each in a terminal of its own. */
const RUNS_ON = /^(?:npm ci && )?npm start$|^\.\/calin (?:dev|node)\b/;

/** A line that sets a variable: the commands after it, in all terminals, know it. */
const SETS = /^(?:export )?([A-Z0-9_]+)=(.*)$/;

/**
 * Somebody who reads a page of the tutorial and types every command in it, in order, into a real shell, and compares
 * what comes with what the page shows. `…` stands for anything on a line, and on a line of its own for any lines. What
 * a page tells to put in, by `NAME=value` with a value that it has shown before, is taken from what was printed.
 */
export class Reader {
  readonly folder = mkdtempSync(join(tmpdir(), 'calin-tutorial-'));
  readonly #ports = new Map<string, string>();
  readonly #settings = new Map<string, string>();
  readonly #running = new Map<string, { readonly child: ChildProcess; readonly said: () => string }>();
  /** What the last command has said so far. */
  #said: () => string = () => '';

  constructor() {
    symlinkSync(join(ROOT, 'calin'), join(this.folder, 'calin'));
  }

  /** Reads a page to its end. @throws Error when something else happens than the page says, with its line */
  async read(path: string): Promise<void> {
    const steps = stepsOf(readFileSync(join(ROOT, path), 'utf8'));
    const shown = steps.filter(({ language }) => language === 'text').map(({ text }) => text);
    const asked = new Map<string, string>();
    for (const [name, value] of settingsOf(steps)) {
      if (shown.some((text) => text.includes(value))) asked.set(name, value);
    }
    for (const port of new Set(steps.flatMap(({ text }) => text.match(PORT) ?? [])))
      await this.#portFor(port);
    for (const [i, step] of steps.entries()) {
      try {
        if (step.language === 'sh') await this.#type(step, steps[i + 1], asked);
        else if (step.text === '^C') await this.#stop(step.note);
        else if (!isTriedAgain(steps[i - 1])) await this.#compare(step.text, asked);
      } catch (error) {
        throw new Error(`${path}:${step.line}: ${(error as Error).message}`);
      }
    }
  }

  /** Stops what still runs. */
  async stopAll(): Promise<void> {
    for (const name of [...this.#running.keys()]) await this.#stop(name);
  }

  /** Stops what still runs, at once, and removes the folder. */
  close(): void {
    for (const { child } of this.#running.values()) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #type(
    { text, note }: Step,
    next: Step | undefined,
    asked: ReadonlyMap<string, string>,
  ): Promise<void> {
    const lines = text.split('\n').filter((line) => {
      const [, name = '', value = ''] = SETS.exec(line) ?? [];
      // What is put in is what was printed, and not what the page has from somebody else.
      if (name !== '' && !asked.has(name)) this.#settings.set(name, value);
      return name === '';
    });
    if (lines.length === 0) return;
    if (RUNS_ON.test(lines[0] ?? '')) return this.#start(lines[0] ?? '');
    const isTried = note === 'again' && next?.language === 'text';
    const look = async (): Promise<string> => {
      const { code, said } = await this.#run(lines.join('\n'));
      if (!isTried && (code === 0) === (note === 'refused')) throw new Error(`exit code ${code}: ${said}`);
      this.#said = () => said;
      return said;
    };
    if (!isTried) {
      await look();
      return;
    }
    const pattern = this.#pattern(next.text, asked);
    try {
      await until('what the page shows', async () => match(await look(), pattern));
    } catch (error) {
      throw new Error(`${(error as Error).message}; last it was ${this.#said()}`);
    }
  }

  /** Runs commands to their end, as a shell does in which the variables are set. */
  async #run(commands: string): Promise<{ readonly code: number | null; readonly said: string }> {
    const child = this.#spawn(commands);
    const said = collect(child.stdout, child.stderr);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, said: said() };
  }

  async #start(command: string): Promise<void> {
    const name = /--data \.\/(\S+)/.exec(command)?.[1] ?? 'dev';
    // `npm ci` has been run: there would be no test without it.
    const child = this.#spawn(`exec ${command.replace(/^(?:npm ci && )?npm start$/, startScript())}`);
    // Its log goes to the other output, and is of the moment.
    const said = collect(child.stdout);
    const logged = collect(child.stderr);
    this.#running.set(name, { child, said });
    this.#said = said;
    await until(`${command} answers`, async () => {
      if (child.exitCode !== null) throw new Error(`${logged()}${said()}`);
      // The last line of what it says before it goes on in silence.
      return /^Ctrl-C stops /m.test(said()) || undefined;
    });
  }

  async #stop(name: string): Promise<void> {
    const { child } = this.#running.get(name) ?? {};
    if (child === undefined) throw new Error(`nothing called ${name} runs`);
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    const code = await ended;
    this.#running.delete(name);
    if (code !== 0) throw new Error(`exit code ${code}`);
  }

  async #compare(text: string, asked: ReadonlyMap<string, string>): Promise<void> {
    const pattern = this.#pattern(text, asked);
    const found = match(this.#said(), pattern);
    if (found === undefined)
      throw new Error(`The page shows\n${text}\nand the command says\n${this.#said()}`);
    for (const [name, value] of Object.entries(found.groups ?? {})) this.#settings.set(name, value);
  }

  /** What a shown output has to look like. */
  #pattern(text: string, asked: ReadonlyMap<string, string>): RegExp {
    const lines = text.split('\n').map((line) => {
      if (line === '…') return '(?:.*\\n)*?';
      let pattern = this.#withPorts(line).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
      for (const [name, value] of asked) {
        const escaped = this.#withPorts(value).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
        pattern = pattern.replace(escaped, `(?<${name}>\\S+)`);
      }
      return `${pattern.replaceAll('…', '.*?').replaceAll(/ +/g, ' +')} *\\n`;
    });
    return new RegExp(`^${lines.join('')}$`, 'u');
  }

  #withPorts(text: string): string {
    return text.replace(PORT, (port) => this.#ports.get(port) ?? port);
  }

  async #portFor(port: string): Promise<void> {
    if (this.#ports.has(port)) return;
    const taken = new Set(this.#ports.values());
    for (;;) {
      const [free] = await freePorts(1);
      if (free === undefined || taken.has(`${free}`)) continue;
      this.#ports.set(port, `${free}`);
      return;
    }
  }

  #spawn(commands: string): ChildProcess {
    const settings = [...this.#settings].map(([name, value]) => `export ${name}=${value}\n`).join('');
    return spawn('bash', ['-eu', '-c', `${settings}${this.#withPorts(commands)}`], {
      cwd: this.folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.folder,
        NO_COLOR: '1',
        CALIN_PORT: this.#ports.get('8645') ?? '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

function isTriedAgain(step: Step | undefined): boolean {
  return step?.language === 'sh' && step.note === 'again';
}

/** The fenced blocks of a page. */
function stepsOf(page: string): readonly Step[] {
  return [...page.matchAll(/^```(\w+) ?(\w*)\n([\s\S]*?)\n```$/gm)].map(
    ({ 1: language = '', 2: note = '', 3: text = '', index }) => {
      return { language, note, text, line: page.slice(0, index).split('\n').length };
    },
  );
}

function settingsOf(steps: readonly Step[]): readonly (readonly [string, string])[] {
  const lines = steps.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));
  return lines.flatMap((line) => {
    const [, name, value] = SETS.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}

function match(said: string, pattern: RegExp): RegExpExecArray | undefined {
  return pattern.exec(said.endsWith('\n') ? said : `${said}\n`) ?? undefined;
}

/** What `npm start` runs. */
function startScript(): string {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return scripts['start'] ?? '';
}

/** What a process says, in the order in which it comes. */
function collect(...streams: readonly (Readable | null)[]): () => string {
  let said = '';
  for (const stream of streams) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return () => said;
}
