import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChainSize } from '../chain/chain-size.ts';

/** What a receiving process is told. */
export interface RelayOrder {
  /** Of its store, which is new. */
  readonly folder: string;
  /** Of the chain. */
  readonly chain: string;
  readonly size: ChainSize;
  /** The node that it connects to. */
  readonly address: string;
}

/** What it tells its parent; `atMs` is that of measure/shared-clock.ts. */
export type RelayMessage =
  | { readonly kind: 'ready' }
  /** Transactions in its pool. */
  | { readonly kind: 'pool'; readonly size: number }
  /** A block is its head, and on disk; with the processor time since the pool was filled. */
  | { readonly kind: 'head'; readonly height: number; readonly atMs: number; readonly cpuMs: number };

/** When a block was the head of a node, and what that took. */
export type HeadReport = Omit<Extract<RelayMessage, { kind: 'head' }>, 'kind' | 'height'>;

/** A node in a process of its own that gets blocks from its parent. */
export interface RelayProcess {
  /** Settles when its pool holds so many transactions. */
  whenPool(size: number): Promise<void>;
  /** Settles when the block is its head and on disk. */
  whenHead(height: number): Promise<HeadReport>;
  /** Ends the process, whatever it does. */
  close(): void;
}

/** Starts a receiving node; settles when it is connected. */
export function startRelayProcess(order: RelayOrder): Promise<RelayProcess> {
  const script = fileURLToPath(new URL('./relay-child.ts', import.meta.url));
  const child = fork(script, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const heads = new Map<number, HeadReport>();
  let pool = 0;
  let look = (): void => {};
  /** Settles when what the child has said is enough. */
  const when = <T>(read: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      look = () => {
        const value = read();
        if (value !== undefined) resolve(value);
      };
      look();
    });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a receiving node ended with ${code}`)));
    child.on('message', (message: RelayMessage) => {
      if (message.kind === 'head') heads.set(message.height, message);
      if (message.kind === 'pool') pool = message.size;
      look();
      if (message.kind !== 'ready') return;
      resolve({
        whenPool: async (size) => void (await when(() => (pool === size ? true : undefined))),
        whenHead: (height) => when(() => heads.get(height)),
        close: () => void child.kill('SIGKILL'),
      });
    });
  });
}
