import { assert } from '@calin/core/base/assert.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { CHECKED_TRANSACTIONS_MAX } from '@calin/core/node/limits.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import type { BenchProgress } from '../bench.ts';
import type { ChainFile } from '../chain/chain-file.ts';
import type { BenchChain } from '../chain/obtain-chain.ts';
import { type Bounded, betweenBounds } from '../measure/signature-rate.ts';
import { type ThreadReport, watchThread } from '../measure/watch-thread.ts';
import { type BenchNode, openBenchNode } from './bench-node.ts';
import { feedBlocks } from './feed-blocks.ts';
import type { StepReport } from './timed-node.ts';
import { withFolder } from './with-folder.ts';

/** How far an import was when a block was on disk. */
export interface Answered {
  /** Milliseconds since the first block was given, and processor time of all threads in them. */
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What one import was like. */
export interface MeasuredImport {
  readonly thread: ThreadReport;
  readonly steps: StepReport;
  /** One for each block, when it was on disk. */
  readonly answered: readonly Answered[];
  /** Resident memory that the coins of the start have taken, with everything that the node keeps beside them. */
  readonly coinsRssBytes: number;
}

/** Choices for {@link importMeasured}. */
export interface ImportOptions {
  readonly index: boolean;
  readonly verified: boolean;
  /** Blocks of transfers that are imported before the clock starts. */
  readonly warmUp: number;
  /** How long the bound is measured, before and after, and how long the node rests before that. */
  readonly boundMs: number;
}

/**
 * Imports a chain into a fresh node: unmeasured what makes the coins and warms the node up, then the other blocks of
 * transfers between two measurements of the bound. The run ends with a look at the state: it is the one that the last
 * header names.
 */
export function importMeasured(
  chain: BenchChain,
  options: ImportOptions,
  progress: BenchProgress,
): Promise<Bounded<MeasuredImport>> {
  return withFolder(async (folder) => {
    const rssBefore = process.memoryUsage.rss();
    const node = await openBenchNode({ ...options, spec: chain.spec, folder });
    const file = chain.open();
    const { fanOutBlocks, blocks } = file.about;
    try {
      const ahead = fanOutBlocks + options.warmUp;
      await feedBlocks(node, file, ahead, (done) => progress(done, ahead, 'making the coins'));
      const coinsRssBytes = process.memoryUsage.rss() - rssBefore;
      if (options.verified) knowBlocks(node, chain, ahead);
      // The store writes its tables and the collector has its turn: they belong to the blocks before.
      await new Promise((resolve) => setTimeout(resolve, options.boundMs));
      const measured = await betweenBounds(options.boundMs, () =>
        measure(node, file, blocks - options.warmUp, progress),
      );
      checkHead(node, fanOutBlocks + blocks);
      return { ...measured, value: { ...measured.value, coinsRssBytes } };
    } catch (error) {
      // It may be a chain of earlier rules; the next run makes a new one.
      chain.forget();
      throw error;
    } finally {
      file.close();
      await node.stop();
    }
  });
}

/** Makes the node know the transactions of the blocks that are measured, as far as it remembers so many. */
function knowBlocks(node: BenchNode, chain: BenchChain, ahead: number): void {
  const file = chain.open();
  for (let i = 0; i < ahead; i++) file.next();
  while (file.left > 0 && node.node.checked.count < CHECKED_TRANSACTIONS_MAX / 2) node.know(file.next());
  file.close();
}

async function measure(
  node: BenchNode,
  file: ChainFile,
  blocks: number,
  progress: BenchProgress,
): Promise<Omit<MeasuredImport, 'coinsRssBytes'>> {
  node.node.takeReport();
  const answered: Answered[] = [];
  const report = watchThread();
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  await feedBlocks(node, file, blocks, (done) => {
    const { user, system } = process.cpuUsage(cpu);
    answered.push({ wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 });
    progress(done, blocks, 'importing');
  });
  return { thread: report(), steps: node.node.takeReport(), answered };
}

function checkHead({ node }: BenchNode, height: number): void {
  const { head, state } = node.chain;
  assert(head.height === height, 'every block became the head');
  assert(equalBytes(stateRoot(state), head.header.stateRoot), 'the state is the one that the head names');
}
