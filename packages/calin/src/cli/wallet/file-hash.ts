import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fromHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { ioFailure } from '../accounts/key-files.ts';
import { parseHash } from '../parse-hash.ts';
import { refuseCli } from '../rules.ts';

/** The SHA-256 of a file of any size, or the hash that was given in its place. */
export async function hashOf(
  file: string | undefined,
  given: string | undefined,
): Promise<Result<Uint8Array>> {
  if ((file === undefined) === (given === undefined)) {
    return refuseCli('cli/missing', { expected: 'either FILE or --hash HEX' });
  }
  if (given !== undefined) {
    const hash = parseHash(given);
    return hash.ok ? ok(fromHex(hash.value)) : hash;
  }
  const path = file ?? '';
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return ok(new Uint8Array(hash.digest()));
  } catch (error) {
    return ioFailure(path, error);
  }
}
