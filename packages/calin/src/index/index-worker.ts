import { constants, setPriority } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { refuseIndex } from '@calin/core/index/rules.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { createKernelHasher } from '@calin/kernel/kernel-hasher.ts';
import { IndexFollower } from './index-follower.ts';
import { answerQuery, isQuery } from './index-queries.ts';
import type { IndexStep, Place } from './index-source.ts';
import type { IndexStore } from './index-store.ts';
import type { FromIndex, IndexHome, IndexWorkerData, ToIndex } from './messages.ts';

/**
 * How long a question waits for the blocks that the node had when it was asked. An index that follows has them in
 * milliseconds; one that is far behind is not waited for, and its answers say how far they go.
 */
const SETTLE_MS = 5_000;

/** Opens the store of an index. What a kind of store needs is read from disk only where it is wanted. */
async function openStore(home: IndexHome, chainId: Uint8Array): Promise<IndexStore> {
  if (home.kind === 'postgres') {
    const { PostgresIndex } = await import('./postgres-index.ts');
    return PostgresIndex.open(home.url, chainId);
  }
  const { LevelIndex } = await import('./level-index.ts');
  return LevelIndex.open(home.folder);
}

async function run({ genesis, home }: IndexWorkerData): Promise<void> {
  const port = parentPort;
  assert(port !== null, 'the thread of an index is a worker');
  stepAside();
  const spec = parseGenesisFile(genesis);
  assert(spec.ok, 'the node has read its genesis file before');
  const post = (message: FromIndex): void => port.postMessage(message);
  const chainId = createGenesis(spec.value).block.id;
  const store = await openStore(home, chainId);
  let stepped: ((step: IndexStep) => void) | undefined;
  const next = (after: Place | undefined): Promise<IndexStep> =>
    new Promise((resolve) => {
      stepped = resolve;
      post({ kind: 'next', after });
    });
  const follower = new IndexFollower({
    spec: spec.value,
    chainId,
    hasher: createKernelHasher(),
    source: { next },
    store,
    log: { write: (entry) => post({ kind: 'log', entry }) },
    changed: (progress) => post({ kind: 'progress', progress, heapBytes: heapBytes() }),
  });
  const answer = async (name: string, params: unknown): Promise<Result<unknown>> => {
    assert(isQuery(name), `the index does not know ${name}`);
    if (follower.progress.state === 'following') await follower.settled(SETTLE_MS);
    return answerQuery(store, spec.value.addressPrefix, name, params);
  };
  port.on('message', (message: ToIndex) => {
    switch (message.kind) {
      case 'wake':
        return follower.wake();
      case 'rebuild':
        return follower.rebuild((result) => post({ kind: 'answer', id: message.id, result }));
      case 'step':
        return stepped?.(message.step);
      case 'query': {
        const { id, name, params } = message;
        const failed = (error: unknown): Result<unknown> =>
          refuseIndex('index/away', { why: error instanceof Error ? error.message : String(error) });
        return void answer(name, params)
          .catch(failed)
          .then((result) => post({ kind: 'answer', id, result }));
      }
      case 'close':
        follower.close();
        // A step that was asked for is not coming any more.
        stepped?.({ kind: 'wait', headHeight: 0 });
    }
  });
  await follower.run();
  await store.close();
  post({ kind: 'closed' });
}

function heapBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/**
 * Lets the threads that check signatures have the cores first: the index can always catch up. On Linux a priority is
 * that of the thread which sets it, and of those that it starts; elsewhere it would be that of the whole node.
 */
function stepAside(): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);
}

void run(workerData as IndexWorkerData);
