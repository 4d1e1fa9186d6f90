import type { Refusal, Result } from '@calin/core/base/result.ts';
import { OK, ok } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import { CHAIN_LIMITS } from '@calin/core/chain/limits.ts';
import { type OpenProgress, openChain } from '@calin/core/chain/open-chain.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import type { Consensus } from '@calin/core/consensus/engine.ts';
import { trailingHistoryIndex } from '@calin/core/history/history-index.ts';
import { SIGNATURES_CHECKED } from '@calin/core/ledger/transaction-signatures.ts';
import { MEMPOOL_BYTES_MAX } from '@calin/core/mempool/limits.ts';
import type { NodeConfig } from '@calin/core/node/config.ts';
import { Node } from '@calin/core/node/node.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { DataFolder } from '../adapters/data-folder.ts';
import type { LevelStore } from '../adapters/level-store.ts';
import { openLevelStore } from '../adapters/open-level-store.ts';
import { verifySignatureFast } from '../adapters/signatures.ts';
import { refusalOfDamage } from '../adapters/store-corruption.ts';
import { refuseCli } from '../cli/rules.ts';
import type { IndexHome } from '../index/messages.ts';
import {
  CHECKPOINT_BLOCKS,
  chooseCoinShards,
  chooseExplorer,
  chooseStorage,
  readIndex,
  type StorageChoice,
  saveStorage,
  withoutPassword,
} from './choose-storage.ts';
import { indexCoins, indexSecret } from './index-coins.ts';
import { indexHistory } from './index-history.ts';
import { createNodeKernel } from './node-kernel.ts';
import { catchUpOf, type NetworkOptions, p2pConfig } from './open-network.ts';
import { type RunningNode, type ServeNodeOptions, serveNode } from './serve-node.ts';

/** How far the opening is: of the chain, then blocks that the history lacks, then coins that are sorted by owner. */
export interface StartProgress extends Omit<OpenProgress, 'phase'> {
  readonly phase: OpenProgress['phase'] | 'history' | 'coins';
}

/** Choices for {@link openNode}. */
export interface OpenNodeOptions extends ServeNodeOptions {
  /** What to keep of final blocks; as the folder was used last when left out. */
  readonly storage?: StorageChoice;
  /** Go on from the last whole commit; see `store/lost-tail`. */
  readonly recover?: boolean;
  /** Told how far the opening is. */
  progress?(progress: StartProgress): void;
}

/** Blocks that are executed between two turns of the event loop while a chain is opened. */
const OPEN_STEPS = 32;

/** Opens the chain of a data folder and runs a node on it, with its JSON-RPC server. */
export async function openNode(options: OpenNodeOptions): Promise<Result<RunningNode>> {
  const { folder, recover = false } = options;
  const opened = await openLevelStore({ folder: folder.chainPath, recover });
  if (!opened.ok) return opened;
  const { store } = opened.value;
  const started = await startOnStore(options, store).catch(refusalOfDamage);
  if (!started.ok) await store.close();
  return started;
}

async function startOnStore(options: OpenNodeOptions, store: LevelStore): Promise<Result<RunningNode>> {
  const { spec } = options.folder;
  const consensus = createConsensus(spec);
  const opened = await openChainOf(options, store, consensus);
  if (!opened.ok) return opened;
  const { chain, index, isIndexLate, explorer } = opened.value;
  const config: NodeConfig = {
    production: options.production,
    index,
    lateIndex: isIndexLate ? indexSecret() : undefined,
    mempoolBytesMax: MEMPOOL_BYTES_MAX,
    isMemoryReserved: true,
    checkpointBlocks: CHECKPOINT_BLOCKS,
    p2p: options.network && p2pConfig(catchUpOf(options.folder, options.network), options.network.sync),
  };
  const note = (done: number, total: number) => options.progress?.({ phase: 'coins', done, total });
  const coins = index ? await indexCoins(chain.state.coins, note) : undefined;
  const node = new Node({ spec, config }, { chain, consensus, store, coins });
  return serveNode({ ...options, index: homeOf(explorer, options.folder) }, store, node);
}

/** Where the index of explorers is, if there is one. */
function homeOf(explorer: string, folder: DataFolder): IndexHome | undefined {
  if (explorer === 'none') return undefined;
  return explorer === 'full'
    ? { kind: 'embedded', folder: folder.indexPath }
    : { kind: 'postgres', url: explorer };
}

/** A chain, and what is to be done about its indexes. */
interface OpenedIndexed {
  readonly chain: Chain;
  /** They are kept from the start, or made while the node runs. */
  readonly index: boolean;
  readonly isIndexLate: boolean;
  /** See {@link chooseExplorer}. */
  readonly explorer: string;
}

/** Opens the chain, with the genesis of a new one on disk, and with its history up to the head if that is kept. */
async function openChainOf(
  { folder, progress, log, network, storage: given = {} }: OpenNodeOptions,
  store: LevelStore,
  consensus: Consensus,
): Promise<Result<OpenedIndexed>> {
  const { spec } = folder;
  const storage = chooseStorage(folder, given);
  if (!storage.ok) return storage;
  const shards = chooseCoinShards(folder.settings, given);
  if (!shards.ok) return shards;
  const indexBefore = readIndex(folder.settings);
  if (!indexBefore.ok) return indexBefore;
  const { index: wantsIndex = indexBefore.value !== false } = given;
  const explorer = chooseExplorer(folder.settings, given);
  if (!explorer.ok) return explorer;
  const opening = openChain(
    { spec, checkpointBlocks: CHECKPOINT_BLOCKS, mode: storage.value, limits: CHAIN_LIMITS },
    {
      store,
      consensus,
      verify: SIGNATURES_CHECKED,
      verifySeal: verifySignatureFast,
      kernel: createNodeKernel({ shards: shards.value }),
      index: trailingHistoryIndex,
    },
  );
  let step = opening.next();
  for (let steps = 1; step.done !== true; steps++, step = opening.next()) {
    progress?.(step.value);
    if (steps % OPEN_STEPS === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  if (!step.value.ok) return step.value;
  const { chain, batch, passedOver } = step.value.value;
  logPassedOver(log, passedOver);
  const begin = checkBegin(chain, network, indexBefore.value === 'later');
  if (!begin.ok) return begin;
  const index = wantsIndex && begin.value === 'whole';
  const isIndexLate = wantsIndex && begin.value === 'partly';
  if (wantsIndex && !index)
    log.write({ level: 'info', part: 'chain', message: NO_INDEX[begin.value], fields: {} });
  const note = (done: number, total: number) => progress?.({ phase: 'history', done, total });
  const indexed = index ? await indexHistory(chain, store, note) : OK;
  if (!indexed.ok) return indexed;
  // Before the first block is pruned or goes into no index: the folder says how it is to be opened again.
  const saved = saveStorage(folder, storage.value, {
    coinShards: shards.value,
    index: isIndexLate ? 'later' : index,
    ...(given.explorer === undefined ? {} : { explorer: withoutPassword(given.explorer) }),
  });
  if (!saved.ok) return saved;
  const chosen = { chain, index, isIndexLate, explorer: wantsIndex ? explorer.value : 'none' };
  if (batch.puts.length === 0) return ok(chosen);
  const failure = await new Promise<Refusal | undefined>((resolve) => store.commit(batch, resolve));
  return failure === undefined ? ok(chosen) : { ok: false, error: failure };
}

/** Which blocks a node has that began with a snapshot: all, as any other; not all yet; or never all. */
type Begin = 'whole' | 'partly' | 'never whole';

const NO_INDEX: Readonly<Record<Begin, string>> = {
  whole: '',
  partly: 'the index of transactions and addresses is made when every block is there',
  'never whole': 'a pruned node that begins with a snapshot has no index of transactions and addresses',
};

/**
 * Whether the chain has all blocks, or is going to begin with a snapshot, or waits for the blocks behind one.
 *
 * @param isIndexLate - the index waits for blocks, so the chain began with a snapshot
 * @returns `cli/archive-snapshot` when a snapshot is wanted for an archive, `chain/join-needs-validators` when the
 *   chain cannot begin with one
 */
function checkBegin(chain: Chain, network: NetworkOptions | undefined, isIndexLate: boolean): Result<Begin> {
  const { mode, blocksFrom } = chain.storage;
  const isNew = network?.sync === 'snapshot' && chain.head.height === 0;
  if (isNew && chain.join.unfit !== undefined) return chain.join.unfit;
  if (isNew && !chain.join.isPossible) {
    return refuseCli('cli/archive-snapshot', { mode, sync: 'snapshot' });
  }
  if (mode === 'pruned' && (isNew || (isIndexLate && blocksFrom > 1))) return ok('never whole');
  return ok(isNew || chain.past.missing > 0 ? 'partly' : 'whole');
}

/** Nothing is lost by a damaged checkpoint, but the disk may damage other things too. */
function logPassedOver(log: Log, passedOver: readonly Refusal[]): void {
  for (const { rule, evidence } of passedOver) {
    const message = 'a checkpoint is damaged and was passed over; blocks were executed again instead';
    log.write({ level: 'warn', part: 'chain', message, fields: { rule, ...evidence } });
  }
}
