import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { devAccounts, devAuthority } from '@calin/client/keys/dev-accounts.ts';
import type { Amount } from '@calin/core/base/amount.ts';
import { HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { type DevOptions, devSpec, parseDevSpec } from '@calin/core/spec/presets.ts';
import { createDataFolder } from '../adapters/data-folder.ts';
import { acquireFolderLock } from '../adapters/folder-lock.ts';
import { refuseCli } from '../cli/rules.ts';

/** What each of the ten accounts owns at the start. */
const DEV_BALANCE = (10_000 * HUGS_PER_CALIN) as Amount;

/** What a chain's folder holds beside the keys; everything here can be made anew. */
const CHAIN_FILES = ['node.json', 'genesis.json', 'chain', 'index', 'rpc.json', 'lock'];

/** What of a development chain may be chosen. */
export type DevChoices = Omit<DevOptions, 'authority' | 'genesisTimeMs' | 'allocations'>;

/** The spec of a development chain that begins now: ten funded accounts and one authority. */
export function createDevSpec(genesisTimeMs: number): ChainSpec {
  return devSpec(devOptions(genesisTimeMs, {}));
}

/** The same with a consensus of one's choice. Refuses, by a rule of the genesis file, what does not go together. */
export function chooseDevSpec(genesisTimeMs: number, choices: DevChoices): Result<ChainSpec> {
  return parseDevSpec(devOptions(genesisTimeMs, choices));
}

function devOptions(genesisTimeMs: number, choices: DevChoices): DevOptions {
  const allocations = devAccounts().map(({ address }) => ({ address, amount: DEV_BALANCE }));
  return { ...choices, authority: devAuthority().publicKey, genesisTimeMs, allocations };
}

/** Makes the folder of a development chain, unless there is a chain in it already. */
export function ensureDevFolder(path: string, nowMs: number, choices: DevChoices = {}): Result<undefined> {
  if (existsSync(join(path, 'node.json'))) return ok(undefined);
  const spec = chooseDevSpec(nowMs, choices);
  return spec.ok ? createDataFolder(path, spec.value) : spec;
}

/**
 * Removes the chain of a folder and keeps the keys, which nothing could bring back. Refuses to touch a folder that
 * a process holds, or that has files which no node made.
 */
export function removeChain(path: string): Result<undefined> {
  if (!existsSync(path)) return ok(undefined);
  const known = [...CHAIN_FILES, 'keystore', 'api-keys.json', 'network.key', 'calin.json'];
  // A verification that was killed leaves its copy behind.
  const isOurs = (name: string) => known.includes(name.replace(/\.new$/, '')) || name.startsWith('verify-');
  const names = readdirSync(path);
  const foreign = names.find((name) => !isOurs(name));
  if (foreign !== undefined) return refuseCli('cli/not-ours', { folder: path, file: foreign });
  const lock = acquireFolderLock(join(path, 'lock'));
  if (!lock.ok) return lock;
  // node.json goes first: without it what is left is no chain, so an interrupted removal can be repeated.
  const copies = names.filter((name) => name.startsWith('verify-'));
  for (const name of [...CHAIN_FILES, ...copies]) rmSync(join(path, name), { recursive: true, force: true });
  lock.value.release();
  return ok(undefined);
}
