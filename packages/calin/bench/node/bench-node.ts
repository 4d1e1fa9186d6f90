import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { CHAIN_LIMITS } from '@calin/core/chain/limits.ts';
import { openChain } from '@calin/core/chain/open-chain.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { signatureRecordCount } from '@calin/core/crypto/signature-records.ts';
import { trailingHistoryIndex } from '@calin/core/history/history-index.ts';
import { SIGNATURES_CHECKED } from '@calin/core/ledger/transaction-signatures.ts';
import { MEMPOOL_BYTES_MAX } from '@calin/core/mempool/limits.ts';
import { LEAF_BYTES } from '@calin/core/node/checked-transactions.ts';
import { CoinIndex } from '@calin/core/node/coin-index.ts';
import type { Notification } from '@calin/core/node/effects.ts';
import type { SubmitVerdict } from '@calin/core/node/events.ts';
import { Runner } from '@calin/core/node/runner.ts';
import type { Compute } from '@calin/core/ports/compute.ts';
import type { StoreBatch } from '@calin/core/ports/store.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { SystemClock } from '../../src/adapters/clock.ts';
import type { LevelStore } from '../../src/adapters/level-store.ts';
import type { Libp2pNetwork } from '../../src/adapters/libp2p/libp2p-network.ts';
import { openLevelStore } from '../../src/adapters/open-level-store.ts';
import { verifySignatureFast } from '../../src/adapters/signatures.ts';
import { WorkerCompute } from '../../src/adapters/worker-compute.ts';
import { indexHistory } from '../../src/host/index-history.ts';
import { createNodeKernel } from '../../src/host/node-kernel.ts';
import { p2pConfig } from '../../src/host/open-network.ts';
import { createBenchNetwork } from './bench-network.ts';
import { TimedNode } from './timed-node.ts';

/** As `calin node` has it. */
const CHECKPOINT_BLOCKS = 500;

/** Choices for {@link openBenchNode}. */
export interface BenchNodeOptions {
  readonly spec: ChainSpec;
  /** Of the store; made when it does not exist. */
  readonly folder: string;
  /** Keep the transaction index and the history of addresses. */
  readonly index: boolean;
  /** Takes every signature for a good one without a look. Of what it knows ({@link BenchNode.know}) it asks none. */
  readonly verified: boolean;
  /** Final blocks whose undo records are kept; as many as a real node keeps when left out. */
  readonly undoBlocks?: number;
  /** Has a network, which is still closed; left out it has none. */
  readonly isNetworked?: boolean;
  /** Told what subscribers are told, such as that a block is the head and on disk. */
  readonly notify?: (notification: Notification) => void;
}

/** A node with the adapters of a real one, but for the server. */
export interface BenchNode {
  readonly node: TimedNode;
  /** Undefined without one. */
  readonly network: Libp2pNetwork | undefined;
  /** Connects to a node of the network. */
  dial(address: string): void;
  /** Settles when everything that has been imported is on disk. */
  whenDurable(): Promise<void>;
  /** Has the transactions of a block known as checked, as those that came through the pool are. */
  know(bytes: Uint8Array): void;
  /** Gives transactions to the pool; settles when all of them were taken. */
  submit(transactions: readonly Uint8Array[]): Promise<void>;
  /** Imports a block; settles when it is on disk. */
  importBlock(bytes: Uint8Array): Promise<void>;
  /** Stops the node, which writes its state, and closes the store. */
  stop(): Promise<void>;
}

/** Opens a node on a store on disk. */
export async function openBenchNode(options: BenchNodeOptions): Promise<BenchNode> {
  const { store } = must(await openLevelStore({ folder: options.folder }));
  const node = await openNodeOn(store, options);
  const clock = new SystemClock();
  const log = { write: () => {} };
  const compute = new WorkerCompute({ log });
  const dead = Promise.withResolvers<void>();
  const network = options.isNetworked
    ? await createBenchNetwork(options.folder, node.chain.chainId, (event) =>
        runner.dispatch({ type: 'network', event }),
      )
    : undefined;
  const runner = new Runner(node, {
    clock,
    store,
    compute: options.verified ? trustingCompute() : compute,
    signer: undefined,
    network,
    log,
    notify: options.notify ?? (() => {}),
    dead: (reason) => (reason === undefined ? dead.resolve() : dead.reject(new Error(reason.message))),
  });
  runner.dispatch({ type: 'start' });
  return {
    node,
    network,
    dial: (address) => network?.dial(address),
    whenDurable: () =>
      new Promise((resolve, reject) =>
        runner.whenDurable((answer) => (answer.ok ? resolve() : reject(new Error(answer.error.rule)))),
      ),
    know: (bytes) => {
      const { leaves } = must(node.chain.scanBlock(bytes));
      for (let at = 0; at < leaves.length; at += LEAF_BYTES)
        node.checked.add(leaves.subarray(at, at + LEAF_BYTES));
    },
    submit: (transactions) =>
      new Promise((resolve, reject) =>
        runner.request({ kind: 'submit', transactions }, (answer) => {
          const verdicts = answer.ok ? (answer.value as readonly SubmitVerdict[]) : [];
          const refused = verdicts.find(({ accepted }) => !accepted);
          if (answer.ok && refused === undefined) resolve();
          else reject(new Error(`the node refused a transaction: ${JSON.stringify(refused ?? answer)}`));
        }),
      ),
    importBlock: (block) =>
      new Promise((resolve, reject) =>
        runner.request({ kind: 'import', block }, (answer) =>
          answer.ok ? resolve() : reject(new Error(`the node refused a block by ${answer.error.rule}`)),
        ),
      ),
    stop: async () => {
      runner.dispatch({ type: 'stop' });
      await dead.promise;
      clock.close();
      await network?.stop();
      await compute.close();
      await store.close();
    },
  };
}

async function openNodeOn(
  store: LevelStore,
  { spec, index, undoBlocks, isNetworked }: BenchNodeOptions,
): Promise<TimedNode> {
  const consensus = createConsensus(spec);
  const opening = openChain(
    {
      spec,
      checkpointBlocks: CHECKPOINT_BLOCKS,
      mode: { kind: 'full' },
      limits: { ...CHAIN_LIMITS, undoBlocks: undoBlocks ?? CHAIN_LIMITS.undoBlocks },
    },
    {
      store,
      consensus,
      verify: SIGNATURES_CHECKED,
      verifySeal: verifySignatureFast,
      kernel: createNodeKernel(),
      index: trailingHistoryIndex,
    },
  );
  let step = opening.next();
  while (step.done !== true) step = opening.next();
  const { chain, batch } = must(step.value);
  if (batch.puts.length > 0) await commit(store, batch);
  if (index) must(await indexHistory(chain, store, () => {}));
  const config = {
    production: { kind: 'off' } as const,
    index,
    mempoolBytesMax: MEMPOOL_BYTES_MAX,
    isMemoryReserved: true,
    checkpointBlocks: CHECKPOINT_BLOCKS,
    p2p: isNetworked ? p2pConfig() : undefined,
  };
  const secret = { low: 1, high: 2 };
  const coins = index ? CoinIndex.of(chain.state.coins, secret) : undefined;
  return new TimedNode({ spec, config }, { chain, consensus, store, coins });
}

/** Answers in later turns, one a turn, as {@link WorkerCompute} does when what follows takes long. */
function trustingCompute(): Compute {
  const waiting: (() => void)[] = [];
  const turn = (): void => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(turn);
  };
  return {
    checkSignatures: (records, done) => {
      waiting.push(() => done(new Uint8Array(signatureRecordCount(records)).fill(1)));
      if (waiting.length === 1) setImmediate(turn);
    },
  };
}

function commit(store: LevelStore, batch: StoreBatch): Promise<void> {
  return new Promise((resolve, reject) =>
    store.commit(batch, (failure) => (failure === undefined ? resolve() : reject(new Error(failure.rule)))),
  );
}

function must<T>(result: Result<T>): T {
  assert(result.ok, result.ok ? '' : `${result.error.rule} ${JSON.stringify(result.error.evidence)}`);
  return result.value;
}
