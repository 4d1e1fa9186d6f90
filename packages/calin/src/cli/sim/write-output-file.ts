import { writeFileSync } from 'node:fs';
import { OK, type Result } from '@calin/core/base/result.ts';
import { refuseCli } from '../rules.ts';

/** Writes a file that somebody asked for. Refuses by `cli/file`. */
export function writeOutputFile(path: string, text: string): Result<undefined> {
  try {
    writeFileSync(path, text);
    return OK;
  } catch (error) {
    return refuseCli('cli/file', { path, reason: (error as Error).message });
  }
}

/** Makes an empty file, so that one that cannot be written is refused before the work. Refuses by `cli/file`. */
export function openOutputFile(path: string): Result<undefined> {
  return writeOutputFile(path, '');
}
