import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { encodeCompact, parseCompact, TARGET_MAX } from '@calin/core/consensus/pow/compact-target.ts';
import { hashNumber, workHash } from '@calin/core/consensus/pow/work.ts';
import type { LogEntry } from '@calin/core/ports/log.ts';
import type { WorkDone } from '@calin/core/ports/miner.ts';
import { WorkerMiner } from './worker-miner.ts';

const message = new Uint8Array(32).fill(9);
const easy = encodeCompact(TARGET_MAX / 5_000n);
/** No machine finds one. */
const hopeless = encodeCompact(1n << 100n);

function open(context: TestContext, workers: number, startWorker?: () => Worker) {
  const logs: LogEntry[] = [];
  const log = { write: (entry: LogEntry) => void logs.push(entry) };
  const miner = new WorkerMiner({ workers, log, ...(startWorker === undefined ? {} : { startWorker }) });
  context.after(() => miner.close());
  return { miner, logs };
}

/** Waits for a nonce, with what was tried since the last report before it: threads may take a while to start. */
function foundBy(miner: WorkerMiner, bits: number, of = message): Promise<WorkDone> {
  return new Promise((resolve) => {
    miner.search(of, bits, (done) => {
      if (done.nonce !== undefined) resolve(done);
    });
  });
}

describe('mining on threads', () => {
  for (const workers of [1, 3]) {
    test(`finds nonces that are good, with ${workers} threads`, async (context) => {
      const { miner } = open(context, workers);
      for (let i = 0; i < 20; i++) {
        const other = message.map((byte) => byte + i);
        const { nonce, attempts } = await foundBy(miner, easy, other);
        assert(nonce !== undefined);
        assert.ok(attempts > 0);
        assert.ok(hashNumber(workHash(other, nonce)) <= (parseCompact(easy) as bigint));
      }
    });
  }

  test('reports a hash rate while nothing is found', { timeout: 120_000 }, async (context) => {
    const { miner } = open(context, 1);
    // A thread may take a while to start; from then on each report brings a second's work.
    let attempts = 0;
    await new Promise<void>((resolve) => {
      miner.search(message, hopeless, (done) => {
        assert.equal(done.nonce, undefined);
        attempts = done.attempts;
        if (attempts > 100_000) resolve();
      });
    });
    assert.ok(attempts > 100_000);
  });

  test('a search takes the place of the one before, and a stopped one says nothing', async (context) => {
    const { miner } = open(context, 2);
    let late = 0;
    miner.search(message, hopeless, () => {
      late += 1;
    });
    await foundBy(miner, easy);
    miner.search(message, easy, () => {
      late += 1;
    });
    miner.stop();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(late, 0);
  });

  test('goes on when threads end', async (context) => {
    let ended = 0;
    const broken = () => {
      ended += 1;
      return new Worker('throw new Error("broken")', { eval: true });
    };
    const { miner, logs } = open(context, 1, broken);
    miner.search(message, easy, ({ attempts }) => assert.equal(attempts, 0, 'nobody searches'));
    while (!logs.some(({ level }) => level === 'error'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(ended, 6, 'the first one and five that took its place');
  });
});
