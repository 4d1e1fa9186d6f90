import { assert } from '@calin/core/base/assert.ts';
import { type BatchHasher, LOAD_BYTES_MAX } from '@calin/core/crypto/batch-hash.ts';
import { domainKey, type Hash } from '@calin/core/crypto/hash.ts';
import { type KernelExports, loadKernel } from './load-kernel.ts';
import { allocateRegion, growRegion, type Region } from './region.ts';

const HASH_BYTES = 32;
/** Bytes of a chunk of BLAKE3; a message that is not longer has no tree. */
const CHUNK_BYTES = 1024;
/** Messages hashed per call. Tables for more would only leave the cache of the processor. */
const SPANS_PER_CALL = 1024;
/** Leaves folded per call: a power of two, so that the roots of such groups are again leaves of the same tree. */
const LEAVES_PER_CALL = 1024;
/** Bytes of a long message that are copied at a time: whole chunks, and a multiple of four of them. */
const STAGE_BYTES = 64 * CHUNK_BYTES;

/**
 * The batch hasher of the kernel: four messages, or four chunks of a long one, at a time. Its memory is at most a
 * few times what was loaded at once, and is never given back.
 */
export function createKernelHasher(): BatchHasher {
  return new KernelHasher(loadKernel());
}

class KernelHasher implements BatchHasher {
  readonly #kernel: KernelExports;
  readonly #key: Region;
  readonly #spans: Region;
  readonly #hashes: Region;
  readonly #stage: Region;
  readonly #input: Region;
  /** Chaining values of the chunks of one message. */
  readonly #values: Region;
  #loadedBytes = 0;

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
    this.#key = allocateRegion(kernel, HASH_BYTES);
    this.#spans = allocateRegion(kernel, 8 * SPANS_PER_CALL);
    this.#hashes = allocateRegion(kernel, HASH_BYTES * Math.max(SPANS_PER_CALL, LEAVES_PER_CALL));
    this.#stage = allocateRegion(kernel, STAGE_BYTES);
    this.#input = allocateRegion(kernel, STAGE_BYTES);
    this.#values = allocateRegion(kernel, valueBytes(STAGE_BYTES));
  }

  load(bytes: Uint8Array): void {
    assert(bytes.length <= LOAD_BYTES_MAX, 'more bytes than a hasher takes at a time');
    growRegion(this.#kernel, this.#input, bytes.length);
    // Any message may be all that was loaded.
    growRegion(this.#kernel, this.#values, valueBytes(bytes.length));
    this.#write(this.#input, bytes);
    this.#loadedBytes = bytes.length;
  }

  hashSpans(key: Hash, spans: Uint32Array, count: number, out: Uint8Array): void {
    assert(
      spans.length >= 2 * count && out.length >= HASH_BYTES * count,
      'fewer spans or less room than messages',
    );
    this.#setKey(key);
    for (let from = 0; from < count; from += SPANS_PER_CALL) {
      const end = Math.min(count, from + SPANS_PER_CALL);
      // A view of the spans as bytes: both sides are little-endian, as WebAssembly is and every engine's arrays are.
      this.#write(this.#spans, new Uint8Array(spans.buffer, spans.byteOffset + 8 * from, 8 * (end - from)));
      const done = this.#kernel.hashSpans(
        this.#key.address,
        this.#input.address,
        this.#loadedBytes,
        this.#spans.address,
        end - from,
        this.#hashes.address,
        this.#values.address,
      );
      assert(done !== 0, 'a span ends behind the loaded bytes');
      out.set(this.#view(this.#hashes.address, HASH_BYTES * (end - from)), HASH_BYTES * from);
    }
  }

  merkleRoot(leaves: Uint8Array, count: number): Hash {
    assert(leaves.length >= HASH_BYTES * count, 'fewer leaves than counted');
    if (count === 0) return new Uint8Array(HASH_BYTES);
    this.#setKey(domainKey('merkle-node'));
    let [level, size] = [leaves, count];
    do {
      const groups = Math.ceil(size / LEAVES_PER_CALL);
      const roots = new Uint8Array(HASH_BYTES * groups);
      for (let group = 0; group < groups; group++) {
        const from = group * LEAVES_PER_CALL;
        const end = Math.min(size, from + LEAVES_PER_CALL);
        this.#write(this.#hashes, level.subarray(HASH_BYTES * from, HASH_BYTES * end));
        this.#kernel.foldMerkleTree(this.#key.address, this.#hashes.address, end - from);
        roots.set(this.#view(this.#hashes.address, HASH_BYTES), HASH_BYTES * group);
      }
      [level, size] = [roots, groups];
    } while (size > 1);
    return level;
  }

  hash(key: Hash, bytes: Uint8Array): Hash {
    this.#setKey(key);
    return bytes.length > CHUNK_BYTES ? this.#hashLong(bytes) : this.#hashChunk(bytes);
  }

  /** Hashes a message without a tree, through the table of spans with one entry. */
  #hashChunk(bytes: Uint8Array): Hash {
    const { hashSpans } = this.#kernel;
    this.#write(this.#stage, bytes);
    new Uint32Array(this.#kernel.memory.buffer, this.#spans.address, 2).set([0, bytes.length]);
    const [stage, spans, out] = [this.#stage.address, this.#spans.address, this.#hashes.address];
    hashSpans(this.#key.address, stage, bytes.length, spans, 1, out, this.#values.address);
    return this.#view(out, HASH_BYTES).slice();
  }

  /** Hashes a message of several chunks piece by piece, then the tree over all of them. */
  #hashLong(bytes: Uint8Array): Hash {
    growRegion(this.#kernel, this.#values, valueBytes(bytes.length));
    const values = this.#values.address;
    for (let from = 0; from < bytes.length; from += STAGE_BYTES) {
      const piece = bytes.subarray(from, from + STAGE_BYTES);
      const first = from / CHUNK_BYTES;
      this.#write(this.#stage, piece);
      const out = values + HASH_BYTES * first;
      this.#kernel.hashChunkValues(this.#key.address, this.#stage.address, piece.length, first, out);
    }
    this.#kernel.foldChunkValues(this.#key.address, values, Math.ceil(bytes.length / CHUNK_BYTES));
    return this.#view(values, HASH_BYTES).slice();
  }

  #setKey(key: Hash): void {
    assert(key.length === HASH_BYTES, 'a key of BLAKE3 has 32 bytes');
    this.#write(this.#key, key);
  }

  #write(region: Region, bytes: Uint8Array): void {
    assert(bytes.length <= region.bytes, 'more bytes than the region has');
    new Uint8Array(this.#kernel.memory.buffer).set(bytes, region.address);
  }

  #view(address: number, bytes: number): Uint8Array {
    return new Uint8Array(this.#kernel.memory.buffer, address, bytes);
  }
}

/** The room that the chaining values of a message take. */
function valueBytes(messageBytes: number): number {
  return HASH_BYTES * Math.ceil(messageBytes / CHUNK_BYTES);
}
