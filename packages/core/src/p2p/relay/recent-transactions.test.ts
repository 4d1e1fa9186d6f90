import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesKey } from '../../base/bytes-key.ts';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { Random } from '../../base/random.ts';
import type { BatchHasher } from '../../crypto/batch-hash.ts';
import { createPlainHasher } from '../../crypto/plain-hasher.ts';
import { transactionLeaves } from '../../primitives/block.ts';
import { type Transaction, transactionLeaf } from '../../primitives/transaction.ts';
import { RECENT_AGE_MS_MAX, RECENT_BYTES_MAX } from './limits.ts';
import { NOT_FOUND, RecentTransactions } from './recent-transactions.ts';
import { testTransaction } from './relay.testing.ts';

/** Recent transactions beside a pool that is a set of keys. */
function scene(hasher: BatchHasher = createPlainHasher()) {
  const pool = new Set<string>();
  const isPooled = (txid: Uint8Array) => pool.has(bytesKey(txid));
  const recent = new RecentTransactions(new Random(new Uint8Array(32)), isPooled);
  const add = (transactions: readonly Transaction[], nowMs: number) =>
    recent.add({ transactions, leaves: transactionLeaves(transactions, hasher) }, nowMs);
  return { pool, recent, add };
}

function isFound(recent: RecentTransactions, transaction: Transaction): boolean {
  const place = recent.find(transactionLeaf(transaction), 0);
  if (place === NOT_FOUND) return false;
  assert.equal(recent.bytesAt(place), transaction.bytes);
  const leaf = new Uint8Array(32);
  recent.copyLeaf(place, leaf, 0);
  assert.deepEqual(leaf, transactionLeaf(transaction));
  return true;
}

describe('recent transactions', () => {
  it('are those of the pool and those that left it a moment ago', () => {
    const [{ pool, recent, add }, random] = [scene(), seededRandom(1)];
    const all: { transaction: Transaction; leftMs: number }[] = [];
    for (let nowMs = 0; nowMs < 400_000; nowMs += 1_000) {
      const added = Array.from({ length: random.below(4) }, () => testTransaction(random));
      for (const transaction of added) {
        pool.add(bytesKey(transaction.txid));
        all.push({ transaction, leftMs: Number.POSITIVE_INFINITY });
      }
      add(added, nowMs);
      for (const one of all) {
        if (one.leftMs < Number.POSITIVE_INFINITY || !random.oneIn(60)) continue;
        pool.delete(bytesKey(one.transaction.txid));
        one.leftMs = nowMs;
      }
      if (random.oneIn(10)) recent.sweep(nowMs);
      if (!random.oneIn(8)) continue;
      for (const one of all) {
        if (one.leftMs === Number.POSITIVE_INFINITY) assert.ok(isFound(recent, one.transaction));
      }
    }
    recent.sweep(400_000);
    const stays = all.filter(({ leftMs }) => leftMs > 400_000 - RECENT_AGE_MS_MAX).length;
    const found = all.filter(({ transaction }) => isFound(recent, transaction)).length;
    // What was seen in the pool within the time may be there although it left right after.
    assert.ok(found <= stays + 120 && found <= recent.count, `${found} found of ${stays}`);
    pool.clear();
    recent.sweep(400_000 + 2 * RECENT_AGE_MS_MAX);
    assert.deepEqual([recent.count, recent.bytes], [0, 0]);
  });

  it('keep the time at which they came', () => {
    const [{ pool, recent, add }, random] = [scene(), seededRandom(2)];
    const transaction = testTransaction(random);
    pool.add(bytesKey(transaction.txid));
    add([transaction], 1_000);
    for (let nowMs = 1_000; nowMs < 500_000; nowMs += 50_000) recent.sweep(nowMs);
    add([transaction], 500_000);
    assert.equal(recent.count, 1);
    assert.equal(recent.receivedMsAt(recent.find(transactionLeaf(transaction), 0)), 1_000);
  });

  it('of which two share a short id are not found by it', () => {
    const plain = createPlainHasher();
    // A hash whose first eight bytes are always the same.
    const weak: BatchHasher = {
      ...plain,
      hashSpans(key, spans, count, out) {
        plain.hashSpans(key, spans, count, out);
        for (let i = 0; i < count; i++) out.fill(7, 32 * i, 32 * i + 8);
      },
    };
    const [{ recent, add }, random] = [scene(weak), seededRandom(3)];
    const [one, two] = [testTransaction(random), testTransaction(random)];
    const shortId = new Uint8Array(8).fill(7);
    add([one], 0);
    assert.notEqual(recent.find(shortId, 0), NOT_FOUND);
    add([one], 0);
    assert.notEqual(recent.find(shortId, 0), NOT_FOUND);
    add([two], 0);
    assert.equal(recent.find(shortId, 0), NOT_FOUND);
    recent.sweep(RECENT_AGE_MS_MAX);
    assert.equal(recent.count, 0);
    add([two], RECENT_AGE_MS_MAX);
    assert.notEqual(recent.find(shortId, 0), NOT_FOUND);
  });

  it('stay within their bytes', () => {
    // Hashing a hundred megabytes would be most of the test.
    const quick: BatchHasher = {
      ...createPlainHasher(),
      hashSpans: (_key, _spans, count, out) => out.set(random.bytes(32 * count)),
    };
    const random = seededRandom(4);
    const { pool, recent, add } = scene(quick);
    const small = testTransaction(random);
    const bytes = new Uint8Array(1_000_000);
    for (let i = 0; i < 120; i++) {
      const large = { ...small, txid: random.bytes(32), bytes: bytes.slice().fill(i) };
      pool.add(bytesKey(large.txid));
      add([large], 0);
    }
    assert.ok(recent.bytes <= RECENT_BYTES_MAX + 1_000_000 && recent.count > 90);
  });
});
