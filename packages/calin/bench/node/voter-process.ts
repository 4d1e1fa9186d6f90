import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ThreadReport } from '../measure/watch-thread.ts';

/** What a validator is told. */
export interface VoterOrder {
  /** Its data folder, made already. */
  readonly folder: string;
  /** Number of its key. */
  readonly validator: number;
  /** Addresses of the validators that run already. */
  readonly bootstrap: readonly string[];
}

/** What it can be asked. */
export type VoterCommand =
  | { readonly kind: 'peers' }
  /** Begins to count what it costs. */
  | { readonly kind: 'watch' }
  /** Heights from and to, both included. */
  | { readonly kind: 'report'; readonly from: number; readonly to: number };

/** A block that has become final on a node, with those before it that became so in one go. */
export interface FinalBlock {
  readonly height: number;
  /** Transactions, without the rewards. */
  readonly transfers: number;
  /** Of the clock that all processes share. */
  readonly atMs: number;
}

/** What a stretch of blocks cost a validator, and in which round each of them became final. */
export interface VoterReport {
  readonly thread: ThreadReport;
  readonly rounds: readonly number[];
}

/** What it tells its parent. */
export type VoterMessage =
  | { readonly kind: 'ready'; readonly url: string; readonly address: string }
  | { readonly kind: 'peers'; readonly peers: number }
  | { readonly kind: 'final'; readonly final: FinalBlock }
  | { readonly kind: 'report'; readonly report: VoterReport };

/** A validator in a process of its own. */
export interface Voter {
  /** Of its server. */
  readonly url: string;
  /** For other nodes. */
  readonly address: string;
  peers(): Promise<number>;
  watch(): void;
  report(from: number, to: number): Promise<VoterReport>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** How the launcher starts a node. */
const NODE_FLAGS = ['--initial-heap-size=128', '--max-semi-space-size=8'];

/** Longest wait for the end of a process, which may have a profile to write. */
const END_MS_MAX = 20_000;

/**
 * Starts a validator; settles when it listens.
 *
 * @param profile - a folder that gets its processor profile when it ends; none when left out
 * @param onFinal - told of each block that becomes final
 */
export function startVoter(
  order: VoterOrder,
  profile: string | undefined,
  onFinal: (final: FinalBlock) => void,
): Promise<Voter> {
  const script = fileURLToPath(new URL('./voter-child.ts', import.meta.url));
  const child = fork(script, [JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...NODE_FLAGS, ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`])],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Voter>();
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
  let peers = (_peers: number): void => {};
  let report = (_report: VoterReport): void => {};
  const tell = (command: VoterCommand): void => void child.send(command);
  const close = async (): Promise<void> => {
    const tooLate = setTimeout(() => child.kill('SIGKILL'), END_MS_MAX);
    if (child.connected) child.disconnect();
    await ended;
    clearTimeout(tooLate);
  };
  child.once('exit', (code) => reject(new Error(`a validator ended with ${code}`)));
  child.on('message', (message: VoterMessage) => {
    switch (message.kind) {
      case 'final':
        return onFinal(message.final);
      case 'peers':
        return peers(message.peers);
      case 'report':
        return report(message.report);
      case 'ready':
        return resolve({
          url: message.url,
          address: message.address,
          peers: () =>
            new Promise((answer) => {
              peers = answer;
              tell({ kind: 'peers' });
            }),
          watch: () => tell({ kind: 'watch' }),
          report: (from, to) =>
            new Promise((answer) => {
              report = answer;
              tell({ kind: 'report', from, to });
            }),
          close,
        });
    }
  });
  return promise;
}
