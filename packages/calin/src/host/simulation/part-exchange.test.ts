import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { divideRegions } from '@calin/sim/divide-regions.ts';
import { WORLD } from '@calin/sim/regions.ts';
import { goTo } from './part-exchange.testing.ts';
import { allocateExchange, PartExchange } from './part-exchange.ts';

const HALVES = divideRegions(WORLD, 2);

function createPair() {
  const memory = allocateExchange(2);
  return [new PartExchange(0, HALVES, memory), new PartExchange(1, HALVES, memory)] as const;
}

describe('the exchange between parts of a run', () => {
  it('lets a part go as far as the others have come and their lookahead', () => {
    const [a, b] = createPair();
    assert.equal(a.boundUs, 42_000);
    b.say(1_000_000);
    assert.equal(a.boundUs, 1_042_000);
    assert.equal(b.boundUs, 42_000);
    a.say(Number.POSITIVE_INFINITY);
    assert.equal(b.boundUs, 2 ** 53, 'nothing comes any more');
    assert.throws(() => b.say(999_999), /time does not go back/);
  });

  it('looks at the slowest of several parts', () => {
    const memory = allocateExchange(3);
    const thirds = divideRegions(WORLD, 3);
    const [a, b, c] = [0, 1, 2].map((index) => new PartExchange(index, thirds, memory));
    b?.say(1_000_000);
    c?.say(2_000_000);
    assert.equal(a?.boundUs, 1_000_000 + (thirds.lookaheadUs[1]?.[0] ?? 0));
    b?.say(5_000_000);
    assert.equal(a?.boundUs, 2_000_000 + (thirds.lookaheadUs[2]?.[0] ?? 0));
  });

  it('is alone where there is one part', () => {
    const alone = new PartExchange(0, divideRegions(WORLD, 1), allocateExchange(1));
    assert.ok(alone.boundUs >= Number.MAX_SAFE_INTEGER);
  });

  it('wakes who waits only for something new', () => {
    const [a, b] = createPair();
    const { version } = a;
    b.say(10);
    assert.notEqual(a.version, version);
    a.wait(version);
    const known = a.version;
    b.say(10);
    assert.equal(a.version, known);
  });

  it('leaves no part asleep: two with nothing to do come to the end by words alone', () => {
    const memory = allocateExchange(2);
    const endUs = 1_000 * 42_000;
    const worker = new Worker(new URL('./part-exchange.testing.ts', import.meta.url), {
      workerData: { memory, endUs },
    });
    try {
      // A word that wakes nobody costs a tenth of a second, and there are a thousand.
      const startedMs = performance.now();
      goTo(endUs, new PartExchange(0, HALVES, memory));
      assert.ok(performance.now() - startedMs < 60_000);
    } finally {
      void worker.terminate();
    }
  });

  it('carries batches in order, empty ones too, and holds on to none of the bytes', () => {
    const [a, b] = createPair();
    const nothing = () => assert.fail('nothing comes back');
    for (const batch of [[1, 2, 3], [], [4]]) a.send(1, Uint8Array.from(batch), nothing);
    const got: number[][] = [];
    b.receive((bytes) => got.push([...bytes]));
    assert.deepEqual(got, [[1, 2, 3], [], [4]]);
  });

  it('carries batches that are longer than its rings, both ways at once', async () => {
    const memory = allocateExchange(2, 1_024);
    const batches = 40;
    const worker = new Worker(new URL('./part-exchange.testing.ts', import.meta.url), {
      workerData: { memory, batches },
    });
    try {
      const exchange = new PartExchange(0, HALVES, memory);
      const lengthOf = (n: number) => (n % 3 === 0 ? 50_000 + n : n);
      const got: Uint8Array[] = [];
      const take = (bytes: Uint8Array) => void got.push(bytes.slice());
      for (let n = 0; n < batches; n++) exchange.send(1, new Uint8Array(lengthOf(n)).fill(n), take);
      for (let untilMs = performance.now() + 20_000; got.length < batches && performance.now() < untilMs; ) {
        const { version } = exchange;
        exchange.receive(take);
        if (got.length < batches) exchange.wait(version);
      }
      assert.deepEqual(
        got.map(({ length }) => length),
        Array.from({ length: batches }, (_, n) => lengthOf(n)),
      );
      for (const [n, bytes] of got.entries()) assert.ok(bytes.every((byte) => byte === n));
    } finally {
      await worker.terminate();
    }
  });
});
