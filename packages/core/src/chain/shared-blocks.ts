import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { ok, type Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import type { BlockResult } from '../ledger/apply-block.ts';
import type { createGenesis } from '../ledger/genesis.ts';
import type { Block } from '../primitives/block.ts';
import { blockTransactionRoot, type FlatBlock, scanBlock } from '../primitives/flat-block.ts';
import { headerId, readHeader } from '../primitives/header.ts';
import { SharedTransactions } from '../primitives/shared-transactions.ts';
import { encodeHead, type HeadRecord } from './records.ts';
import type { StagedEntry } from './staged-batch.ts';

/** Choices for {@link SharedBlocks}. */
export interface SharedBlocksOptions {
  /** Blocks that are remembered; the oldest go first, and cost a second reading or execution. */
  readonly blocksMax: number;
}

type Genesis = ReturnType<typeof createGenesis>;

/** What one block gave. */
interface Shared {
  readonly flat: FlatBlock | undefined;
  readonly result: Result<BlockResult> | undefined;
}

const NOTHING: Shared = { flat: undefined, result: undefined };

/**
 * Blocks that chains of one process share. What reading and executing a block gives follows from its bytes alone, and
 * states over the reference tree are values; so of thousands of simulated nodes the first one works it out and the
 * others are given the same objects. All chains must be of one spec, check signatures alike and keep their states in
 * the plain kernel's tree.
 */
export class SharedBlocks {
  /** What these chains read outside of blocks. */
  readonly transactions = new SharedTransactions();
  readonly #options: SharedBlocksOptions;
  readonly #blocks = new Map<string, Shared>();
  /** Nobody writes to the bytes of a block, so the same array is the same block. */
  readonly #byBytes = new WeakMap<Uint8Array, FlatBlock>();
  readonly #records = new WeakMap<object, readonly StagedEntry[]>();
  /** The head record that was made last: while a block spreads it is that of one chain after the other. */
  #head: { readonly record: HeadRecord; readonly bytes: Uint8Array } | undefined;
  #genesis: Genesis | undefined;
  #executed = 0;

  constructor(options: SharedBlocksOptions) {
    assert(options.blocksMax > 0, 'room for a block');
    this.#options = options;
  }

  /** Blocks that were really executed. */
  get executed(): number {
    return this.#executed;
  }

  /** The genesis of the one spec that all chains have, made by `create` for the first of them. */
  genesis(create: () => Genesis): Genesis {
    this.#genesis ??= create();
    return this.#genesis;
  }

  /** A block that one of the chains has read, if it is the one its header commits to. */
  find(id: Hash): FlatBlock | undefined {
    return this.#blocks.get(bytesKey(id))?.flat;
  }

  /** The block of the very same array of bytes, if it has been read. */
  scanned(bytes: Uint8Array): FlatBlock | undefined {
    return this.#byBytes.get(bytes);
  }

  /** {@link scanBlock}, with the objects of whoever read the same bytes before. */
  scan(bytes: Uint8Array, chainId: Hash, hasher: BatchHasher): Result<FlatBlock> {
    const same = this.#byBytes.get(bytes);
    if (same !== undefined) return ok(same);
    const reader = new Reader(bytes);
    const header = readHeader(reader);
    if (reader.failure !== undefined) return scanBlock(bytes, chainId, hasher);
    const key = bytesKey(headerId(header));
    const known = this.#blocks.get(key) ?? NOTHING;
    const isKnown = known.flat !== undefined && equalBytes(known.flat.bytes, bytes);
    const scanned = isKnown ? ok(known.flat) : scanBlock(bytes, chainId, hasher);
    if (!scanned.ok || !equalBytes(scanned.value.txRoot, header.txRoot)) return scanned;
    if (!isKnown) this.#set(key, { ...known, flat: scanned.value });
    this.#byBytes.set(bytes, scanned.value);
    return scanned;
  }

  /** What executing a block gives, worked out by `execute` unless somebody has done so. */
  execute(block: Block, execute: () => Result<BlockResult>): Result<BlockResult> {
    const key = bytesKey(block.id);
    const known = this.#blocks.get(key) ?? NOTHING;
    // Other transactions may stand beside a valid header: the block with this id is the one that fits it.
    const fits = equalBytes(blockTransactionRoot(block), block.header.txRoot);
    if (known.result !== undefined && fits) return known.result;
    const result = execute();
    this.#executed += 1;
    if (fits && (result.ok || !result.error.rule.startsWith('data/'))) this.#set(key, { ...known, result });
    return result;
  }

  /**
   * What a chain writes of a block, or of what it does.
   *
   * @param of - the block or the result that it follows from
   */
  records(of: object, make: () => readonly StagedEntry[]): readonly StagedEntry[] {
    let records = this.#records.get(of);
    if (records === undefined) {
      records = make();
      this.#records.set(of, records);
    }
    return records;
  }

  /** {@link encodeHead}, with the bytes of the chain before where they are the same. */
  encodeHead(record: HeadRecord): Uint8Array {
    const last = this.#head;
    if (last !== undefined && isSameHead(last.record, record)) return last.bytes;
    const bytes = encodeHead(record);
    this.#head = { record, bytes };
    return bytes;
  }

  #set(key: string, shared: Shared): void {
    this.#blocks.delete(key);
    this.#blocks.set(key, shared);
    if (this.#blocks.size <= this.#options.blocksMax) return;
    for (const oldest of this.#blocks.keys()) {
      this.#blocks.delete(oldest);
      break;
    }
  }
}

function isSameHead(a: HeadRecord, b: HeadRecord): boolean {
  const isSamePlace = a.height === b.height && a.finalHeight === b.finalHeight && a.sequence === b.sequence;
  return isSamePlace && a.weight === b.weight && equalBytes(a.id, b.id);
}
