import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageSize } from './image-size.ts';

/** The head of a WebP file with a chunk of a kind, filled by the caller. */
function webp(kind: string, fill: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write(`WEBP${kind}`, 8, 'latin1');
  fill(bytes);
  return bytes;
}

test('the three kinds of WebP say their size', () => {
  const lossy = webp('VP8 ', (bytes) => {
    bytes.writeUInt16LE(1280, 26);
    // The two bits above are a scale, and no part of the height.
    bytes.writeUInt16LE(720 | 0x4000, 28);
  });
  assert.deepEqual(imageSize(lossy), { width: 1280, height: 720 });
  const lossless = webp('VP8L', (bytes) => bytes.writeUInt32LE((1279 | (719 << 14)) >>> 0, 21));
  assert.deepEqual(imageSize(lossless), { width: 1280, height: 720 });
  const extended = webp('VP8X', (bytes) => {
    bytes.writeUIntLE(1279, 24, 3);
    bytes.writeUIntLE(719, 27, 3);
  });
  assert.deepEqual(imageSize(extended), { width: 1280, height: 720 });
});

test('SVG says it by its attributes, else by its view box', () => {
  const size = (text: string) => imageSize(Buffer.from(text));
  assert.deepEqual(size('<svg width="640px" height="360" viewBox="0 0 2 1">'), { width: 640, height: 360 });
  assert.deepEqual(size('<?xml version="1.0"?>\n<svg viewBox="0 0 300.4 200">'), { width: 300, height: 200 });
  assert.equal(size('<svg>'), undefined);
  assert.equal(size('nothing of the kind'), undefined);
});
