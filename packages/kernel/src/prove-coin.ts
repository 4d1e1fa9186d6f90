import { type Hash, hash, hashPair, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import { COIN_BYTES } from '@calin/core/state/coin.ts';
import { proveKey, type TreeProof } from '@calin/core/state/proof.ts';
import { bitAt, emptyTree, type TreeChange, updateTree } from '@calin/core/state/tree.ts';
import { type CoinShard, FORK, type Head } from './coin-shard.ts';

/** A subtree: its hash, and whether it holds nothing, one entry, or more. */
export interface Subtree {
  readonly hash: Hash;
  readonly entries: 0 | 1 | 2;
}

const ENTRY_BYTES = 32 + COIN_BYTES;

/** The subtree of a shard; brings its hashes up to date. */
export function shardSubtree(shard: CoinShard): Subtree {
  return { hash: shard.root(), entries: Math.min(shard.size, 2) as 0 | 1 | 2 };
}

/**
 * The tree over the shards: the subtrees of each level, from the root to the shards.
 *
 * @param shards - in the order of their keys, a power of two
 */
export function shardLevels(shards: readonly Subtree[]): Subtree[][] {
  const levels = [[...shards]];
  for (let level = levels[0] as Subtree[]; level.length > 1; level = levels[0] as Subtree[]) {
    const above: Subtree[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(join(level[i] as Subtree, level[i + 1] as Subtree));
    levels.unshift(above);
  }
  return levels;
}

/**
 * The proof of a key: first through the levels over the shards, then through the heap of its shard, then through what
 * hangs on its bucket.
 *
 * @param levels - {@link shardLevels}, up to date
 * @param first - the first entry at or after a key, for a subtree of one entry
 */
export function proveCoin(
  levels: readonly (readonly Subtree[])[],
  shards: readonly CoinShard[],
  key: Hash,
  first: (from: Hash) => Uint8Array,
): TreeProof {
  const siblings: Hash[] = [];
  let [index, depth] = [0, 0];
  while (depth < levels.length - 1 && subtreeAt(levels, depth, index).entries === 2) {
    index = 2 * index + bitAt(key, depth);
    depth++;
    siblings.push(subtreeAt(levels, depth, index ^ 1).hash);
  }
  const { entries } = subtreeAt(levels, depth, index);
  if (entries < 2) return proveIn(entries === 0 ? [] : [first(prefixOf(key, depth))], siblings, key);
  const shard = shards[index] as CoinShard;
  return proveInShard(shard, siblings, key, first);
}

function subtreeAt(levels: readonly (readonly Subtree[])[], depth: number, index: number): Subtree {
  return (levels[depth] as readonly Subtree[])[index] as Subtree;
}

function proveInShard(
  shard: CoinShard,
  siblings: Hash[],
  key: Hash,
  first: (from: Hash) => Uint8Array,
): TreeProof {
  const { buckets } = shard;
  let h = 1;
  for (; h < buckets; ) {
    const { tag } = shard.headOf(h);
    if (tag < 2) return proveIn(tag === 0 ? [] : [first(prefixOf(key, siblings.length))], siblings, key);
    h = 2 * h + bitAt(key, siblings.length);
    siblings.push(shard.hashOf(h ^ 1));
  }
  let head = shard.headOf(h);
  while (head.tag === FORK) {
    const side = bitAt(key, siblings.length);
    siblings.push(shard.sideHash(head.address, 1 - side));
    head = shard.sideHead(head.address, side);
  }
  return proveIn(blockEntries(shard, head), siblings, key);
}

/** The rest of a proof, by the reference tree over the few entries of a subtree that the key belongs to. */
function proveIn(entries: readonly Uint8Array[], above: readonly Hash[], key: Hash): TreeProof {
  const changes: TreeChange<Uint8Array>[] = entries.map((entry) => ({
    key: entry.slice(0, 32),
    value: entry.slice(32),
  }));
  const tree = updateTree(
    emptyTree<Uint8Array>((record) => hash('coin', record)),
    changes,
  );
  const { siblings, end } = proveKey(tree, key);
  // All its entries share the bits of the way to the subtree, so what comes before is empty there.
  return { siblings: [...above, ...siblings.slice(above.length)], end };
}

function blockEntries(shard: CoinShard, { tag, address }: Head): Uint8Array[] {
  return Array.from({ length: tag }, (_, i) => shard.bytes(address + i * ENTRY_BYTES, ENTRY_BYTES));
}

/** A key with all bits from `depth` on cleared. */
function prefixOf(key: Hash, depth: number): Hash {
  const prefix = ZERO_HASH.slice();
  prefix.set(key.subarray(0, depth >>> 3));
  if ((depth & 7) !== 0) prefix[depth >>> 3] = (key[depth >>> 3] as number) & (0xff00 >>> (depth & 7));
  return prefix;
}

/** The compact tree's rule: a subtree of one entry is its leaf, however high it stands. */
function join(left: Subtree, right: Subtree): Subtree {
  const entries = Math.min(left.entries + right.entries, 2) as 0 | 1 | 2;
  if (entries === 2) return { hash: hashPair('state-node', left.hash, right.hash), entries };
  return { hash: left.entries === 1 ? left.hash : right.hash, entries };
}
