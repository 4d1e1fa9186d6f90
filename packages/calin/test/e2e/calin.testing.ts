import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../../calin', import.meta.url));

/**
 * How long something may take that real processes do: no measure of how quick they are, only sooner than the end of a
 * test that hangs, so that the failure says what was missing.
 */
const PATIENCE_MS = 100_000;

/** What a command that has ended said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A node that runs as a process of its own. */
export interface RunningDev {
  readonly url: string;
  readonly process: ChildProcess;
  /** Milliseconds from the start of the process to its first RPC answer. */
  readonly firstAnswerMs: number;
  output(): string;
  /** Ends it as a person would (SIGINT), or as a power cut would (SIGKILL). */
  end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<Ended>;
}

/** A command that runs until it is ended. */
export interface RunningCommand {
  /** The first line that it has printed, once it is there. */
  json<T>(): T | undefined;
  /** Waits until its standard error holds a text. */
  says(text: RegExp): Promise<void>;
  end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<Ended>;
}

/** A folder for one test, with the real `./calin` working in it and nowhere else. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'calin-e2e-'));
  readonly data = join(this.folder, 'chain');
  readonly #children = new Set<ChildProcess>();

  /** Runs one command to its end. `CALIN_DATA` names this folder, unless the environment says otherwise. */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const child = this.#spawn(args, env);
    return ended(child);
  }

  /** Runs one command to its end, with a text for its standard input. */
  async feed(args: readonly string[], input: string): Promise<Ended> {
    const child = this.#spawn(args, {}, 'pipe');
    child.stdin?.end(input);
    return ended(child);
  }

  /** Runs a command with `--json`, which must succeed, and gives what it printed. */
  async json(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const result = await this.run([...args, '--json'], env);
    if (result.code !== 0) throw new Error(`calin ${args.join(' ')}: ${result.stderr}${result.stdout}`);
    return JSON.parse(result.stdout);
  }

  /** Starts a node and waits for its first answer over RPC. */
  async start(args: readonly string[] = ['dev']): Promise<RunningDev> {
    const beganMs = performance.now();
    rmSync(join(this.data, 'rpc.json'), { force: true });
    const child = this.#spawn([...args, '--port', '0'], {});
    const heard = collect(child);
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the node ended: ${heard().stderr}${heard().stdout}`);
      if (performance.now() - beganMs > PATIENCE_MS) throw new Error(`no answer: ${heard().stderr}`);
      const url = this.#url();
      if (url !== undefined && (await answers(url))) {
        const firstAnswerMs = performance.now() - beganMs;
        const end = async (signal: NodeJS.Signals): Promise<Ended> => {
          const done = ended(child, heard);
          child.kill(signal);
          return done;
        };
        return { url, process: child, firstAnswerMs, output: () => heard().stdout, end };
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Starts a command that runs until it is ended. */
  spawn(args: readonly string[]): RunningCommand {
    const child = this.#spawn(args, {});
    const heard = collect(child);
    return {
      json: <T>() => {
        const [line, rest] = heard().stdout.split('\n');
        if (child.exitCode !== null) throw new Error(`the command ended: ${heard().stderr}${heard().stdout}`);
        return rest === undefined ? undefined : (JSON.parse(line ?? '') as T);
      },
      async says(text) {
        await until(`${args[0]} says ${text}`, async () => {
          if (child.exitCode !== null) throw new Error(`the command ended: ${heard().stderr}`);
          return text.test(heard().stderr) || undefined;
        });
      },
      async end(signal) {
        const done = ended(child, heard);
        child.kill(signal);
        return done;
      },
    };
  }

  /** Stops what still runs and removes the folder. */
  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    stdin: 'ignore' | 'pipe' = 'ignore',
  ): ChildProcess {
    const inherited = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.folder,
      CALIN_DATA: this.data,
      NO_COLOR: '1',
    };
    const child = spawn(LAUNCHER, args, {
      env: { ...inherited, ...env },
      cwd: this.folder,
      stdio: [stdin, 'pipe', 'pipe'],
    });
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    return child;
  }

  #url(): string | undefined {
    const file = join(this.data, 'rpc.json');
    if (!existsSync(file)) return undefined;
    const found = /http:\/\/[^"\s]+/.exec(readFileSync(file, 'utf8'));
    return found?.[0];
  }
}

/** Calls a method of a node, as any client would. */
export async function rpc(url: string, method: string, params: unknown = {}): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return response.json();
}

/** Looks again and again until something is there. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() >= endMs) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return JSON.stringify(await rpc(url, 'node_status')).includes('"result"');
  } catch {
    return false;
  }
}

/** Collects what a process says; the function gives it so far. */
function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return () => ({ stdout, stderr });
}

function ended(child: ChildProcess, heard = collect(child)): Promise<Ended> {
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, ...heard() }));
  });
}
