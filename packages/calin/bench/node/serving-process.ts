import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchProgress } from '../bench.ts';
import type { ChainSize } from '../chain/chain-size.ts';

/** What a serving process holds. */
export interface ServingOrder {
  /** Of its store, which is new. */
  readonly folder: string;
  /** Of the chain. */
  readonly chain: string;
  readonly size: ChainSize;
}

/** What it tells its parent. */
export type ServingMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'ready'; readonly address: string }
  /** Processor time so far; told whenever the parent sends anything. */
  | { readonly kind: 'cpu'; readonly cpuMs: number };

/** A node in a process of its own that has a chain and listens. */
export interface ServingProcess {
  readonly address: string;
  /** Processor time that it has taken so far. */
  cpuMs(): Promise<number>;
  /** Ends the process, whatever it does. */
  close(): void;
}

/** Starts a node in a process of its own; settles when it has the whole chain and listens. */
export function startServingProcess(order: ServingOrder, progress: BenchProgress): Promise<ServingProcess> {
  const script = fileURLToPath(new URL('./serving-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const close = () => void child.kill('SIGKILL');
  const cpuMs = () =>
    new Promise<number>((resolve) => {
      const heard = (message: ServingMessage): void => {
        if (message.kind !== 'cpu') return;
        child.off('message', heard);
        resolve(message.cpuMs);
      };
      child.on('message', heard);
      child.send('cpu');
    });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the serving node ended with ${code}`)));
    child.on('message', (message: ServingMessage) => {
      if (message.kind === 'ready') resolve({ address: message.address, cpuMs, close });
      if (message.kind !== 'progress') return;
      progress(message.done, message.total, 'giving the chain to the other node');
    });
  });
}
