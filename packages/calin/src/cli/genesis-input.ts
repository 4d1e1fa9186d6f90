import { readFileSync } from 'node:fs';
import type { Result } from '@calin/core/base/result.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { formatGenesisFile, parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import type { GenesisFile } from '@calin/core/spec/genesis-schema.ts';
import { createDevSpec } from '../host/dev-network.ts';
import { ioFailure } from './accounts/key-files.ts';
import { refuseCli } from './rules.ts';

/** Reads and checks a genesis file. */
export function readGenesisFile(path: string): Result<ChainSpec> {
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
  if (spec.ok) return spec;
  return { ok: false, error: { ...spec.error, evidence: { file: path, ...spec.error.evidence } } };
}

/** A complete genesis file that works: the chain of `calin dev`, or one whose blocks take work, with every default
 * written out. */
export function exampleGenesis(genesisTimeMs: number, production: 'poa' | 'pow'): GenesisFile {
  return formatGenesisFile(createDevSpec(genesisTimeMs, production));
}
