import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { toHex } from '@calin/core/base/bytes.ts';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import type { Result } from '@calin/core/base/result.ts';
import { benchSpec } from '../../bench/chain/bench-spec.ts';
import type { ChainSize } from '../../bench/chain/chain-size.ts';
import { makeChain } from '../../bench/chain/make-chain.ts';
import type { FailingWorkerData, WorkerEnd } from '../../src/adapters/failing-worker.testing.ts';
import { temporaryFolder } from '../../src/adapters/level-store.testing.ts';
import {
  type StartSignatureWorker,
  startSignatureWorker,
} from '../../src/adapters/start-signature-worker.ts';
import { type FaultNode, ruleOf, startFaultNode } from './fault-node.testing.ts';
import { forge, idOf, resealed, type Spoilt, scanned } from './forge.testing.ts';

const SIZE: ChainSize = { coins: 10_000, blocks: 2, transfers: 5000, respend: false };
const SPEC = benchSpec(SIZE);
const CHAIN = [...makeChain(SIZE)];
const FAN_OUT = CHAIN.slice(0, -2);
const [FULL, NEXT] = CHAIN.slice(-2) as [Uint8Array, Uint8Array];

const random = seededRandom(5);
/** A place in the middle; the first transaction is the reward, and the last has no next one. */
const somewhere = () => 1 + random.below(SIZE.transfers - 1);

/** A node that is about to get the block of 5,000 transfers. */
async function startBefore(folder: string, startWorker?: StartSignatureWorker): Promise<FaultNode> {
  const node = await startFaultNode({ spec: SPEC, folder, ...(startWorker && { startWorker }) });
  for (const block of FAN_OUT) assert.equal(ruleOf(await node.importBlock(block)), 'ok');
  return node;
}

/** The transfer at a position of the full block is named as the one with the bad signature. */
function assertNames(node: FaultNode, refused: Result<unknown>, position: number): void {
  assert.ok(!refused.ok);
  const { rule, evidence } = refused.error;
  assert.equal(rule, 'tx/signature-invalid');
  assert.deepEqual(evidence, { got: toHex(scanned(node, FULL).txid(position)), transaction: position });
}

describe('a forged signature in a block of 5,000 transfers', () => {
  const folder = temporaryFolder();
  let node: FaultNode;
  before(async () => {
    node = await startBefore(folder.path);
  });
  after(async () => {
    await node.kill();
    folder[Symbol.dispose]();
  });

  for (const spoilt of ['signature', 'public key', 'swapped'] as const satisfies readonly Spoilt[]) {
    it(`is found wherever it is, and changes nothing: ${spoilt}`, async () => {
      const ahead = node.summary();
      const position = somewhere();
      const forged = forge(scanned(node, FULL), [position], spoilt, random.below(256));
      // The header commits to the witnesses, so whoever forges one on the way is found out without a signature.
      assert.equal(ruleOf(await node.importBlock(forged)), 'block/tx-root-mismatch');
      const sealed = resealed(SPEC, scanned(node, forged), node);
      assertNames(node, await node.importBlock(sealed), position);
      assert.deepEqual(node.summary(), ahead);
    });
  }

  it('may come again and again without filling the memory', async () => {
    const ahead = node.summary();
    const sealed = resealed(SPEC, scanned(node, forge(scanned(node, FULL), [77])), node);
    assertNames(node, await node.importBlock(sealed), 77);
    const bytesBefore = usedBytes();
    for (let i = 0; i < 3; i++) {
      const refused = await Promise.all([sealed, sealed].map((block) => node.importBlock(block)));
      assert.deepEqual(refused.map(ruleOf), ['chain/block-invalid', 'chain/block-invalid']);
    }
    // Six blocks; what is kept of one would be more than its bytes.
    assert.ok(usedBytes() - bytesBefore < 2 * FULL.length, `${usedBytes() - bytesBefore} bytes more`);
    assert.deepEqual(node.summary(), ahead);
  });

  it('takes nothing with it: what is queued behind it is judged by itself', async () => {
    const full = scanned(node, FULL);
    const position = somewhere();
    const sealed = resealed(SPEC, scanned(node, forge(full, [position])), node);
    const onSealed = resealed(SPEC, scanned(node, NEXT), node, idOf(scanned(node, sealed)));
    const height = node.summary().height;
    const [forged, child, honest, next] = await Promise.all(
      [sealed, onSealed, FULL, NEXT].map((block) => node.importBlock(block)),
    );
    // Its header was in order, so that only the signatures could say no.
    assertNames(node, forged as Result<unknown>, position);
    assert.deepEqual(
      [child, honest, next].map((result) => ruleOf(result as Result<unknown>)),
      ['chain/ancestor-invalid', 'ok', 'ok'],
    );
    assert.equal(node.summary().height, height + 2);
    // Nobody looks at its signatures again, nor keeps what builds on it.
    const again = await node.importBlock(sealed);
    assert.equal(ruleOf(again), 'chain/block-invalid');
    assert.ok(!again.ok && again.error.evidence['rule'] === 'tx/signature-invalid');
    assert.equal(node.node.chain.counts.orphans, 0);
    assert.equal(node.summary().head, toHex(idOf(scanned(node, NEXT))));
  });
});

describe('a worker that ends in the middle of a block', () => {
  it('changes no verdict, whatever it has called valid, and is replaced', async () => {
    using folder = temporaryFolder();
    const ends = failing(['exit', 'exception']);
    await using node = await startBefore(folder.path, ends.start);
    const ahead = node.summary();
    // One in each batch of 100, for the worker calls what it has claimed valid.
    const positions = Array.from({ length: SIZE.transfers / 100 }, (_, i) => i * 100 + 50);
    const forged = resealed(SPEC, scanned(node, forge(scanned(node, FULL), positions)), node);
    assertNames(node, await node.importBlock(forged), 50);
    assert.deepEqual(node.summary(), ahead);
    assert.equal(ruleOf(await node.importBlock(FULL)), 'ok');
    assert.equal(ruleOf(await node.importBlock(NEXT)), 'ok');
    assert.equal(node.summary().head, toHex(idOf(scanned(node, NEXT))));
    assert.deepEqual([ends.started(), replacedThreads(node)], [3, [1, 1]]);
  });

  it('by being killed changes no verdict', async () => {
    using folder = temporaryFolder();
    const workers: Worker[] = [];
    await using node = await startBefore(folder.path, (data) => {
      const worker = startSignatureWorker(data);
      workers.push(worker);
      return worker;
    });
    // The worker runs once there has been a block worth of it.
    assert.equal(ruleOf(await node.importBlock(FULL)), 'ok');
    const position = somewhere();
    const batchDone = new Promise((resolve) => workers[0]?.once('message', resolve));
    const sealed = resealed(SPEC, scanned(node, forge(scanned(node, NEXT), [position])), node);
    const forged = node.importBlock(sealed);
    await Promise.race([batchDone, forged]);
    await workers[0]?.terminate();
    const refused = await forged;
    assert.ok(!refused.ok);
    assert.equal(refused.error.rule, 'tx/signature-invalid');
    assert.equal(refused.error.evidence['transaction'], position);
    assert.equal(ruleOf(await node.importBlock(NEXT)), 'ok');
    assert.deepEqual([workers.length, replacedThreads(node)], [2, [1]]);
  });
});

/** Starts workers that end in the middle of their work; one for each of `ends`, then proper ones. */
function failing(ends: readonly WorkerEnd[]): { start: StartSignatureWorker; started: () => number } {
  let count = 0;
  const start: StartSignatureWorker = (data) => {
    const end = ends[count++];
    if (end === undefined) return startSignatureWorker(data);
    const workerData: FailingWorkerData = { ...data, end };
    return new Worker(new URL('../../src/adapters/failing-worker.testing.ts', import.meta.url), {
      workerData,
    });
  };
  return { start, started: () => count };
}

/** Of which threads the log says that they ended and are replaced. */
function replacedThreads({ logs }: FaultNode): unknown[] {
  const said = logs.filter(({ part, message }) => part === 'compute' && message.includes('is replaced'));
  for (const { level } of said) assert.equal(level, 'warn');
  return said.map(({ fields }) => fields['thread']);
}

/** Bytes in use once what nobody holds is collected. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // The memory of array buffers is given back a little later than their objects: the second run waits for that.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
