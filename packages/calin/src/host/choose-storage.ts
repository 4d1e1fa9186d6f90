import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { StorageMode } from '@calin/core/chain/storage-mode.ts';
import type { DataFolder, NodeSettings } from '../adapters/data-folder.ts';
import { refuseCli } from '../cli/rules.ts';
import { refuseAdapter } from '../rules.ts';

/** The modes by the names that people use. */
const STORAGE_MODES = ['full', 'pruned', 'archive'] as const;

/** Blocks that a pruned node keeps unless it is told otherwise: a day of ten-second blocks, rounded up. */
const PRUNE_BLOCKS = 10_000;

/**
 * Blocks between two checkpoints of the state: replaying as many of the usual size takes well below a second, so
 * starting stays quick after a crash too.
 */
export const CHECKPOINT_BLOCKS = 500;

/** What somebody asked for; what is left out stays as it was. */
export interface StorageChoice {
  readonly mode?: string | undefined;
  readonly pruneBlocks?: number | undefined;
  readonly coinShards?: number | undefined;
  /** Keep the index of transactions and addresses, and that of coins. */
  readonly index?: boolean | undefined;
  /** Where to keep the index of explorers: `none`, `full` for this folder, or the address of a PostgreSQL database. */
  readonly explorer?: string | undefined;
  /** The same for a folder that says nothing of it; none when left out. */
  readonly explorerOtherwise?: 'full' | undefined;
}

/** Memories for coins that a node may have. */
const COIN_SHARDS_MAX = 256;

/**
 * The mode in which a folder is to be opened: what is asked for, else what its node.json says, else full, or archive on
 * a development chain, which can go back to any block.
 *
 * @returns `folder/malformed` when node.json says nonsense, `cli/option-value` when the choice contradicts itself
 */
export function chooseStorage({ settings, spec }: DataFolder, choice: StorageChoice): Result<StorageMode> {
  const { mode = spec.dev ? 'archive' : 'full', pruneBlocks } = settings;
  const kept = readBlocks(pruneBlocks);
  const isKnown = STORAGE_MODES.some((known) => known === mode);
  if (!isKnown) return malformed('settings.mode', STORAGE_MODES.join(' or '));
  if (pruneBlocks !== undefined && kept === undefined) return malformed('settings.pruneBlocks', 'a number');
  const name = choice.mode ?? mode;
  if (name === 'pruned') return ok({ kind: name, blocks: choice.pruneBlocks ?? kept ?? PRUNE_BLOCKS });
  if (choice.pruneBlocks !== undefined) {
    const why = 'it goes with --mode pruned';
    return refuseCli('cli/option-value', { option: '--prune-blocks', got: choice.pruneBlocks, why });
  }
  return ok({ kind: name === 'archive' ? 'archive' : 'full' });
}

/** Notes in the folder's node.json what was chosen, so that it is opened in the same way again. */
export function saveStorage(
  folder: DataFolder,
  storage: StorageMode,
  {
    coinShards = folder.settings['coinShards'] ?? 1,
    index = folder.settings['index'] ?? true,
    explorer = folder.settings['explorer'],
  }: { readonly coinShards?: unknown; readonly index?: unknown; readonly explorer?: unknown } = {},
): Result<undefined> {
  const {
    mode,
    pruneBlocks,
    coinShards: shardsBefore = 1,
    index: indexBefore = true,
    explorer: explorerBefore,
    ...others
  } = folder.settings;
  const blocks = storage.kind === 'pruned' ? storage.blocks : undefined;
  const isSameMode = mode === storage.kind && pruneBlocks === blocks;
  const isSameIndex = indexBefore === index && explorerBefore === explorer;
  if (isSameMode && shardsBefore === coinShards && isSameIndex) return ok(undefined);
  const settings: NodeSettings = {
    ...others,
    mode: storage.kind,
    ...(blocks === undefined ? {} : { pruneBlocks: blocks }),
    ...(coinShards === 1 ? {} : { coinShards }),
    ...(index === true ? {} : { index }),
    ...(explorer === undefined ? {} : { explorer }),
  };
  return folder.saveSettings(settings);
}

/**
 * Memories for coins: as many as are asked for, else as node.json says, else one.
 *
 * @returns `folder/malformed` when node.json says nonsense, `cli/option-value` when the choice is no power of two
 */
export function chooseCoinShards(settings: NodeSettings, choice: StorageChoice): Result<number> {
  const { coinShards = 1 } = settings;
  if (!isShardCount(coinShards)) return malformed('settings.coinShards', POWER_OF_TWO);
  const chosen = choice.coinShards ?? coinShards;
  if (isShardCount(chosen)) return ok(chosen);
  return refuseCli('cli/option-value', {
    option: '--coin-shards',
    got: chosen,
    why: `it is ${POWER_OF_TWO}`,
  });
}

/**
 * What node.json says of the index: kept, unless it was switched off, or later: wanted, once all blocks are there.
 * Refuses by `folder/malformed`.
 */
export function readIndex({ index = true }: NodeSettings): Result<boolean | 'later'> {
  const isKnown = typeof index === 'boolean' || index === 'later';
  return isKnown ? ok(index) : malformed('settings.index', 'true, false or "later"');
}

/**
 * Where the index of explorers is kept: as asked for, else as node.json says, else as `explorerOtherwise` says.
 *
 * @returns `none`, `full` or the address of a database; `folder/malformed` when node.json says nonsense
 */
export function chooseExplorer({ explorer }: NodeSettings, choice: StorageChoice): Result<string> {
  const isKnown = explorer === undefined || (typeof explorer === 'string' && isExplorer(explorer));
  if (!isKnown) return malformed('settings.explorer', 'none, full or the address of a database');
  return ok(choice.explorer ?? explorer ?? choice.explorerOtherwise ?? 'none');
}

/** A choice as node.json keeps it: the password of a database is not written down. */
export function withoutPassword(explorer: string): string {
  return explorer.replace(/^(postgres(?:ql)?:\/\/[^:@/]*):[^@/]*@/, '$1@');
}

function isExplorer(text: string): boolean {
  return text === 'none' || text === 'full' || /^postgres(?:ql)?:\/\//.test(text);
}

const POWER_OF_TWO = `a power of two up to ${COIN_SHARDS_MAX}`;

function isShardCount(value: unknown): value is number {
  return (
    typeof value === 'number' && value >= 1 && value <= COIN_SHARDS_MAX && Number.isInteger(Math.log2(value))
  );
}

function readBlocks(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function malformed(field: string, expected: string): Result<never> {
  return refuseAdapter('folder/malformed', { file: 'node.json', field, expected });
}
