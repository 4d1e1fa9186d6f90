import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { packSignatureChecks } from '@calin/core/crypto/signature-records.ts';
import type { Compute } from '@calin/core/ports/compute.ts';
import type { LogEntry } from '@calin/core/ports/log.ts';
import type { FailingWorkerData, WorkerEnd } from './failing-worker.testing.ts';
import { InlineCompute } from './inline-compute.testing.ts';
import { signedChecks } from './signed-checks.testing.ts';
import { type StartSignatureWorker, startSignatureWorker } from './start-signature-worker.ts';
import { WorkerCompute } from './worker-compute.ts';

interface Started {
  readonly compute: WorkerCompute;
  readonly workers: Worker[];
  readonly logs: LogEntry[];
}

function start(context: TestContext, workers: number, startWorker = startSignatureWorker): Started {
  const started: Worker[] = [];
  const logs: LogEntry[] = [];
  const compute = new WorkerCompute({
    workers,
    log: { write: (entry) => logs.push(entry) },
    startWorker: (data) => {
      const worker = startWorker(data);
      started.push(worker);
      return worker;
    },
  });
  context.after(() => compute.close());
  return { compute, workers: started, logs };
}

/** Has signatures checked of which those at `forged` are no good, and compares each verdict. */
async function check(compute: Compute, count: number, forged: readonly number[]): Promise<void> {
  const records = packSignatureChecks(signedChecks(count, forged));
  const valid = await new Promise<Uint8Array>((resolve) => compute.checkSignatures(records, resolve));
  assert.equal(valid.length, count);
  const refused = [...valid].flatMap((one, i) => (one === 1 ? [] : [i]));
  assert.deepEqual(refused, forged);
}

/** Starts workers that end in the middle of their work; `ends` of them, one after the other, then proper ones. */
function failing(ends: readonly WorkerEnd[]): StartSignatureWorker {
  const left = [...ends];
  return (data) => {
    const end = left.shift();
    if (end === undefined) return startSignatureWorker(data);
    const workerData: FailingWorkerData = { ...data, end };
    return new Worker(new URL('./failing-worker.testing.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: 16 },
    });
  };
}

describe('signatures on several threads', () => {
  for (const workers of ['inline', 0, 1, 2] as const) {
    test(`every verdict is right and in its place, with workers: ${workers}`, async (context) => {
      const compute = workers === 'inline' ? new InlineCompute() : start(context, workers).compute;
      await Promise.all([
        check(compute, 4321, [0, 99, 100, 1711, 4320]),
        check(compute, 0, []),
        check(compute, 1, [0]),
        check(compute, 1, []),
        check(compute, 100, [99]),
        check(compute, 101, [0, 100]),
      ]);
      await check(compute, 257, [256]);
    });
  }

  test('threads start with the first larger request, and not before', async (context) => {
    const { compute, workers } = start(context, 2);
    for (let i = 0; i < 5; i++) await check(compute, 20, [i]);
    assert.equal(workers.length, 0);
    await check(compute, 1000, [3]);
    assert.equal(workers.length, 2);
  });

  test('a small request does not wait for large ones, nor a large one for many small ones', async (context) => {
    const { compute } = start(context, 1);
    const order: string[] = [];
    const asked = (name: string, count: number) => check(compute, count, []).then(() => order.push(name));
    // Twice what the ring holds: of what is in there already some may end before or after the small one.
    const large = asked('large', 12_800);
    await asked('small', 1);
    assert.deepEqual(order, ['small']);
    const flood = Promise.all(Array.from({ length: 130 }, () => check(compute, 99, [])));
    await Promise.race([large, flood]);
    assert.deepEqual(order, ['small', 'large']);
    await flood;
  });

  test('the event loop turns while the main thread checks, even when each check is slow', async (context) => {
    const { compute } = start(context, 0);
    let turns = 0;
    const turn = () => {
      turns += 1;
      timer = setImmediate(turn);
    };
    let timer = setImmediate(turn);
    await check(
      compute,
      100,
      Array.from({ length: 100 }, (_, i) => i),
    );
    clearImmediate(timer);
    assert.ok(turns >= 5, `${turns} turns while 100 forged signatures were refused, about 1 ms each`);
  });

  test('a callback may ask for more, or close', async (context) => {
    const { compute } = start(context, 1);
    const records = packSignatureChecks(signedChecks(300, []));
    const answers = await new Promise<string[]>((resolve) => {
      const order: string[] = [];
      compute.checkSignatures(records, () => {
        order.push('first');
        compute.checkSignatures(records, () => {
          order.push('second');
          void compute.close().then(() => resolve(order));
        });
      });
    });
    assert.deepEqual(answers, ['first', 'second']);
  });

  test('after close nothing is called, and nothing is taken', async (context) => {
    const { compute, workers } = start(context, 2);
    let calls = 0;
    const records = packSignatureChecks(signedChecks(5000, []));
    compute.checkSignatures(records, () => {
      calls += 1;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await compute.close();
    compute.checkSignatures(records, () => {
      calls += 1;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(calls, 0);
    assert.deepEqual(
      workers.map(({ threadId }) => threadId),
      [-1, -1],
      'the threads have ended',
    );
  });

  for (const leave of ['close', 'idle']) {
    test(`a process ends by itself: ${leave}`, async () => {
      const child = fileURLToPath(new URL('./worker-compute-child.testing.ts', import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [child, leave], { timeout: 60_000 });
      assert.equal(stdout, '1000 500');
    });
  }
});

describe('workers that end', () => {
  for (const [end, expected] of [
    ['exception', /a bug/],
    ['exit', /7/],
    ['memory', /memory/],
  ] as const) {
    test(`by ${end}, in the middle of forged signatures: every verdict is right, and they are replaced`, async (context) => {
      const { compute, workers, logs } = start(context, 2, failing([end, end]));
      const forged = Array.from({ length: 60 }, (_, i) => i * 130);
      // The main thread stays away for a while, so that the workers get at the batches.
      const checked = check(compute, 8000, forged);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      await checked;
      while (logs.length < 2) await check(compute, 300, [7]);
      for (const { level, fields } of logs) {
        assert.equal(level, 'warn');
        assert.match(`${fields['code']} ${fields['reason']}`, expected);
      }
      assert.equal(workers.length, 4);
      await check(compute, 3000, [1, 2998]);
    });
  }

  test('again and again: the main thread goes on alone and says so', async (context) => {
    const { compute, workers, logs } = start(context, 2, failing(Array(100).fill('at once')));
    while (logs.filter(({ level }) => level === 'error').length < 2) await check(compute, 300, [299]);
    assert.equal(workers.length, 2 + 5, 'two, and five replacements');
    await check(compute, 1000, [0, 999]);
    assert.equal(workers.length, 7);
  });

  test('killed at random moments under load: every verdict is right', async (context) => {
    // Four a round: few enough for the limit of replacements, so that there are workers to the end.
    for (let round = 0; round < 2; round++) {
      const { compute, workers } = start(context, 2);
      const forged = Array.from({ length: 40 }, (_, i) => i * 197 + round);
      const load = Promise.all([
        check(compute, 12_000, forged),
        check(compute, 12_000, forged),
        ...Array.from({ length: 20 }, (_, i) => check(compute, 60, [i])),
      ]);
      for (let kills = 0; kills < 4; kills++) {
        const victim = workers[kills] as Worker;
        // A worker needs some 60 ms to begin.
        await new Promise((resolve) => setTimeout(resolve, 80 + ((round * 7 + kills * 13) % 31)));
        await victim.terminate();
      }
      await load;
      assert.equal(workers.length, 2 + 4);
      await check(compute, 500, [round]);
      await compute.close();
    }
  });
});
