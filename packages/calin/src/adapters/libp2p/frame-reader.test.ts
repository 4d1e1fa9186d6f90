import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FrameReader, frameHeader } from './frame-reader.ts';

const MAX = 100_000;

function wire(frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(frames.flatMap((frame) => [frameHeader(frame.length), frame]));
}

describe('the frame reader', () => {
  it('gives the frames that were written, however the stream is cut', () => {
    const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { maxLength: 20 });
    const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(frames, cuts, (written, sizes) => {
        const reader = new FrameReader({ frameBytesMax: 400 });
        const stream = wire(written);
        const read: Uint8Array[] = [];
        for (let offset = 0, i = 0; offset < stream.length; i++) {
          const piece = stream.subarray(offset, offset + (sizes[i % sizes.length] as number));
          offset += piece.length;
          const result = reader.read(Uint8Array.from(piece));
          assert.ok(result.ok);
          read.push(...result.value);
        }
        assert.deepEqual(read.map(hex), written.map(hex));
        assert.equal(reader.isUnfinished, false);
        assert.equal(reader.heldBytes, 0);
      }),
    );
  });

  it('refuses a length of nothing and one over the limit before any of the frame is kept', () => {
    for (const length of [0, MAX + 1, 2 ** 32 - 1]) {
      const reader = new FrameReader({ frameBytesMax: MAX });
      const result = reader.read(wire([new Uint8Array(1)]).fill(0xff, 4));
      assert.ok(result.ok);
      const refused = reader.read(Buffer.concat([frameHeader(length), new Uint8Array(50)]));
      assert.equal(refused.ok ? '' : refused.error.rule, 'network/frame-length');
      assert.equal(reader.heldBytes, 0);
    }
  });

  it('takes the largest frame', () => {
    const reader = new FrameReader({ frameBytesMax: MAX });
    const frame = new Uint8Array(MAX).fill(7);
    const result = reader.read(wire([frame]));
    assert.ok(result.ok);
    assert.deepEqual(result.value, [frame]);
  });

  it('holds memory for what has arrived, not for what was announced', () => {
    const reader = new FrameReader({ frameBytesMax: 2 ** 25 });
    reader.read(frameHeader(2 ** 25));
    assert.equal(reader.heldBytes, 0);
    reader.read(new Uint8Array(1));
    assert.ok(reader.heldBytes <= 16_384);
    for (let sent = 1; sent < 2 ** 20; sent += 1000) reader.read(new Uint8Array(1000));
    assert.ok(reader.heldBytes <= 2 ** 21 + 2000, `${reader.heldBytes}`);
  });

  it('gives frames that do not change with the stream they came in', () => {
    const reader = new FrameReader({ frameBytesMax: MAX });
    const stream = wire([Uint8Array.of(1, 2, 3)]);
    const result = reader.read(stream);
    stream.fill(0);
    assert.ok(result.ok);
    assert.deepEqual(result.value, [Uint8Array.of(1, 2, 3)]);
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
