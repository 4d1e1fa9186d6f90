import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import { CHAIN_LIMITS } from '@calin/core/chain/limits.ts';
import { openChain } from '@calin/core/chain/open-chain.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { historyIndex } from '@calin/core/history/history-index.ts';
import { SIGNATURES_CHECKED, signatureChecks } from '@calin/core/ledger/transaction-signatures.ts';
import type { Store, StoreBatch } from '@calin/core/ports/store.ts';
import { parseBlock } from '@calin/core/primitives/block.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import { openLevelStore } from '../src/adapters/open-level-store.ts';
import { verifySignatureFast } from '../src/adapters/signatures.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { measureSignatureRate } from './signature-rate.ts';
import { createTransferChain, type TransferChain } from './transfer-chain.ts';

const RATE_MS = 1000;

/** Milliseconds that the blocks took, stage by stage. */
interface Stages {
  parse: number;
  signatures: number;
  apply: number;
  commit: number;
}

/** Imports a chain of signed transfers into a fresh store on disk, as a node does that catches up. */
export const bench: Bench = {
  name: 'import',
  summary: 'Import of blocks of signed transfers, with state root and synced commit.',
  options: {
    coins: { summary: 'Coins in the state at the start', default: 20_000 },
    blocks: { summary: 'Blocks', default: 4 },
    transfers: { summary: 'Transfers in each block, 1 input and 2 outputs each', default: 1000 },
    index: { summary: 'Keep the transaction index and the history of addresses too', default: false },
    verified: { summary: 'As if the mempool had checked all signatures before', default: false },
  },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const size = {
    coins: Number(options['coins']),
    blocks: Number(options['blocks']),
    transfers: Number(options['transfers']),
  };
  const verified = options['verified'] === true;
  const source = createTransferChain(size, progress);
  const sample = must(parseBlock(source.blocks[0] as Uint8Array, source.chainId));
  const rate = await measureSignatureRate(sample.transactions.slice(1).flatMap(signatureChecks), RATE_MS);
  const folder = mkdtempSync(join(tmpdir(), 'calin-bench-'));
  try {
    const stages = await importInto(folder, source, { verified, index: options['index'] === true }, progress);
    const totalMs = stages.parse + stages.signatures + stages.apply + stages.commit;
    const transfersPerSecond = (size.blocks * size.transfers * 1000) / totalMs;
    return {
      bench: 'import',
      transfersPerSecond: Math.round(transfersPerSecond),
      signaturesPerSecond: Math.round(rate.allCores),
      signaturesPerSecondOneCore: Math.round(rate.oneCore),
      ratio: round(transfersPerSecond / rate.allCores, 3),
      parseMs: round(stages.parse, 1),
      signaturesMs: round(stages.signatures, 1),
      applyMs: round(stages.apply, 1),
      commitMs: round(stages.commit, 1),
      ...size,
      index: options['index'] === true,
      verified,
      cores: rate.cores,
      node: process.version,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One block after the other, each on disk before the next one, and at the end the state that the blocks name. */
async function importInto(
  folder: string,
  source: TransferChain,
  { verified, index }: { readonly verified: boolean; readonly index: boolean },
  progress: BenchProgress,
): Promise<Stages> {
  const { store } = must(await openLevelStore({ folder }));
  const chain = await beginChain(store, source.spec, index);
  const stages: Stages = { parse: 0, signatures: 0, apply: 0, commit: 0 };
  for (const [height, bytes] of source.blocks.entries()) {
    progress(height, source.blocks.length, 'importing');
    await importOne({ chain, store, source, verified, stages }, bytes);
  }
  assert(chain.head.height === source.blocks.length, 'every block became the head');
  const expected = toHex(chain.head.header.stateRoot);
  assert(toHex(stateRoot(chain.state)) === expected, 'the state is the one that the head names');
  await store.close();
  return stages;
}

interface Import {
  readonly chain: Chain;
  readonly store: Store;
  readonly source: TransferChain;
  readonly verified: boolean;
  readonly stages: Stages;
}

async function importOne({ chain, store, source, verified, stages }: Import, bytes: Uint8Array) {
  const startMs = performance.now();
  const block = must(parseBlock(bytes, source.chainId));
  const parsedMs = performance.now();
  if (!verified) {
    for (const transaction of block.transactions) {
      assert(signatureChecks(transaction).every(verifySignatureFast), 'an invalid signature');
    }
  }
  const checkedMs = performance.now();
  const { batch } = must(chain.importBlock(block, source.nowMs));
  const appliedMs = performance.now();
  await commit(store, batch);
  stages.parse += parsedMs - startMs;
  stages.signatures += checkedMs - parsedMs;
  stages.apply += appliedMs - checkedMs;
  stages.commit += performance.now() - appliedMs;
}

async function beginChain(store: Store, spec: TransferChain['spec'], index: boolean): Promise<Chain> {
  const options = { spec, checkpointBlocks: 1000, keepUndo: false, limits: CHAIN_LIMITS };
  const opening = openChain(options, {
    store,
    consensus: createConsensus(spec.consensus),
    verify: SIGNATURES_CHECKED,
    verifySeal: verifySignatureFast,
    index: index ? historyIndex : undefined,
  });
  let step = opening.next();
  while (step.done !== true) step = opening.next();
  const { chain, batch } = must(step.value);
  await commit(store, batch);
  return chain;
}

function commit(store: Store, batch: StoreBatch): Promise<void> {
  return new Promise((resolve, reject) =>
    store.commit(batch, (failure) => (failure === undefined ? resolve() : reject(new Error(failure.rule)))),
  );
}

function must<T>(result: Result<T>): T {
  assert(result.ok, result.ok ? '' : `${result.error.rule} ${JSON.stringify(result.error.evidence)}`);
  return result.value;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
