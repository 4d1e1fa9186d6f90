import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import { sign } from '@calin/core/crypto/signature.ts';
import { proveVrf } from '@calin/core/crypto/vrf.ts';
import { MEMPOOL_BYTES_MAX } from '@calin/core/mempool/limits.ts';
import { CoinIndex } from '@calin/core/node/coin-index.ts';
import type { Notification } from '@calin/core/node/effects.ts';
import type { SubmitVerdict } from '@calin/core/node/events.ts';
import { Node } from '@calin/core/node/node.ts';
import { Runner } from '@calin/core/node/runner.ts';
import type { Store } from '@calin/core/ports/store.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import { SystemClock } from '../../src/adapters/clock.ts';
import { InlineCompute } from '../../src/adapters/inline-compute.testing.ts';
import { openLevelStore } from '../../src/adapters/open-level-store.ts';
import { indexHistory } from '../../src/host/index-history.ts';
import {
  CHECKPOINT_BLOCKS,
  CRASH_AUTHORITY,
  CRASH_CONSENSUS,
  CRASH_SPEC,
  openCrashChain,
} from './crash-chain.testing.ts';
import type { CrashMessage, CrashRequest, ToldBlock } from './crash-messages.testing.ts';

/**
 * A process of its own that runs a node on the store in the folder it is given, takes requests from standard input
 * and says on standard output what it answers for, until it is killed. The same node, runner and store as under the
 * command line, with pipes in place of the server.
 */
const [folder = '', toldHeight = '0'] = process.argv.slice(2);

const { store } = must(await openLevelStore({ folder }));
const { chain, batch } = must(openCrashChain(store));
if (batch.puts.length > 0) await committed(store, batch);
must(await indexHistory(chain, store, () => {}));
const node = new Node(
  {
    spec: CRASH_SPEC,
    config: {
      production: {
        kind: 'on-transaction',
        intervalMs: 0,
        publicKey: CRASH_AUTHORITY.publicKey,
        payTo: CRASH_AUTHORITY.address,
      },
      index: true,
      mempoolBytesMax: MEMPOOL_BYTES_MAX,
      checkpointBlocks: CHECKPOINT_BLOCKS,
    },
  },
  {
    chain,
    consensus: CRASH_CONSENSUS,
    store,
    coins: CoinIndex.of(chain.state.coins, { low: 1, high: 2 }),
  },
);
const runner = new Runner(node, {
  clock: new SystemClock(),
  store,
  compute: new InlineCompute(),
  signer: {
    publicKey: CRASH_AUTHORITY.publicKey,
    sign: (message, done) => done(sign(message, CRASH_AUTHORITY.secretKey)),
    prove: (input, done) => done(proveVrf(CRASH_AUTHORITY.secretKey, input)),
  },
  log: { write: () => {} },
  notify,
  dead: (reason) => {
    say({ type: 'refused', rule: reason?.rule ?? 'stopped', evidence: JSON.stringify(reason?.evidence) });
    process.exit(1);
  },
});
say({
  type: 'ready',
  height: chain.head.height,
  stateRoot: toHex(stateRoot(chain.state)),
  blocks: blocksAbove(chain, Number(toldHeight)),
});
runner.dispatch({ type: 'start' });
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => handle(JSON.parse(line) as CrashRequest));
// Without its parent it has nothing to do.
lines.on('close', () => process.exit(0));

function handle(request: CrashRequest): void {
  if (request.kind === 'mine') {
    runner.request(request, (result) => answer(result, (ids) => ({ type: 'mined', ids: ids as string[] })));
    return;
  }
  const transactions = request.transactions.map(fromHex);
  runner.request({ kind: 'submit', transactions }, (result) =>
    answer(result, (verdicts) => ({ type: 'submitted', verdicts: verdicts as SubmitVerdict[] })),
  );
}

function answer(result: Result<unknown>, tell: (value: unknown) => CrashMessage): void {
  if (result.ok) return say(tell(result.value));
  say({ type: 'refused', rule: result.error.rule, evidence: JSON.stringify(result.error.evidence) });
}

function notify(notification: Notification): void {
  if (notification.kind !== 'head') return;
  const { head, transactions } = notification;
  const txids = transactions().map(({ txid }) => toHex(txid));
  say({ type: 'head', block: { height: head.height, id: toHex(head.id), txids } });
}

function blocksAbove(opened: Chain, told: number): ToldBlock[] {
  const blocks: ToldBlock[] = [];
  for (let height = told + 1; height <= opened.head.height; height++) {
    const id = opened.idAt(height) as Uint8Array;
    const { transactions } = must(opened.block(id));
    blocks.push({ height, id: toHex(id), txids: transactions.slice(1).map(({ txid }) => toHex(txid)) });
  }
  return blocks;
}

/** At once and whole: what is said stays said when the process is killed the moment after. */
function say(message: CrashMessage): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

function committed(target: Store, batch: Parameters<Store['commit']>[0]): Promise<void> {
  return new Promise((resolve, reject) => {
    target.commit(batch, (failure) => (failure === undefined ? resolve() : reject(new Error(failure.rule))));
  });
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { rule, evidence } = result.error;
  say({ type: 'refused', rule, evidence: JSON.stringify(evidence) });
  process.exit(1);
}
