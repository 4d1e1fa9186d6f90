import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameReader } from './frame-reader.ts';
import { PIECE_BYTES } from './limits.ts';
import { type OutgoingStream, SendLane } from './send-lane.ts';

/** A stream that takes a number of pieces, then wants to be drained. */
class SlowStream implements OutgoingStream {
  readonly pieces: Uint8Array[] = [];
  readonly #listeners: (() => void)[] = [];
  #room = 0;

  get writableNeedsDrain(): boolean {
    return this.#room === 0;
  }

  send(bytes: Uint8Array): boolean {
    assert.ok(this.#room > 0, 'nothing is sent before the drain');
    this.#room -= 1;
    this.pieces.push(bytes);
    return this.#room > 0;
  }

  addEventListener(_type: 'drain', listener: () => void): void {
    this.#listeners.push(listener);
  }

  drain(pieces: number): void {
    this.#room = pieces;
    for (const listener of this.#listeners) listener();
  }
}

function unwanted(error: unknown): void {
  throw error;
}

function frames(pieces: readonly Uint8Array[]): Uint8Array[] {
  const reader = new FrameReader({ frameBytesMax: 2 ** 25 });
  return pieces.flatMap((piece) => {
    const result = reader.read(piece);
    assert.ok(result.ok);
    return result.value;
  });
}

describe('a lane', () => {
  it('keeps what the stream does not take, counts it, and goes on when it is drained', () => {
    const stream = new SlowStream();
    const lane = new SendLane(stream, unwanted);
    const sizes = [1, 5000, 3, 4096, 200_000, 7, 8];
    const sent = sizes.map((size, i) => new Uint8Array(size).fill(i + 1));
    for (const frame of sent) lane.add(frame);
    const total = sizes.reduce((sum, size) => sum + size + 4, 0);
    assert.equal(lane.waitingBytes, total);
    assert.equal(lane.waitingEntries, 2 * sizes.length);
    for (let turn = 0; lane.waitingEntries > 0; turn++) {
      assert.ok(turn < 100);
      stream.drain(1);
      const taken = stream.pieces.reduce((sum, { length }) => sum + length, 0);
      assert.equal(lane.waitingBytes, total - taken);
    }
    assert.equal(lane.waitingBytes, 0);
    assert.deepEqual(frames(stream.pieces), sent);
    assert.ok(stream.pieces.every(({ length }) => length <= PIECE_BYTES));
  });

  it('sends many small frames in few pieces, and forgets them', () => {
    const stream = new SlowStream();
    const lane = new SendLane(stream, unwanted);
    const sent = Array.from({ length: 5000 }, (_, i) => new Uint8Array(1 + (i % 60)).fill(i));
    for (const frame of sent) lane.add(frame);
    stream.drain(1000);
    assert.deepEqual(frames(stream.pieces), sent);
    assert.ok(stream.pieces.length < 10, `${stream.pieces.length} pieces`);
    assert.equal(lane.waitingEntries, 0);
  });

  it('sends in the wake of the turn, without a drain', async () => {
    const stream = new SlowStream();
    stream.drain(10);
    const lane = new SendLane(stream, unwanted);
    lane.add(Uint8Array.of(1));
    lane.add(Uint8Array.of(2));
    assert.equal(stream.pieces.length, 0);
    await Promise.resolve();
    assert.equal(stream.pieces.length, 1);
    assert.deepEqual(frames(stream.pieces), [Uint8Array.of(1), Uint8Array.of(2)]);
  });

  it('tells of a stream that takes no more', async () => {
    const failures: unknown[] = [];
    const closed = {
      writableNeedsDrain: false,
      send: () => {
        throw new Error('closed');
      },
      addEventListener: () => {},
    };
    const lane = new SendLane(closed, (error) => failures.push(error));
    lane.add(Uint8Array.of(1));
    await Promise.resolve();
    assert.equal(failures.length, 1);
  });

  it('drops what waits when it is told to', () => {
    const stream = new SlowStream();
    const lane = new SendLane(stream, unwanted);
    lane.add(new Uint8Array(100_000));
    stream.drain(1);
    lane.clear();
    stream.drain(100);
    assert.equal(lane.waitingBytes, 0);
    assert.equal(lane.waitingEntries, 0);
    assert.equal(stream.pieces.length, 1);
  });

  it('says what is left of the frame that is being sent', () => {
    const stream = new SlowStream();
    const lane = new SendLane(stream, unwanted);
    assert.equal(lane.firstBytes, 0);
    const large = new Uint8Array(3 * PIECE_BYTES);
    lane.add(large);
    lane.add(new Uint8Array(100));
    assert.equal(lane.firstBytes, 4 + large.length);
    stream.drain(2);
    assert.equal(lane.firstBytes, large.length - PIECE_BYTES);
    stream.drain(2);
    assert.equal(lane.firstBytes, 104);
    // A frame that is as long as a length is told from one.
    lane.add(new Uint8Array(4));
    lane.add(new Uint8Array(50));
    stream.drain(1);
    assert.equal(lane.firstBytes, 0);
    lane.add(new Uint8Array(4));
    lane.add(new Uint8Array(50));
    assert.equal(lane.firstBytes, 8);
  });
});
