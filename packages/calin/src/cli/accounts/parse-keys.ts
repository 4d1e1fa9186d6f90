import { parseHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { type AccountPlace, findPublicKey } from './find-account.ts';

/** A key that a person named: an account, or 64 hexadecimal digits. */
export function parseKey(text: string, place: AccountPlace): Result<PublicKey> {
  const key = text.length === 64 ? parseHex(text) : undefined;
  return key === undefined ? findPublicKey(text, place) : ok(key);
}

/** Keys with commas between them. */
export function parseKeys(text: string, place: AccountPlace): Result<readonly PublicKey[]> {
  const keys: PublicKey[] = [];
  for (const part of text.split(',')) {
    const key = parseKey(part.trim(), place);
    if (!key.ok) return key;
    keys.push(key.value);
  }
  return ok(keys);
}
