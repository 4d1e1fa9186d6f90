import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { ADDRESS_PREFIXES } from '@calin/core/spec/prefixes.ts';
import { refuseAdapter } from '../../rules.ts';
import { defaultDataFolder } from '../parse-options.ts';

/** What keys and addresses depend on. */
export interface Network {
  /** The chain of the data folder; undefined when there is none yet. */
  readonly spec: ChainSpec | undefined;
  readonly addressPrefix: string;
  /** A development network: its coins have no value. */
  readonly dev: boolean;
}

/** The data folder that a command works in. */
export function dataFolderOf(options: { readonly data: string | undefined }): string {
  return resolve(options.data ?? defaultDataFolder());
}

/** The keystore that a command works with. */
export function keystoreOf(options: {
  readonly data: string | undefined;
  readonly keystore: string | undefined;
}): string {
  return resolve(options.keystore ?? join(dataFolderOf(options), 'keystore'));
}

/**
 * The network of a data folder, read without taking it from a node that runs. A folder without a chain is taken for
 * that of a development chain which has not been started yet.
 */
export function readNetwork(folder: string): Result<Network> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(folder, 'genesis.json'), 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return ok({ spec: undefined, addressPrefix: ADDRESS_PREFIXES.dev, dev: true });
    }
    return refuseAdapter('folder/malformed', { file: 'genesis.json', why: message });
  }
  const spec = parseGenesisFile(json);
  if (!spec.ok) {
    const { message, evidence } = spec.error;
    return refuseAdapter('folder/malformed', { file: 'genesis.json', why: message, ...evidence });
  }
  return ok({ spec: spec.value, addressPrefix: spec.value.addressPrefix, dev: spec.value.dev });
}
