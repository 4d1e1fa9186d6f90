import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toHex } from '@calin/core/base/bytes.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import type { BenchProgress } from '../bench.ts';
import { benchSpec } from './bench-spec.ts';
import { ChainFile } from './chain-file.ts';
import { type ChainSize, checkChainSize } from './chain-size.ts';

/** Bump it when {@link makeChain} makes other blocks of the same size, so that kept ones are not taken for them. */
const MAKER_VERSION = 1;
/** Chains of earlier runs: enough for the usual sizes, gone when nobody asks for them for a week. */
const KEPT_BYTES_MAX = 4 * 1024 ** 3;
const KEPT_MS_MAX = 7 * 24 * 3600 * 1000;
/** Where the rules of the chain are kept as a tree of objects, a million coins take more than Node gives by default. */
const HEAP_MIB = 12_288;

/** A chain on disk, ready to be read from its first block. */
export interface BenchChain {
  readonly spec: ChainSpec;
  readonly folder: string;
  open(): ChainFile;
  /** Forgets it: for a chain that a node has refused, which may be one of older rules. */
  forget(): void;
}

/** Choices for {@link obtainChain}. */
export interface ObtainOptions {
  /** Make it anew even when it is there. */
  readonly fresh: boolean;
  /** Where chains are kept; a folder of the system's folder for temporary files when left out. */
  readonly root?: string;
}

/**
 * Finds the chain of a size among those of earlier runs, or makes it in a process of its own. Those that are old or
 * too many are removed.
 *
 * @throws Error on a size that cannot be
 */
export async function obtainChain(
  size: ChainSize,
  { fresh, root = join(tmpdir(), 'calin-bench-chains') }: ObtainOptions,
  progress: BenchProgress,
): Promise<BenchChain> {
  const wrong = checkChainSize(size);
  if (wrong !== undefined) throw new Error(wrong);
  const spec = benchSpec(size);
  const folder = join(root, nameOf(size, spec));
  if (fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  if (!existsSync(folder)) await generate(size, folder, progress);
  utimesSync(folder, new Date(), new Date());
  removeOld(root, folder);
  const forget = () => rmSync(folder, { recursive: true, force: true });
  return { spec, folder, open: () => new ChainFile(folder), forget };
}

/** The id of the chain is part of the name, for it follows from the rules and encodings of the genesis. */
function nameOf({ coins, blocks, transfers, respend, multisig }: ChainSize, spec: ChainSpec): string {
  const id = toHex(createGenesis(spec).block.id).slice(0, 16);
  const kind = `${respend ? 'respend' : 'apart'}${multisig === true ? '-multisig' : ''}`;
  return [`v${MAKER_VERSION}`, coins, blocks, transfers, kind, id].join('-');
}

async function generate(size: ChainSize, folder: string, progress: BenchProgress): Promise<void> {
  const partial = `${folder}.${process.pid}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  const script = fileURLToPath(new URL('./generate-chain.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MIB}`, script, partial, JSON.stringify(size)],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  child.on('message', ([done, total]: [number, number]) => progress(done, total, 'making the chain'));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`the chain could not be made: its process ended with ${code}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Removes chains that nobody has asked for in a long time, and the oldest ones beyond the bytes that are kept. */
function removeOld(root: string, inUse: string): void {
  const kept = readdirSync(root)
    .map((name) => join(root, name))
    .map((path) => ({ path, ...usageOf(path) }))
    .toSorted((a, b) => b.usedMs - a.usedMs);
  let bytes = 0;
  for (const chain of kept) {
    bytes += chain.bytes;
    if (chain.path === inUse) continue;
    const tooOld = Date.now() - chain.usedMs > KEPT_MS_MAX;
    if (tooOld || bytes > KEPT_BYTES_MAX) rmSync(chain.path, { recursive: true, force: true });
  }
}

/** When a folder was used last and how large it is; another benchmark may be removing it at this moment. */
function usageOf(folder: string): { readonly usedMs: number; readonly bytes: number } {
  const usedMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sizes = ['blocks', 'chain.json'].map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return { usedMs, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
