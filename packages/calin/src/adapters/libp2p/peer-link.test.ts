import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BULK_FRAME_BYTES_MAX, QUEUE_BYTES_MAX } from './limits.ts';
import { type LinkStreams, PeerLink } from './peer-link.ts';

/** A stream of a peer that reads nothing. */
function stuckStream() {
  return { status: 'open', writableNeedsDrain: true, addEventListener: () => {}, abort: () => {} };
}

function stuckLink() {
  const broken: (string | undefined)[] = [];
  const streams = { peer: 'peer', opener: 'peer', urgent: stuckStream(), bulk: stuckStream() };
  const link = new PeerLink(streams as unknown as LinkStreams, {
    frame: () => {},
    held: () => {},
    broken: (_link, _why, rule) => void broken.push(rule?.rule),
  });
  return { link, broken };
}

describe('a link to a peer that is slow', () => {
  it('stays while a block of the largest size is on its way, and other things wait behind it', () => {
    const { link, broken } = stuckLink();
    link.send(new Uint8Array(BULK_FRAME_BYTES_MAX), false);
    for (let i = 0; i < 1_000; i++) link.send(new Uint8Array(1_000), i % 2 === 0);
    link.send(new Uint8Array(QUEUE_BYTES_MAX / 2), false);
    assert.deepEqual(broken, []);
  });

  it('is broken by rule when more waits behind it, and when many small frames wait', () => {
    const { link, broken } = stuckLink();
    for (let i = 0; i < 2; i++) link.send(new Uint8Array(BULK_FRAME_BYTES_MAX), false);
    assert.deepEqual(broken, []);
    link.send(new Uint8Array(1), true);
    assert.deepEqual(broken, ['network/unread']);
    const small = stuckLink();
    for (let i = 0; i < 40_000; i++) small.link.send(new Uint8Array(1), true);
    assert.deepEqual(small.broken, ['network/unread']);
  });
});
