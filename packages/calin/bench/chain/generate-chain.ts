/**
 * A process of its own that makes one test chain: its memory, and what its garbage collector does, must not be part
 * of a measurement. Arguments: the folder, which exists, and the {@link ChainSize} as JSON. Tells its parent by
 * messages `[blocks done, blocks in all]` how far it is.
 */

import { writeChainFile } from './chain-file.ts';
import type { ChainSize } from './chain-size.ts';
import { planFanOut } from './chain-size.ts';
import { makeChain } from './make-chain.ts';

const [folder = '', text = ''] = process.argv.slice(2);
const size = JSON.parse(text) as ChainSize;
const fanOutBlocks = planFanOut(size).blocks;

function* counted(): Generator<Uint8Array, void, undefined> {
  let done = 0;
  for (const block of makeChain(size)) {
    yield block;
    done += 1;
    process.send?.([done, fanOutBlocks + size.blocks]);
  }
}

writeChainFile(folder, { fanOutBlocks, blocks: size.blocks }, counted());
