import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Production } from '../consensus/engine.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { Draws } from './draws.ts';
import { EvidencePool } from './evidence-pool.ts';
import { Outbox } from './outbox.ts';
import { SealGuard } from './seal-guard.ts';

const KEY = Uint8Array.of(0x77);
const production = {
  signedTurns: { numberOf: ({ height }: { height: number }) => height },
} as unknown as Production;

/** Does what a runner does with commits. */
function commit(outbox: Outbox, store: MemoryStore): void {
  for (const effect of outbox.take()) {
    if (effect.type === 'commit') store.commit(effect.batch, () => outbox.committed(effect.sequence));
  }
}

describe('the guard of turns', () => {
  it('gives each turn once, and none before it, also after a start', () => {
    const [outbox, store] = [new Outbox(), new MemoryStore()];
    const guard = new SealGuard({ production, store, outbox, key: KEY });
    const turn = guard.turnOf({ height: 7, timeMs: 1, producer: KEY, claim: KEY }) ?? assert.fail();
    assert.equal(turn, 7);
    assert.ok(guard.isFree(turn));
    guard.take(turn);
    commit(outbox, store);
    for (const one of [guard, new SealGuard({ production, store: store.crash(), outbox, key: KEY })]) {
      assert.deepEqual(
        [6, 7, 8].map((at) => one.isFree(at)),
        [false, false, true],
      );
    }
    assert.throws(() => guard.take(7));
  });

  it('knows no turns where two blocks in one are no offence, and refuses a damaged record', () => {
    const [outbox, store] = [new Outbox(), new MemoryStore()];
    const open = new SealGuard({ production: {} as Production, store, outbox, key: KEY });
    assert.equal(open.turnOf({ height: 7, timeMs: 1, producer: KEY, claim: KEY }), undefined);
    for (const record of [new Uint8Array(3), new Uint8Array(12), new Uint8Array(40).fill(1)]) {
      const damaged = { get: () => record };
      assert.throws(() => new SealGuard({ production, store: damaged, outbox, key: KEY }));
    }
  });
});

describe('what the key draws', () => {
  const setUp = () => {
    const outbox = new Outbox();
    let jobs = 0;
    return { outbox, draws: new Draws({ outbox, nextJob: () => ++jobs }) };
  };

  it('is asked for once for each input', () => {
    const { outbox, draws } = setUp();
    const input = Uint8Array.of(1, 2);
    draws.ask(input);
    draws.ask(input);
    assert.deepEqual(outbox.take(), [{ type: 'prove', job: 1, input }]);
    assert.equal(draws.of(input), undefined);
    assert.equal(draws.take(9, KEY), 'other');
    assert.equal(draws.take(1, KEY), 'taken');
    assert.deepEqual(draws.of(input), KEY);
    draws.ask(Uint8Array.of(3));
    assert.equal(draws.take(2, undefined), 'failed');
    assert.equal(draws.of(Uint8Array.of(3)), undefined);
  });

  it('is kept for a few inputs', () => {
    const { draws } = setUp();
    for (let i = 1; i <= 1_000; i++) {
      draws.ask(Uint8Array.of(i & 0xff, i >> 8));
      draws.take(i, KEY);
    }
    const kept = Array.from({ length: 1_000 }, (_, i) =>
      draws.of(Uint8Array.of((i + 1) & 0xff, (i + 1) >> 8)),
    );
    assert.equal(kept.filter((proof) => proof !== undefined).length, 8);
    assert.notEqual(kept.at(-1), undefined);
  });
});

describe('the pool of evidence', () => {
  it('holds each piece once, the newest of many, until it is dropped', () => {
    const pool = new EvidencePool();
    const piece = (i: number) => Uint8Array.of(i & 0xff, i >> 8, 1);
    assert.ok(pool.add(piece(1)));
    assert.ok(!pool.add(piece(1)));
    for (let i = 2; i <= 1_000; i++) pool.add(piece(i));
    assert.equal(pool.size, 64);
    assert.deepEqual(pool.all().at(-1), piece(1_000));
    pool.drop(piece(1_000));
    pool.drop(piece(5));
    assert.equal(pool.size, 63);
  });
});
