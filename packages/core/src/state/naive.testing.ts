import { blake3 } from '@noble/hashes/blake3.js';
import type { Hash } from '../crypto/hash.ts';

/** An entry as the definition sees it: a key and the hash of its value, both 32 bytes. */
export interface NaiveEntry {
  readonly key: Hash;
  readonly valueHash: Hash;
}

/**
 * The root of a map, computed straight from docs/reference/state.md#tree with nothing but BLAKE3: from all entries,
 * without a tree, at a cost that no node could pay. The real tree is held against it.
 */
export function naiveRoot(entries: readonly NaiveEntry[], depth = 0): Hash {
  if (entries.length === 0) return new Uint8Array(32);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) return naiveHash('state-leaf', first.key, first.valueHash);
  const bits = (side: string) =>
    entries.filter(
      ({ key }) => [...key].map((byte) => byte.toString(2).padStart(8, '0')).join('')[depth] === side,
    );
  return naiveHash('state-node', naiveRoot(bits('0'), depth + 1), naiveRoot(bits('1'), depth + 1));
}

/** BLAKE3 of all parts in a row, keyed by BLAKE3("calin/1/" + domain). */
export function naiveHash(domain: string, ...parts: readonly Uint8Array[]): Hash {
  const key = blake3(new TextEncoder().encode(`calin/1/${domain}`));
  return blake3(Uint8Array.from(parts.flatMap((part) => [...part])), { key });
}

/** The 56 bytes of a coin, written with BigInt so that nothing is shared with the codec. */
export function naiveCoin(coin: {
  readonly asset: number;
  readonly amount: number;
  readonly address: Uint8Array;
  readonly height: number;
  readonly index: number;
  readonly reward: boolean;
}): Uint8Array {
  const little = (value: number, length: number) =>
    Array.from({ length }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
  const origin = coin.index * 2 + Number(coin.reward);
  return Uint8Array.from([
    ...little(coin.asset, 8),
    ...little(coin.amount, 8),
    ...coin.address,
    ...little(coin.height, 4),
    ...little(origin, 4),
  ]);
}
