import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { Random } from '../../base/random.ts';
import { KnownTransactions, UNKNOWN } from './known-transactions.ts';
import { RELAY_PEERS_MAX } from './limits.ts';

const fresh = () => new KnownTransactions(new Random(new Uint8Array(32).fill(5)));

describe('known transactions', () => {
  it('remember who has which, through growth of both sides', () => {
    const [known, random] = [fresh(), seededRandom(1)];
    const txids = Array.from({ length: 5_000 }, () => random.bytes(32));
    const model = new Map<Uint8Array, Set<number>>();
    txids.forEach((txid, i) => {
      const slot = Math.min(RELAY_PEERS_MAX - 1, Math.floor(i / 35));
      known.openSlot(slot);
      known.setSequence(known.add(txid), i + 1);
      model.set(txid, new Set());
      for (const one of txids.slice(Math.max(0, i - 3), i + 1)) {
        const row = known.find(one);
        if (row === UNKNOWN) continue;
        known.markKnown(row, slot);
        model.get(one)?.add(slot);
      }
    });
    let forgotten = 0;
    txids.forEach((txid, i) => {
      const row = known.find(txid);
      if (row === UNKNOWN) {
        forgotten += 1;
        return;
      }
      assert.equal(known.sequence(row), i + 1);
      for (let slot = 0; slot < RELAY_PEERS_MAX; slot++) {
        assert.equal(known.isKnownTo(row, slot), model.get(txid)?.has(slot) === true);
      }
    });
    assert.equal(known.count + forgotten, txids.length);
    assert.ok(forgotten <= 25, `${forgotten} forgotten`);
  });

  it('forget what a peer had when its slot is closed, and nothing else', () => {
    const [known, random] = [fresh(), seededRandom(2)];
    known.openSlot(3);
    known.openSlot(40);
    const row = known.add(random.bytes(32));
    known.setRefused(row, 9);
    known.markKnown(row, 3);
    known.markKnown(row, 40);
    known.closeSlot(40);
    assert.deepEqual(
      [known.isKnownTo(row, 3), known.isKnownTo(row, 40), known.refusedIn(row)],
      [true, false, 9],
    );
    known.closeSlot(3);
    assert.deepEqual([known.isKnownTo(row, 3), known.sequence(row), known.refusedIn(row)], [false, 0, 9]);
  });

  it('are found by their first eight bytes, wherever they lie in memory', () => {
    const [known, random] = [fresh(), seededRandom(3)];
    const txid = random.bytes(32);
    const row = known.add(txid);
    const shifted = new Uint8Array(33);
    shifted.set(txid, 1);
    assert.equal(known.find(shifted.subarray(1)), row);
    const other = txid.slice();
    other[7] = (other[7] as number) ^ 1;
    assert.equal(known.find(other), UNKNOWN);
  });

  it('stay bounded, and the youngest are there', () => {
    const [known, random] = [fresh(), seededRandom(4)];
    const last: Uint8Array[] = [];
    for (let i = 0; i < 400_000; i++) {
      const txid = new Uint8Array(32);
      new Uint32Array(txid.buffer, 0, 2).set([random.u32(), random.u32()]);
      known.add(txid);
      if (i >= 399_000) last.push(txid);
    }
    assert.ok(known.count <= 262_144);
    assert.ok(last.filter((txid) => known.find(txid) !== UNKNOWN).length > 990);
  });

  it('take as much memory at the start as they ever do, where that is wanted, and remember the same', () => {
    const [random, dice] = [seededRandom(3), () => new Random(new Uint8Array(32).fill(5))];
    const [growing, reserved] = [new KnownTransactions(dice()), new KnownTransactions(dice(), true)];
    const { memoryBytes } = reserved;
    assert.ok(growing.memoryBytes < 10_000);
    const txids = Array.from({ length: 60_000 }, () => random.bytes(32));
    for (const known of [growing, reserved]) for (const txid of txids) known.add(txid);
    assert.equal(reserved.memoryBytes, memoryBytes);
    assert.equal(growing.memoryBytes, memoryBytes);
    assert.ok(memoryBytes < 6 * 2 ** 20);
    const kept = (known: KnownTransactions) => txids.filter((txid) => known.find(txid) !== UNKNOWN).length;
    assert.ok(kept(growing) > 0.99 * txids.length);
    assert.ok(kept(reserved) >= kept(growing));
  });
});
