import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChainSize } from '../chain/chain-size.ts';

/** What an honest node of a flood is told. */
export interface FloodOrder {
  /** Of its store, which is new. */
  readonly folder: string;
  /** Of the chain. */
  readonly chain: string;
  readonly size: ChainSize;
}

/** What it can be asked to do. */
export type FloodCommand =
  | { readonly kind: 'dial'; readonly address: string }
  | { readonly kind: 'submit'; readonly transactions: readonly Uint8Array[] }
  | { readonly kind: 'import'; readonly bytes: Uint8Array }
  | { readonly kind: 'figures' };

/** How a node is: bytes after a collection of garbage, and whom it keeps out. */
export interface FloodFigures {
  readonly rss: number;
  /** The largest resident memory so far. */
  readonly rssMax: number;
  readonly heap: number;
  /** Memory of buffers outside the heap. */
  readonly external: number;
  readonly peers: number;
  /** Whom it keeps out, and since when. */
  readonly banned: readonly { readonly peer: string; readonly atMs: number }[];
  /** Frames and bytes from the network so far. */
  readonly frames: number;
  readonly bytes: number;
  /** The time of the look. */
  readonly atMs: number;
  /** Milliseconds of processor time so far. */
  readonly cpuMs: number;
}

/** What it tells its parent; times are those of {@link sharedMs}. */
export type FloodMessage =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'pool'; readonly size: number }
  /** A block is its head, and on disk. */
  | { readonly kind: 'head'; readonly height: number; readonly atMs: number }
  | { readonly kind: 'figures'; readonly figures: FloodFigures };

/** An honest node in a process of its own. */
export interface FloodProcess {
  readonly address: string;
  tell(command: FloodCommand): void;
  /** Settles when its pool holds so many transactions. */
  whenPool(size: number): Promise<void>;
  /** Settles when a block is its head and on disk, with the time of that. */
  whenHead(height: number): Promise<number>;
  figures(): Promise<FloodFigures>;
  /** Ends the process, whatever it does. */
  close(): void;
}

/** Longest wait for anything: a network that stands still fails the run. */
const WAIT_MS_MAX = 60_000;

/** Starts a node; settles when it has imported what comes before the measured blocks, and listens. */
export function startFloodProcess(order: FloodOrder): Promise<FloodProcess> {
  const script = fileURLToPath(new URL('./flood-child.ts', import.meta.url));
  const child = fork(script, [JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
    execArgv: ['--expose-gc'],
  });
  const heads = new Map<number, number>();
  const asked: ((figures: FloodFigures) => void)[] = [];
  let pool = 0;
  let looks: (() => boolean)[] = [];
  /** Settles when what the child has said is enough. */
  const when = <T>(what: string, read: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => reject(new Error(`${what} within ${WAIT_MS_MAX} ms`)), WAIT_MS_MAX);
      looks.push(() => {
        const value = read();
        if (value === undefined) return false;
        clearTimeout(tooLate);
        resolve(value);
        return true;
      });
      looks = looks.filter((look) => !look());
    });
  const tell = (command: FloodCommand): void => void child.send(command);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`an honest node ended with ${code}`)));
    child.on('message', (message: FloodMessage) => {
      if (message.kind === 'head') heads.set(message.height, message.atMs);
      if (message.kind === 'pool') pool = message.size;
      if (message.kind === 'figures') asked.shift()?.(message.figures);
      looks = looks.filter((look) => !look());
      if (message.kind !== 'ready') return;
      resolve({
        address: message.address,
        tell,
        whenPool: async (size) => void (await when(`no pool of ${size}`, () => pool === size || undefined)),
        whenHead: (height) => when(`no block ${height}`, () => heads.get(height)),
        figures: () =>
          new Promise((answer) => {
            asked.push(answer);
            tell({ kind: 'figures' });
          }),
        close: () => void child.kill('SIGKILL'),
      });
    });
  });
}
