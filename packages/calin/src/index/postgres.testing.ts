import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

/** A PostgreSQL server of one test, on a socket in a temporary folder. */
export interface TestPostgres {
  readonly url: string;
  /** Ends the server at once, as a power cut would. */
  crash(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** How long a server may take to answer. */
const START_MS = 60_000;

/** Why no server can be started on this machine; undefined when one can. */
export function postgresMissing(): string | undefined {
  if (binary('postgres') === undefined || binary('initdb') === undefined) {
    return 'PostgreSQL is not installed; on Debian: apt-get install postgresql';
  }
  if (process.getuid?.() === 0 && serverUser() === undefined)
    return 'the server does not run as root, and there is no user postgres';
  return undefined;
}

/** Starts a server. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'calin-pg-'));
  const user = process.getuid?.() === 0 ? serverUser() : undefined;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const made = spawnSync(
    binary('initdb') ?? 'initdb',
    ['-D', data, '-U', 'calin', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...user, encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C' } },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}${made.stdout}`);
  const url = `postgres://calin@${encodeURIComponent(folder)}/postgres`;
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const options = ['-c', `unix_socket_directories=${folder}`, '-c', 'listen_addresses=', '-c', 'fsync=off'];
    server = spawn(binary('postgres') ?? 'postgres', ['-D', data, ...options], {
      ...user,
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    await untilItAnswers(url);
  };
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (server === undefined || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    server.kill(signal);
    await ended;
    server = undefined;
  };
  await start();
  return {
    url,
    // The server ends its children itself at SIGQUIT, and recovers at the next start.
    crash: () => stop('SIGQUIT'),
    restart: start,
    async close() {
      await stop('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers(url: string): Promise<void> {
  const endMs = performance.now() + START_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await setTimeout(50);
    }
  }
}

/** Debian keeps the programs of each version in a folder of their own. */
function binary(name: string): string | undefined {
  const versions = '/usr/lib/postgresql';
  const folders = existsSync(versions) ? readdirSync(versions).toSorted((a, b) => Number(b) - Number(a)) : [];
  const paths = [...folders.map((version) => join(versions, version, 'bin')), '/usr/local/bin', '/usr/bin'];
  return paths.map((path) => join(path, name)).find((path) => existsSync(path));
}

function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
