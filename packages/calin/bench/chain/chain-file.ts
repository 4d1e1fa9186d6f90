import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@calin/core/base/assert.ts';
import { BLOCK_BYTES_MAX } from '@calin/core/primitives/limits.ts';

/** The blocks: for each its length as a little-endian u32, then its bytes. */
const BLOCKS_FILE = 'blocks';
/** Written last; says what the blocks are. */
const ABOUT_FILE = 'chain.json';
const LENGTH_BYTES = 4;

/** What is known about a chain beside its blocks. */
export interface ChainAbout {
  /** Blocks that make the coins; those of the transfers follow. */
  readonly fanOutBlocks: number;
  readonly blocks: number;
}

/** Writes the blocks of a chain into a folder, one after the other: they need not fit into memory together. */
export function writeChainFile(folder: string, about: ChainAbout, blocks: Iterable<Uint8Array>): void {
  const file = openSync(join(folder, BLOCKS_FILE), 'w');
  const length = new DataView(new ArrayBuffer(LENGTH_BYTES));
  let count = 0;
  for (const block of blocks) {
    length.setUint32(0, block.length, true);
    writeSync(file, length);
    writeSync(file, block);
    count += 1;
  }
  closeSync(file);
  assert(count === about.fanOutBlocks + about.blocks, 'a chain of another length');
  writeFileSync(join(folder, ABOUT_FILE), `${JSON.stringify(about)}\n`);
}

/** Reads the blocks of a chain in their order. */
export class ChainFile {
  readonly about: ChainAbout;
  readonly #file: number;
  #read = 0;

  /** @throws Error when there is no whole chain in the folder */
  constructor(folder: string) {
    this.about = JSON.parse(readFileSync(join(folder, ABOUT_FILE), 'utf8')) as ChainAbout;
    this.#file = openSync(join(folder, BLOCKS_FILE), 'r');
  }

  /** Blocks that have not been read. */
  get left(): number {
    return this.about.fanOutBlocks + this.about.blocks - this.#read;
  }

  /** The bytes of the next block. */
  next(): Uint8Array {
    assert(this.left > 0, 'the chain is at its end');
    const length = new DataView(new ArrayBuffer(LENGTH_BYTES));
    readSync(this.#file, length);
    const bytes = new Uint8Array(length.getUint32(0, true));
    assert(bytes.length > 0 && bytes.length <= BLOCK_BYTES_MAX + LENGTH_BYTES, 'a damaged file of blocks');
    assert(readSync(this.#file, bytes) === bytes.length, 'the file of blocks ends too early');
    this.#read += 1;
    return bytes;
  }

  close(): void {
    closeSync(this.#file);
  }
}
