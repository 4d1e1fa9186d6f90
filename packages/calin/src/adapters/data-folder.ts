import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Evidence, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { anyValue, hex, integer, object } from '@calin/core/base/schema.ts';
import { type ChainSpec, specHash } from '@calin/core/spec/chain-spec.ts';
import { formatGenesisFile, parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { refuseAdapter } from '../rules.ts';
import { syncFolder, writeDurably } from './durable-file.ts';
import { acquireFolderLock } from './folder-lock.ts';

/** The layout that this version writes and reads. A change of a file's meaning raises it. */
export const DATA_FORMAT = 1;

/** A file larger than this is not one of ours; a genesis file of 100,000 allocations is a tenth of it. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** The files and folders of a data folder; docs/reference/storage.md describes them. */
const NAMES = {
  node: 'node.json',
  genesis: 'genesis.json',
  chain: 'chain',
  index: 'index',
  keystore: 'keystore',
  networkKey: 'network.key',
  lock: 'lock',
} as const;

/** A data folder that this process holds. */
export interface DataFolder {
  readonly path: string;
  /** The chain, as genesis.json gives it. */
  readonly spec: ChainSpec;
  /** The chain's id: the hash of its spec, in hex. */
  readonly chainId: string;
  /** What node.json says about this node alone, unchecked. */
  readonly settings: NodeSettings;
  /** The folder of the store. */
  readonly chainPath: string;
  /** The folder of the index of explorers; not there unless it is kept. */
  readonly indexPath: string;
  /** The folder of encrypted keys. */
  readonly keystorePath: string;
  /** The file of the key by which peers know this node; made when it first needs one. */
  readonly networkKeyPath: string;
  /** Replaces the settings in node.json, or says why it cannot. */
  saveSettings(settings: NodeSettings): Result<undefined>;
  /** Gives the lock back. */
  close(): void;
}

/** This node's own choices; never part of the chain. The command line checks them. */
export type NodeSettings = Readonly<Record<string, unknown>>;

/**
 * Makes a data folder. It is one when node.json is there, which comes last, so an interrupted call can be repeated.
 *
 * @returns the refusal `folder/exists`, `folder/not-empty` or `folder/io` otherwise
 */
export function createDataFolder(
  path: string,
  spec: ChainSpec,
  settings: NodeSettings = {},
): Result<undefined> {
  return guarded(path, () => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const names = readdirSync(path);
    if (names.includes(NAMES.node)) return refuseAdapter('folder/exists', { folder: path });
    const foreign = names.find((name) => !isOurs(name));
    if (foreign !== undefined) return refuseAdapter('folder/not-empty', { folder: path, file: foreign });
    mkdirSync(join(path, NAMES.chain), { recursive: true, mode: 0o700 });
    mkdirSync(join(path, NAMES.keystore), { recursive: true, mode: 0o700 });
    const genesis = `${JSON.stringify(formatGenesisFile(spec), undefined, 2)}\n`;
    writeDurably(join(path, NAMES.genesis), genesis, 0o644);
    writeNode(path, toHex(specHash(spec)), settings);
    syncFolder(path);
    return ok(undefined);
  });
}

/**
 * Opens a data folder for this process alone, after checking that all of it speaks of one chain.
 *
 * @param chainId - the id, in hex, of the chain that is expected; any when left out
 * @returns the folder, or `folder/not-found`, `store/locked`, `folder/format-version`, `folder/malformed`,
 *   `folder/other-chain`, `folder/io`
 */
export function openDataFolder(path: string, chainId?: string): Result<DataFolder> {
  return guarded(path, () => {
    const node = readNode(path);
    if (!node.ok) return node;
    const { chain, settings } = node.value;
    if (chainId !== undefined && chainId !== chain) {
      return refuseAdapter('folder/other-chain', { folder: path, got: chain, expected: chainId });
    }
    const spec = readGenesis(path, chain);
    if (!spec.ok) return spec;
    const lock = acquireFolderLock(join(path, NAMES.lock));
    if (!lock.ok) return lock;
    return ok({
      path,
      spec: spec.value,
      chainId: chain,
      settings,
      chainPath: join(path, NAMES.chain),
      indexPath: join(path, NAMES.index),
      keystorePath: join(path, NAMES.keystore),
      networkKeyPath: join(path, NAMES.networkKey),
      saveSettings: (changed) =>
        guarded(path, () => {
          writeNode(path, chain, changed);
          return ok(undefined);
        }),
      close: () => lock.value.release(),
    });
  });
}

/**
 * The chain of a data folder and the settings of its node, read without taking the folder from a node that may run in
 * it.
 *
 * @returns both, or `folder/not-found`, `folder/format-version`, `folder/malformed`, `folder/io`
 */
export function readFolder(path: string): Result<Pick<DataFolder, 'spec' | 'settings'>> {
  return guarded(path, () => {
    const node = readNode(path);
    if (!node.ok) return node;
    const spec = readGenesis(path, node.value.chain);
    return spec.ok ? ok({ spec: spec.value, settings: node.value.settings }) : spec;
  });
}

interface NodeFile {
  readonly format: number;
  readonly chain: string;
  readonly settings: NodeSettings;
}

const NODE_FILE = object('What node.json holds.', {
  format: integer('The layout of the folder.', 1),
  chain: hex('The hash of the chain’s spec.', { bytes: 32 }),
  settings: anyValue('What this node was told.'),
});

function writeNode(path: string, chain: string, settings: NodeSettings): void {
  const file: NodeFile = { format: DATA_FORMAT, chain, settings };
  writeDurably(join(path, NAMES.node), `${JSON.stringify(file, undefined, 2)}\n`);
}

function readNode(path: string): Result<NodeFile> {
  const json = readJson(path, NAMES.node);
  if (!json.ok) return json;
  // The format comes first: a later one may have other fields.
  const format: unknown = isRecord(json.value) ? json.value['format'] : undefined;
  if (typeof format === 'number' && format !== DATA_FORMAT) {
    return refuseAdapter('folder/format-version', { folder: path, got: format, expected: DATA_FORMAT });
  }
  const parsed = NODE_FILE.parse(json.value, NAMES.node);
  if (!parsed.ok) return malformed(NAMES.node, { why: parsed.error.message, ...parsed.error.evidence });
  const { settings } = parsed.value;
  return isRecord(settings)
    ? ok({ format: parsed.value.format, chain: parsed.value.chain, settings })
    : malformed(NAMES.node, { why: 'settings is not an object' });
}

function readGenesis(path: string, chain: string): Result<ChainSpec> {
  const json = readJson(path, NAMES.genesis);
  if (!json.ok) return json;
  const spec = parseGenesisFile(json.value);
  if (!spec.ok) return malformed(NAMES.genesis, { why: spec.error.message, ...spec.error.evidence });
  const got = toHex(specHash(spec.value));
  if (got === chain) return spec;
  return malformed(NAMES.genesis, {
    why: 'it is not the genesis of the chain in node.json',
    got,
    expected: chain,
  });
}

/** Without its file a folder is not a chain's; with one that is not JSON it is damaged. */
function readJson(path: string, name: string): Result<unknown> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(path, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return name === NAMES.node
      ? refuseAdapter('folder/not-found', { folder: path })
      : malformed(name, { why: 'it is missing' });
  }
  if (bytes.length > FILE_BYTES_MAX) return malformed(name, { got: bytes.length, expected: FILE_BYTES_MAX });
  try {
    return ok(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    return malformed(name, { why: error instanceof Error ? error.message : String(error) });
  }
}

function isOurs(name: string): boolean {
  return Object.values(NAMES).some((ours) => name === ours || name === `${ours}.new`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(file: string, evidence: Evidence): Result<never> {
  return refuseAdapter('folder/malformed', { file, ...evidence });
}

/** Turns the system's errors into a refusal. */
function guarded<T>(path: string, run: () => Result<T>): Result<T> {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return refuseAdapter('folder/io', { folder: path, why: error.message });
  }
}
