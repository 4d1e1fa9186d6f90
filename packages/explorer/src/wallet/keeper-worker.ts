import { argon2idWasm } from '@calin/client/keystore/argon2id.ts';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { Keeper } from './keeper.ts';
import type { KeeperAnswer, KeeperJob } from './keeper-jobs.ts';

const keeper = new Keeper({
  argon2id: argon2idWasm,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  client: new RpcClient({ url: `${location.origin}/` }),
  progress: (progress) => answer({ kind: 'progress', progress }),
});

/** One job after the other: two that change the wallet do not mix. */
let last: Promise<unknown> = Promise.resolve();

function answer(message: KeeperAnswer): void {
  self.postMessage(message);
}

self.addEventListener('message', ({ data: { job, method, parameters } }: MessageEvent<KeeperJob>) => {
  const run = keeper[method].bind(keeper) as (...given: readonly unknown[]) => unknown;
  last = last
    .then(() => run(...parameters))
    .then((value) => answer({ kind: 'done', job, value }))
    // Only the kind of a failure is told: its text might hold what was typed.
    .catch((error: unknown) =>
      answer({ kind: 'failed', job, name: error instanceof Error ? error.name : 'Error' }),
    );
});
