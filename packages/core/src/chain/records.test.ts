import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { historyLayout } from '../history/layout.ts';
import { snapshotManifest } from '../state/snapshot.ts';
import { emptyState } from '../state/world-state.ts';
import { expectOk } from './chain.testing.ts';
import { layout } from './layout.ts';
import {
  encodeCheckpoint,
  encodeHead,
  encodeJoin,
  encodeMeta,
  encodeSides,
  parseCheckpoint,
  parseHead,
  parseJoin,
  parseMeta,
  parseSides,
} from './records.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

describe('records of the store', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(
        hash,
        u32,
        u32,
        fc.maxSafeNat(),
        fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        (id, a, b, sequence, weight) => {
          const head = { id, height: Math.max(a, b), finalHeight: Math.min(a, b), sequence, weight };
          assert.deepEqual(expectOk(parseHead(encodeHead(head))), head);
          const meta = { formatVersion: a, chainId: id };
          assert.deepEqual(expectOk(parseMeta(encodeMeta(meta))), meta);
        },
      ),
    );
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 20 }), (ids) => {
        assert.deepEqual(expectOk(parseSides(encodeSides(ids))), ids);
        const manifest = snapshotManifest(
          emptyState,
          { height: 7, hash: new Uint8Array(32) },
          ids,
          undefined,
        );
        const complete = { kind: 'complete', manifest } as const;
        assert.deepEqual(expectOk(parseCheckpoint(encodeCheckpoint(complete))), complete);
      }),
    );
    fc.assert(
      fc.property(u32, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (height, weight) => {
        for (const join of [{ kind: 'headers', height, weight } as const, { kind: 'past' } as const]) {
          const bytes = encodeJoin(join);
          assert.deepEqual(expectOk(parseJoin(bytes)), join);
          assert.ok(!parseJoin(bytes.slice(0, -1)).ok && !parseJoin(Uint8Array.of(...bytes, 0)).ok);
          assert.ok(!parseJoin(bytes.with(0, 2)).ok);
        }
      }),
    );
    const writing = { kind: 'writing', chunks: 131_072 } as const;
    assert.deepEqual(expectOk(parseCheckpoint(encodeCheckpoint(writing))), writing);
  });

  it('are refused cut, grown, or out of range', () => {
    const head = encodeHead({ id: new Uint8Array(32), height: 5, finalHeight: 5, sequence: 1, weight: 5n });
    const meta = encodeMeta({ formatVersion: 1, chainId: new Uint8Array(32) });
    const sides = encodeSides([new Uint8Array(32)]);
    const writing = encodeCheckpoint({ kind: 'writing', chunks: 3 });
    const cases = [
      [head, parseHead],
      [meta, parseMeta],
      [sides, parseSides],
      [writing, parseCheckpoint],
    ] as const;
    for (const [bytes, parse] of cases) {
      assert.ok(parse(bytes).ok);
      assert.ok(!parse(bytes.slice(0, -1)).ok);
      assert.ok(!parse(Uint8Array.of(...bytes, 0)).ok);
    }
    assert.ok(!parseHead(head.with(36, 6)).ok, 'final above the head');
    assert.ok(!parseCheckpoint(writing.with(0, 2)).ok);
    assert.ok(!parseCheckpoint(writing.with(3, 3)).ok, 'more chunks than there can be');
    assert.ok(!parseCheckpoint(new Uint8Array(0)).ok);
    assert.throws(() =>
      encodeHead({ id: new Uint8Array(32), height: 0, finalHeight: 0, sequence: 0, weight: 2n ** 256n }),
    );
  });
});

describe('keys of the store', () => {
  const id = new Uint8Array(32).fill(1);
  const keys = [
    layout.meta,
    layout.head,
    layout.sides,
    layout.pool,
    layout.pruned,
    layout.join,
    layout.outline,
    layout.voting,
    layout.sealed,
    layout.certificate(1),
    layout.setProofs(1),
    layout.network(id),
    layout.height(1),
    layout.header(id),
    layout.block(id),
    layout.receipts(id),
    layout.undo(id),
    layout.checkpoint(1),
    layout.chunk(1, 1),
    historyLayout.indexed,
    historyLayout.transaction(id),
    historyLayout.txids(1, 1),
    historyLayout.account(id),
    historyLayout.page(id, 1),
  ];

  it('start with a byte of their own, which is not the adapter’s', () => {
    const prefixes = keys.map(([prefix]) => prefix);
    assert.equal(new Set(prefixes).size, keys.length);
    assert.ok(!prefixes.includes(0xff));
  });

  it('are all named by the layout and by the records that list them', () => {
    assert.equal(keys.length, Object.keys(layout).length + Object.keys(historyLayout).length);
  });

  it('sort by their numbers', () => {
    for (const make of [
      layout.height,
      (n: number) => layout.chunk(1, n),
      (n: number) => historyLayout.txids(n, 0),
      (n: number) => historyLayout.txids(1, n),
      (n: number) => historyLayout.page(id, n),
    ]) {
      const made = [0, 1, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1].map((n) =>
        Buffer.from(make(n)).toString('latin1'),
      );
      assert.deepEqual(made, made.toSorted());
    }
  });
});
