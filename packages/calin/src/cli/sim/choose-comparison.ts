import { readFileSync } from 'node:fs';
import { ok, type Result } from '@calin/core/base/result.ts';
import { PRESET_NAMES, type PresetName } from '@calin/core/spec/consensus-presets.ts';
import { type FaultsFile, parseFaultsFile } from '@calin/sim/compare/faults-file.ts';
import { ioFailure } from '../accounts/key-files.ts';
import { refuseCli } from '../rules.ts';
import { checkSimConsensus } from './find-scenario.ts';

/** Which presets are compared, and which of all of them cannot be. */
export interface ChosenPresets {
  readonly chosen: readonly PresetName[];
  readonly refused: readonly PresetName[];
}

/**
 * Reads `all` or a list of names. Of all those that nodes cannot run are left out; one that is named is refused, by a
 * rule of genesis files, or by `cli/option-value` when there is none of that name.
 */
export function choosePresets(text: string): Result<ChosenPresets> {
  if (text === 'all') {
    const chosen = PRESET_NAMES.filter((name) => checkSimConsensus(name).ok);
    return ok({ chosen, refused: PRESET_NAMES.filter((name) => !chosen.includes(name)) });
  }
  const chosen: PresetName[] = [];
  for (const word of text.split(',')) {
    const name = PRESET_NAMES.find((one) => one === word.trim());
    if (name === undefined) {
      const expected = `all, or some of ${PRESET_NAMES.join(', ')}`;
      return refuseCli('cli/option-value', { option: '--consensus', got: word.slice(0, 40), expected });
    }
    const fits = checkSimConsensus(name);
    if (!fits.ok) return fits;
    if (!chosen.includes(name)) chosen.push(name);
  }
  return ok({ chosen, refused: [] });
}

/** Reads a file of faults; without one nothing goes wrong. Refuses by `cli/file` or `faults/…`. */
export function readFaults(path: string | undefined): Result<FaultsFile> {
  if (path === undefined) return ok({ faults: [] });
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return refuseCli('cli/file', { file: path, why: error.message });
    return ioFailure(path, error);
  }
  return parseFaultsFile(json);
}
