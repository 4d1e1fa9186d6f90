import { readFileSync } from 'node:fs';
import {
  type CheckpointJson,
  type LightCheckpoint,
  parseCheckpoint,
} from '@calin/client/light/checkpoint.ts';
import type { Failure, Result } from '@calin/core/base/result.ts';
import { OK } from '@calin/core/base/result.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { writeDurably } from '../../adapters/durable-file.ts';
import { ioFailure } from '../accounts/key-files.ts';
import { refuseCli } from '../rules.ts';

/** Reads a file that {@link writeCheckpointFile} or a person wrote. */
export function readCheckpointFile(path: string, chainId: Hash): Result<LightCheckpoint> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return refuseCli('cli/file', { file: path, why: error.message });
    return ioFailure(path, error);
  }
  const parsed = parseCheckpoint(json, chainId);
  return parsed.ok ? parsed : inFile(path, parsed);
}

/** Writes a checkpoint so that it is whole or not there. */
export function writeCheckpointFile(path: string, checkpoint: CheckpointJson): Result<undefined> {
  try {
    writeDurably(path, `${JSON.stringify(checkpoint, undefined, 2)}\n`);
    return OK;
  } catch (error) {
    return ioFailure(path, error);
  }
}

function inFile(path: string, { error }: Failure): Failure {
  return { ok: false, error: { ...error, evidence: { file: path, ...error.evidence } } };
}
