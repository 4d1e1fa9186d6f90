import type { ChainFile } from '../chain/chain-file.ts';
import type { BenchNode } from './bench-node.ts';

/** Blocks that a node has at a time: while it applies one, it can check the signatures of the next ones. */
const LOOKAHEAD_BLOCKS = 4;

/**
 * Gives a node the next blocks of a chain, a few at a time, as a download does.
 *
 * @param answered - called when a block is on disk
 */
export async function feedBlocks(
  node: BenchNode,
  file: ChainFile,
  count: number,
  answered: (done: number) => void = () => {},
): Promise<void> {
  let given = 0;
  let done = 0;
  const feed = async (): Promise<void> => {
    while (given < count) {
      given += 1;
      // Blocks of a download come one by one, with turns of the event loop in between.
      await new Promise((resolve) => setImmediate(resolve));
      await node.importBlock(file.next());
      done += 1;
      answered(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(LOOKAHEAD_BLOCKS, count) }, feed));
}
