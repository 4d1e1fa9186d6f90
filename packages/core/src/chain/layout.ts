import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';

/**
 * Version of everything below. A store of another version is refused at start by `data/format-version`, but for those
 * of {@link FORMATS_READ}, which become stores of this version then.
 */
export const FORMAT_VERSION = 3;

/**
 * Versions that can be read. In version 2 the chunks of a checkpoint were not cut along the tree: such a checkpoint is
 * loaded as before, and only not given to other nodes; the next ones replace it.
 */
export const FORMATS_READ: readonly number[] = [2, FORMAT_VERSION];

/**
 * The keys of the store. The first byte says what it is; numbers in keys are big-endian, so that they sort.
 *
 *     m                      → format version u32, chain id 32
 *     t                      → the head: id 32, height u32, finalHeight u32, sequence u64, weight 32 (big-endian)
 *     s                      → side blocks, in order of arrival: each id 32
 *     h height u32           → id 32 of the block of the best branch
 *     k id 32                → header bytes, of best and side blocks
 *     b id 32                → block bytes, of best and side blocks; see `l`
 *     r id 32                → receipts end to end, of best blocks; see `l`
 *     u id 32                → state changes that undo the block, of best blocks; see `l` for how far back
 *     l                      → what was deleted of final blocks: `b` and `r` up to height u32, `u` up to height u32
 *     c slot u8              → checkpoint: complete u8, then the snapshot manifest, or chunks u32 if incomplete
 *     d slot u8, chunk u32   → one chunk of that checkpoint
 *     j                      → what is left of joining by a snapshot: see records.ts
 *     o                      → the outline of that snapshot
 *     f height u32           → the certificate with which votes made the block of the best branch final
 *     g height u32           → proofs of the newest sets of validators in the state after that block, see set-proofs.ts
 *     v                      → what the voting of this node must not forget (written by the node)
 *     w                      → the last turn for which this node sealed a block (written by the node)
 *     p                      → transactions that waited at the last clean stop (written by the node)
 *     n name                 → a small record of the network's protocol: bans, addresses (see p2p/host.ts)
 *     i, x, y, a, e          → transaction index and address history, see history/layout.ts
 *
 * 0xff belongs to the adapter of the store.
 */
export const layout = {
  meta: Uint8Array.of(0x6d),
  head: Uint8Array.of(0x74),
  sides: Uint8Array.of(0x73),
  pruned: Uint8Array.of(0x6c),
  pool: Uint8Array.of(0x70),
  voting: Uint8Array.of(0x76),
  sealed: Uint8Array.of(0x77),
  join: Uint8Array.of(0x6a),
  outline: Uint8Array.of(0x6f),
  height: (height: number): Uint8Array => withNumber([0x68], height),
  header: (id: Hash): Uint8Array => withId(0x6b, id),
  block: (id: Hash): Uint8Array => withId(0x62, id),
  receipts: (id: Hash): Uint8Array => withId(0x72, id),
  undo: (id: Hash): Uint8Array => withId(0x75, id),
  network: (name: Uint8Array): Uint8Array => new Writer(1 + name.length).u8(0x6e).bytes(name).finish(),
  certificate: (height: number): Uint8Array => withNumber([0x66], height),
  setProofs: (height: number): Uint8Array => withNumber([0x67], height),
  checkpoint: (slot: number): Uint8Array => Uint8Array.of(0x63, slot),
  chunk: (slot: number, chunk: number): Uint8Array => withNumber([0x64, slot], chunk),
} as const;

function withId(prefix: number, id: Hash): Uint8Array {
  return new Writer(33).u8(prefix).bytes(id).finish();
}

function withNumber(prefix: readonly number[], value: number): Uint8Array {
  const key = new Uint8Array(prefix.length + 4);
  key.set(prefix);
  for (let i = 0; i < 4; i++) key[prefix.length + i] = value >>> (24 - 8 * i);
  return key;
}
