import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { parseBech32m } from '../codec/bech32m.ts';
import type { Address } from '../primitives/address.ts';
import { refuseGenesis } from './rules.ts';

/**
 * The address that a text of a genesis file stands for. Refuses by `genesis/address` or `genesis/address-network`.
 *
 * @param expected - the prefix of the addresses of this chain
 * @param path - where the text stands
 */
export function parseOwner(text: string, expected: string, path: string): Result<Address> {
  const parsed = parseBech32m(text);
  if (!parsed.ok) return refuseGenesis('genesis/address', { ...parsed.error.evidence, path, got: text });
  const { prefix, bytes } = parsed.value;
  if (prefix !== expected) return refuseGenesis('genesis/address-network', { path, got: prefix, expected });
  return bytes.length === 32
    ? ok(bytes)
    : refuseGenesis('genesis/address', { path, got: `${bytes.length} bytes`, expected: '32 bytes' });
}
