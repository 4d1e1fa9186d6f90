import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, until } from './drill.testing.ts';

const LAUNCHER = fileURLToPath(new URL('../../../../calin', import.meta.url));
const CALLER = fileURLToPath(new URL('./lab-caller.testing.ts', import.meta.url));

/**
 * Machines, switches and cables of the kernel, in namespaces that nothing outside reaches. The addresses come from
 * 3fff::/20, which is kept for documentation (RFC 9637): libp2p takes them for public ones, so that what it does for
 * those is done.
 */
export class Lab {
  readonly folder: string;
  #cables = 0;

  /** Only in a namespace of its own: what is mounted over `/run` would be missed outside. */
  constructor(folder: string) {
    this.folder = folder;
    run('mount', ['-t', 'tmpfs', 'tmpfs', '/run']);
    mkdirSync('/run/netns');
    run('ip', ['link', 'set', 'lo', 'up']);
  }

  switch(name: string): string {
    run('ip', ['link', 'add', name, 'type', 'bridge']);
    run('ip', ['link', 'set', name, 'up']);
    return name;
  }

  /** A cable between two switches; gives the end that {@link Lab.pull} takes. */
  trunk(one: string, other: string): string {
    const cable = `cable${this.#cables++}`;
    run('ip', ['link', 'add', cable, 'type', 'veth', 'peer', 'name', `${cable}b`]);
    run('ip', ['link', 'set', cable, 'master', one, 'up']);
    run('ip', ['link', 'set', `${cable}b`, 'master', other, 'up']);
    return cable;
  }

  pull(cable: string): void {
    run('ip', ['link', 'set', cable, 'down']);
  }

  mend(cable: string): void {
    run('ip', ['link', 'set', cable, 'up']);
  }

  machine(name: string): LabMachine {
    run('ip', ['netns', 'add', name]);
    run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    return new LabMachine(name, this.folder);
  }
}

/** A machine of a {@link Lab}: a network of its own, and one node. */
export class LabMachine {
  readonly name: string;
  readonly data: string;
  readonly #folder: string;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #caller: ChildProcess | undefined;
  #node: ChildProcess | undefined;
  #url = '';
  #calls = 0;

  constructor(name: string, folder: string) {
    this.name = name;
    this.#folder = folder;
    this.data = join(folder, name);
  }

  /** Where its node says everything. */
  get logFile(): string {
    return join(this.#folder, `${this.name}.log`);
  }

  /** A network card with an address such as `3fff:1::1/20`, connected with a switch. */
  plug(card: string, hub: string, address: string): void {
    const cable = `${this.name}${card}`;
    run('ip', ['link', 'add', cable, 'type', 'veth', 'peer', 'name', card, 'netns', this.name]);
    run('ip', ['link', 'set', cable, 'master', hub, 'up']);
    this.exec('ip', ['addr', 'add', address, 'dev', card, ...(address.includes(':') ? ['nodad'] : [])]);
    this.exec('ip', ['link', 'set', card, 'up']);
  }

  /** Runs a program on this machine, which has to succeed, and gives what it printed. */
  exec(program: string, args: readonly string[]): string {
    return run('ip', ['netns', 'exec', this.name, program, ...args]);
  }

  /** Makes it a router that lends its address on `outside` to whoever is behind it, and lets nobody in. */
  translate(outside: string): void {
    this.exec('sh', ['-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding']);
    this.exec('nft', ['add table ip6 nat']);
    this.exec('nft', ['add chain ip6 nat out { type nat hook postrouting priority 100; }']);
    this.exec('nft', [`add rule ip6 nat out oifname ${outside} masquerade`]);
    this.exec('nft', ['add chain ip6 nat pass { type filter hook forward priority 0; }']);
    this.exec('nft', [`add rule ip6 nat pass iifname ${outside} ct state new drop`]);
  }

  /** Runs a command of Calin on this machine to its end. */
  calin(words: readonly string[]): string {
    return run('ip', ['netns', 'exec', this.name, LAUNCHER, ...words], this.#env());
  }

  /** Starts its node and waits until it answers; `DEBUG` says what libp2p tells of itself in the log. */
  async start(words: readonly string[], debug = ''): Promise<void> {
    expect(this.#node === undefined, `${this.name} runs already`);
    rmSync(join(this.data, 'rpc.json'), { force: true });
    const log = openSync(this.logFile, 'a');
    const all = ['netns', 'exec', this.name, LAUNCHER, 'node', '--data', this.data, '--port', '0', ...words];
    const env = { ...this.#env(), DEBUG: debug };
    const child = spawn('ip', all, { env, stdio: ['ignore', log, log] });
    this.#node = child;
    this.#url = await until(`an answer of ${this.name}`, async () => {
      if (child.exitCode !== null) throw new Error(`${this.name}: ${readFileSync(this.logFile, 'utf8')}`);
      const file = join(this.data, 'rpc.json');
      const found = existsSync(file) ? /http:\/\/[^"\s]+/.exec(readFileSync(file, 'utf8'))?.[0] : undefined;
      return found;
    });
    await until(`the status of ${this.name}`, () => this.ask('node_status'));
  }

  /** Ends its node as a person would. */
  async stop(): Promise<void> {
    const child = this.#node;
    if (child === undefined) return;
    this.#node = undefined;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  }

  /** Everything that its node has said. */
  said(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Calls a method of its node as its owner: over the loopback of this machine. */
  async call<T>(method: string, params: unknown = {}): Promise<T> {
    const { result, error } = (await this.#send(method, params)) as { result?: T; error?: unknown };
    if (result === undefined) throw new Error(`${this.name}: ${method}: ${JSON.stringify(error)}`);
    return result;
  }

  /** The same, and undefined when there is no answer. */
  async ask<T>(method: string, params: unknown = {}): Promise<T | undefined> {
    return ((await this.#send(method, params)) as { result?: T }).result;
  }

  /** Nothing else reaches the loopback of this machine, so the questions are asked from inside. */
  #send(method: string, params: unknown): Promise<unknown> {
    if (this.#caller === undefined) {
      const words = ['netns', 'exec', this.name, process.execPath, CALLER];
      const caller = spawn('ip', words, { stdio: ['pipe', 'pipe', 'inherit'] });
      createInterface(caller.stdout).on('line', (line) => {
        const { id, answer } = JSON.parse(line) as { id: number; answer: unknown };
        this.#waiting.get(id)?.(answer);
        this.#waiting.delete(id);
      });
      this.#caller = caller;
    }
    const id = this.#calls++;
    this.#caller.stdin?.write(`${JSON.stringify({ id, url: this.#url, method, params })}\n`);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #env(): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'] ?? '', HOME: this.#folder, NO_COLOR: '1', CALIN_DATA: this.data };
  }
}

function run(program: string, args: readonly string[], env = process.env): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env });
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? ''}${stderr}${stdout}`);
  return stdout;
}
