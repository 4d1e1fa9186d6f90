import { setTimeout } from 'node:timers/promises';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { CHAIN_LIMITS, type ChainLimits } from '@calin/core/chain/limits.ts';
import { type OpenedChain, openChain } from '@calin/core/chain/open-chain.ts';
import type { StorageMode } from '@calin/core/chain/storage-mode.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { trailingHistoryIndex } from '@calin/core/history/history-index.ts';
import { SIGNATURES_CHECKED } from '@calin/core/ledger/transaction-signatures.ts';
import { MEMPOOL_BYTES_MAX } from '@calin/core/mempool/limits.ts';
import { CoinIndex } from '@calin/core/node/coin-index.ts';
import type { ProductionConfig } from '@calin/core/node/config.ts';
import type { NodeRequest } from '@calin/core/node/events.ts';
import { Node } from '@calin/core/node/node.ts';
import { Runner } from '@calin/core/node/runner.ts';
import type { LogEntry } from '@calin/core/ports/log.ts';
import type { Signer } from '@calin/core/ports/signer.ts';
import type { Store, StoreBatch } from '@calin/core/ports/store.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import { SystemClock } from '../../src/adapters/clock.ts';
import { mustOpen } from '../../src/adapters/level-store.testing.ts';
import { verifySignatureFast } from '../../src/adapters/signatures.ts';
import type { StartSignatureWorker } from '../../src/adapters/start-signature-worker.ts';
import { WorkerCompute } from '../../src/adapters/worker-compute.ts';
import { indexHistory } from '../../src/host/index-history.ts';
import { createNodeKernel } from '../../src/host/node-kernel.ts';

/** What a node under fault is made of: the parts of a real one, some of which can be made to fail. */
export interface FaultNodeOptions {
  readonly spec: ChainSpec;
  /** Of the store; made when it does not exist. */
  readonly folder: string;
  /** The most coins that there is memory for. */
  readonly coinsMax?: number;
  readonly checkpointBlocks?: number;
  readonly limits?: Partial<ChainLimits>;
  /** Full when left out. */
  readonly mode?: StorageMode;
  readonly startWorker?: StartSignatureWorker;
  readonly production?: ProductionConfig;
  readonly signer?: Signer;
  /** Stands between the node and its store. */
  readonly wrap?: (store: Store) => Store;
}

/** A node with store, chain, kernel and threads as `calin node` has them; only the server is left out. */
export interface FaultNode extends AsyncDisposable {
  readonly node: Node;
  readonly opened: OpenedChain;
  readonly logs: readonly LogEntry[];
  readonly compute: WorkerCompute;
  /** Settles when the node is dead, with the reason if it did not stop by itself. */
  readonly dead: Promise<Refusal | undefined>;
  ask(request: NodeRequest): Promise<Result<unknown>>;
  importBlock(block: Uint8Array): Promise<Result<unknown>>;
  /** What must be the same before and after a fault. */
  summary(): Summary;
  /** Stops the node, which writes its state. */
  stop(): Promise<void>;
  /** Ends it as a kill does: no checkpoint is written. A second time does nothing. */
  kill(): Promise<void>;
}

/** Where a chain stands. */
export interface Summary {
  readonly head: string;
  readonly height: number;
  readonly root: string;
  readonly coins: number;
}

/** Opens a node under fault, or says why it does not open. */
export async function openFaultNode(options: FaultNodeOptions): Promise<Result<FaultNode>> {
  const { store: disk } = await mustOpen({ folder: options.folder });
  const store = options.wrap?.(disk) ?? disk;
  const opened = openChainOn(store, options);
  if (!opened.ok) {
    await disk.close();
    return opened;
  }
  if (opened.value.batch.puts.length > 0) {
    const failure = await commitTo(store, opened.value.batch);
    assert(failure === undefined, `the genesis was not stored: ${failure?.rule}`);
  }
  const indexed = await indexHistory(opened.value.chain, store, () => {});
  assert(indexed.ok, indexed.ok ? '' : indexed.error.rule);
  return ok(run(options, store, opened.value, () => disk.close()));
}

/** {@link openFaultNode} where nothing may be wrong. */
export async function startFaultNode(options: FaultNodeOptions): Promise<FaultNode> {
  const node = await openFaultNode(options);
  assert(node.ok, node.ok ? '' : `${node.error.rule} ${JSON.stringify(node.error.evidence)}`);
  return node.value;
}

/** Hands a batch to a store; the failure if there was one. */
export function commitTo(store: Store, batch: StoreBatch): Promise<Refusal | undefined> {
  return new Promise((resolve) => store.commit(batch, resolve));
}

/** The rule of a refusal, or `ok`. */
export function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.rule;
}

/** Waits for something that happens soon where the machine is not busy. */
export async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + UNTIL_MS_MAX;
  while (!isSo()) {
    assert(performance.now() < endMs, 'it did not happen in time');
    await setTimeout(2);
  }
}

const UNTIL_MS_MAX = 60_000;

/** A node that does not answer is a failure, not a wait without end. */
const ANSWER_MS_MAX = 60_000;

function openChainOn(store: Store, options: FaultNodeOptions): Result<OpenedChain> {
  const { spec, coinsMax, checkpointBlocks = 500, limits, mode = { kind: 'full' } } = options;
  const opening = openChain(
    { spec, checkpointBlocks, mode, limits: { ...CHAIN_LIMITS, ...limits } },
    {
      store,
      consensus: createConsensus(spec),
      verify: SIGNATURES_CHECKED,
      verifySeal: verifySignatureFast,
      kernel: createNodeKernel(coinsMax === undefined ? {} : { coinsMax }),
      index: trailingHistoryIndex,
    },
  );
  let step = opening.next();
  while (step.done !== true) step = opening.next();
  return step.value;
}

function run(
  options: FaultNodeOptions,
  store: Store,
  opened: OpenedChain,
  close: () => Promise<void>,
): FaultNode {
  const { spec, production = { kind: 'off' }, checkpointBlocks = 500, startWorker, signer } = options;
  const { chain } = opened;
  const config = { production, index: true, mempoolBytesMax: MEMPOOL_BYTES_MAX, checkpointBlocks };
  const coins = config.index ? CoinIndex.of(chain.state.coins, { low: 1, high: 2 }) : undefined;
  const node = new Node({ spec, config }, { chain, consensus: createConsensus(spec), store, coins });
  const logs: LogEntry[] = [];
  const log = { write: (entry: LogEntry) => void logs.push(entry) };
  const clock = new SystemClock();
  const compute = new WorkerCompute({
    workers: 1,
    log,
    ...(startWorker === undefined ? {} : { startWorker }),
  });
  const dead = Promise.withResolvers<Refusal | undefined>();
  const runner = new Runner(node, {
    clock,
    store,
    compute,
    signer,
    log,
    notify: () => {},
    dead: dead.resolve,
  });
  runner.dispatch({ type: 'start' });
  const ask = async (request: NodeRequest): Promise<Result<unknown>> => {
    // Whatever is thrown in a turn of the node's own reaches nobody who waits for it.
    const answered = new Promise<Result<unknown>>((resolve) => runner.request(request, resolve));
    const answer = await Promise.race([answered, setTimeout(ANSWER_MS_MAX, undefined, { ref: false })]);
    assert(answer !== undefined, `no answer to ${request.kind}`);
    return answer;
  };
  const end = async () => {
    clock.close();
    await compute.close();
    await close();
  };
  let ended: Promise<void> | undefined;
  const kill = () => {
    ended ??= end();
    return ended;
  };
  return {
    node,
    opened,
    logs,
    compute,
    dead: dead.promise,
    ask,
    importBlock: (block) => ask({ kind: 'import', block }),
    summary: () => summaryOf(node),
    stop: async () => {
      runner.dispatch({ type: 'stop' });
      await dead.promise;
      await kill();
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

function summaryOf({ chain }: Node): Summary {
  const { head, state } = chain;
  return {
    head: toHex(head.id),
    height: head.height,
    root: toHex(stateRoot(state)),
    coins: state.coins.size,
  };
}
