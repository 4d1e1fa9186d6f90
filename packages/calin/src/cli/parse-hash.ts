import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseCli } from './rules.ts';

/** An id or a hash of 32 bytes, in lower case. */
export function parseHash(text: string): Result<string> {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return ok(text.toLowerCase());
  return refuseCli('cli/hex', { got: text.slice(0, 80), length: text.length });
}
