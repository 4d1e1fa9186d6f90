import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SIGNATURE_RECORD_BYTES } from '@calin/core/crypto/signature-records.ts';
import { allocateRing, BATCH_RECORDS, MAIN_THREAD, SignatureRing } from './signature-ring.ts';

/** Publishes a batch of `count` records filled with `value`: its slot. */
function publish(ring: SignatureRing, count: number, value: number): number {
  const slot = ring.vacant();
  ring.fill(slot, 0, new Uint8Array(count * SIGNATURE_RECORD_BYTES).fill(value));
  ring.publish(slot, count);
  return slot;
}

describe('a ring of signatures', () => {
  test('gives each batch to one thread, in order, and its records with it', () => {
    const memory = allocateRing(4);
    const [ours, theirs] = [new SignatureRing(memory), new SignatureRing(memory)];
    assert.equal(ours.claim(MAIN_THREAD), -1, 'nothing to do');
    const first = publish(ours, 3, 7);
    const second = publish(ours, BATCH_RECORDS, 9);
    assert.equal(theirs.claim(1), first);
    assert.equal(ours.claim(MAIN_THREAD), second);
    assert.equal(theirs.claim(1), -1);
    assert.deepEqual([theirs.count(first), theirs.count(second)], [3, BATCH_RECORDS]);
    assert.equal(theirs.words[0], 0x07070707);
    assert.equal(theirs.words[(BATCH_RECORDS * SIGNATURE_RECORD_BYTES) / 4], 0x09090909);
  });

  test('is full until the oldest batch has been taken out, and verdicts cross over', () => {
    const memory = allocateRing(2);
    const [ours, theirs] = [new SignatureRing(memory), new SignatureRing(memory)];
    const slots = [publish(ours, 1, 1), publish(ours, 1, 2)];
    assert.equal(ours.vacant(), -1);
    for (const slot of slots) assert.equal(theirs.claim(1), slot);
    assert.throws(() => theirs.finish(0, 2), 'only who claimed it finishes a batch');
    assert.throws(() => ours.free(0), 'it is not done');
    theirs.verdicts(1)[0] = 1;
    theirs.finish(1, 1);
    assert.ok(ours.isDone(1) && !ours.isDone(0));
    assert.equal(ours.verdicts(1)[0], 1);
    ours.free(1);
    assert.equal(ours.vacant(), -1, 'slots are filled in turn');
    theirs.finish(0, 1);
    ours.free(0);
    assert.equal(ours.vacant(), 0);
  });

  test('gives back what a thread leaves behind, and nothing else', () => {
    const memory = allocateRing(8);
    const ring = new SignatureRing(memory);
    for (let i = 0; i < 6; i++) publish(ring, 1, i);
    const byTwo: number[] = [];
    for (let i = 0; i < 5; i++) {
      const thread = 1 + (i % 2);
      const slot = ring.claim(thread);
      if (thread === 2) byTwo.push(slot);
    }
    ring.finish(byTwo[0] as number, 2);
    assert.deepEqual(ring.takeOver(2), byTwo.slice(1), 'what was finished counts');
    assert.deepEqual(ring.takeOver(2), []);
    for (const slot of byTwo.slice(1)) ring.finish(slot, MAIN_THREAD);
    assert.equal(ring.claim(MAIN_THREAD), 5, 'the last one was claimed by nobody');
  });

  test('counts on past the end of its 32-bit words', () => {
    for (const begin of [2 ** 31 - 3, -3]) {
      const memory = allocateRing(4);
      new Int32Array(memory.control).fill(begin, 0, 2);
      const ring = new SignatureRing(memory);
      for (let i = 0; i < 20; i++) {
        const slot = publish(ring, 1, i);
        assert.equal(ring.claim(MAIN_THREAD), slot);
        assert.equal(ring.claim(MAIN_THREAD), -1);
        ring.finish(slot, MAIN_THREAD);
        ring.free(slot);
      }
    }
  });

  test('finds its batches when the hint of where the next one is lags by whole rounds', () => {
    const memory = allocateRing(4);
    const control = new Int32Array(memory.control);
    const ring = new SignatureRing(memory);
    for (let i = 0; i < 6; i++) {
      const slot = publish(ring, 1, i);
      const hint = control[1] as number;
      ring.claim(MAIN_THREAD);
      ring.finish(slot, MAIN_THREAD);
      ring.free(slot);
      // As if the thread had been stopped between claiming and moving the hint on.
      if (i > 0) control[1] = hint;
    }
    const slots = [publish(ring, 1, 6), publish(ring, 1, 7), publish(ring, 1, 8)];
    const claimed = slots.map(() => ring.claim(1));
    assert.deepEqual(claimed.toSorted(), slots.toSorted());
    assert.equal(ring.claim(1), -1);
  });

  test('the word to tell is given to one thread each time it is asked for', () => {
    const ring = new SignatureRing(allocateRing(2));
    assert.ok(!ring.mustTell());
    ring.listen(true);
    assert.deepEqual([ring.mustTell(), ring.mustTell()], [true, false]);
    ring.listen(true);
    ring.listen(false);
    assert.ok(!ring.mustTell());
  });
});
