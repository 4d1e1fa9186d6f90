import { readFileSync } from 'node:fs';
import { type Failure, ok, type Result } from '@calin/core/base/result.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import { formatGenesisFile, parseGenesisFile, parseGenesisSeeds } from '@calin/core/spec/genesis-file.ts';
import type { GenesisFile } from '@calin/core/spec/genesis-schema.ts';
import { createDataFolder } from '../adapters/data-folder.ts';
import { chooseDevSpec } from '../host/dev-network.ts';
import { ioFailure } from './accounts/key-files.ts';
import { refuseCli } from './rules.ts';

/** What a genesis file says: the spec, and what stands beside it. */
export interface GenesisInput {
  readonly spec: ChainSpec;
  readonly seeds: readonly string[];
}

/** Reads and checks a genesis file. */
export function readGenesisFile(path: string): Result<GenesisInput> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return ioFailure(path, error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuseCli('cli/file', {
      file: path,
      why: error instanceof Error ? error.message : 'it is not JSON',
    });
  }
  const spec = parseGenesisFile(json);
  const seeds = parseGenesisSeeds(json);
  if (spec.ok && seeds.ok) return ok({ spec: spec.value, seeds: seeds.value });
  const { error } = spec.ok ? (seeds as Failure) : spec;
  return { ok: false, error: { ...error, evidence: { file: path, ...error.evidence } } };
}

/** Makes the data folder of the chain that a genesis file describes. */
export function createGenesisFolder(path: string, { spec, seeds }: GenesisInput): Result<undefined> {
  return createDataFolder(path, spec, seeds.length === 0 ? {} : { seeds });
}

/** A complete genesis file that works: the chain of `calin dev` with a consensus, every default written out. */
export function exampleGenesis(genesisTimeMs: number, consensus: PresetName): Result<GenesisFile> {
  const spec = chooseDevSpec(genesisTimeMs, { consensus });
  return spec.ok ? ok(formatGenesisFile(spec.value)) : spec;
}
