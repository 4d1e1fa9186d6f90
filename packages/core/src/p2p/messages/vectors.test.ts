import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '../../base/bytes.ts';
import { MESSAGE_KINDS, parseMessage } from './message.ts';
import { frameVectors } from './vectors.ts';

const path = new URL('../../../../../vectors/p2p-messages.json', import.meta.url);
const committed = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly frame: readonly { readonly message: { readonly kind: string }; readonly frame: string }[];
};

describe('the vectors of messages', () => {
  it('are those that were reviewed', () => {
    const frames = frameVectors().map(({ frame }) => toHex(frame));
    assert.deepEqual(
      committed.frame.map(({ frame }) => frame),
      frames,
    );
  });

  it('hold one message of each kind', () => {
    assert.deepEqual(
      committed.frame.map(({ message }) => message.kind),
      [...MESSAGE_KINDS],
    );
  });

  it('are read back to the same messages', () => {
    for (const [i, { message }] of frameVectors().entries()) {
      const parsed = parseMessage(fromHex(committed.frame[i]?.frame ?? ''));
      assert.ok(parsed.ok, message.kind);
      assert.deepEqual(parsed.value, message);
    }
  });
});
