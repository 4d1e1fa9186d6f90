import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChainSize } from '../chain/chain-size.ts';

/** What a receiving process is told at its start. */
export interface RelayOrder {
  /** Of its store, which is new. */
  readonly folder: string;
  /** Of the chain. */
  readonly chain: string;
  readonly size: ChainSize;
}

/** What it is told later. */
export type RelayCommand =
  /** Read the next block of the chain, and know its transactions as checked; answered by `ready`. */
  | { readonly kind: 'read' }
  /** Import the block that was read. */
  | { readonly kind: 'import' }
  /** Connect to a node; answered by `ready`. */
  | { readonly kind: 'dial'; readonly address: string }
  /** Count processor time from now on; answered by `ready`. */
  | { readonly kind: 'mark' };

/** What it tells its parent; times are those of measure/shared-clock.ts. */
export type RelayMessage =
  | { readonly kind: 'ready' }
  /** Transactions in its pool. */
  | { readonly kind: 'pool'; readonly size: number }
  /** A block is its head, and on disk. */
  | {
      readonly kind: 'head';
      readonly height: number;
      /** When it was on disk. */
      readonly atMs: number;
      /** When the first compact block came after the mark; 0 when none has. */
      readonly arrivedMs: number;
      /** When it was applied. */
      readonly appliedMs: number;
      /** Processor time since the mark: of the process, of its main thread, and of the node's steps. */
      readonly cpuMs: number;
      readonly mainMs: number;
      readonly stepsMs: number;
    };

/** When a block was the head of a node, and what that took. */
export type HeadReport = Omit<Extract<RelayMessage, { kind: 'head' }>, 'kind' | 'height'>;

/** A node in a process of its own that gets blocks from its parent. */
export interface RelayProcess {
  /** Gives a command; settles when it is answered, and at once when it is not. */
  tell(command: RelayCommand): Promise<void>;
  /** Settles when its pool holds so many transactions. */
  whenPool(size: number): Promise<void>;
  /** Settles when the block is its head and on disk. */
  whenHead(height: number): Promise<HeadReport>;
  /** Ends the process, whatever it does. */
  close(): void;
}

/** Starts a receiving node; settles when it is at the first block of transfers. */
export function startRelayProcess(order: RelayOrder): Promise<RelayProcess> {
  const script = fileURLToPath(new URL('./relay-child.ts', import.meta.url));
  const child = fork(script, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const heads = new Map<number, HeadReport>();
  let [pool, readies] = [0, 0];
  let looks: (() => boolean)[] = [];
  /** Settles when what the child has said is enough. */
  const when = <T>(read: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      looks.push(() => {
        const value = read();
        if (value !== undefined) resolve(value);
        return value === undefined;
      });
      looks = looks.filter((look) => look());
    });
  const whenReady = (count: number): Promise<true> => when(() => (readies >= count ? true : undefined));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a receiving node ended with ${code}`)));
    child.on('message', (message: RelayMessage) => {
      if (message.kind === 'head') heads.set(message.height, message);
      if (message.kind === 'pool') pool = message.size;
      if (message.kind === 'ready') readies += 1;
      looks = looks.filter((look) => look());
    });
    const relayed: RelayProcess = {
      tell: async (command) => {
        const next = readies + 1;
        child.send(command);
        if (command.kind !== 'import') await whenReady(next);
      },
      whenPool: async (size) => void (await when(() => (pool === size ? true : undefined))),
      whenHead: (height) => when(() => heads.get(height)),
      close: () => void child.kill('SIGKILL'),
    };
    void whenReady(1).then(() => resolve(relayed));
  });
}
