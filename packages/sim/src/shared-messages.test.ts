import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeMessage, type Message } from '@calin/core/p2p/messages/message.ts';
import { SharedMessages } from './shared-messages.ts';

function transactions(n: number, bytes: number): Message {
  return { kind: 'transactions', request: n, transactions: [new Uint8Array(bytes).fill(n)] };
}

describe('messages from another part of a run', () => {
  it('are one object for equal frames, and hold on to nothing of them', () => {
    const shared = new SharedMessages();
    const frame = encodeMessage(transactions(1, 100));
    const message = shared.parse(frame);
    const again = frame.slice();
    frame.fill(0);
    assert.deepEqual(message, transactions(1, 100));
    assert.equal(shared.parse(again), message);
    assert.notEqual(shared.parse(encodeMessage(transactions(2, 100))), message);
  });

  it('are remembered while they are asked for, and forgotten later: the memory does not grow', () => {
    const shared = new SharedMessages();
    const asked = encodeMessage(transactions(0, 100));
    const left = encodeMessage(transactions(1, 100));
    const [first, second] = [shared.parse(asked), shared.parse(left)];
    for (let n = 2; n < 5_000; n++) {
      shared.parse(encodeMessage(transactions(n, 100)));
      if (n % 500 === 0) assert.equal(shared.parse(asked), first);
    }
    assert.notEqual(shared.parse(left), second);
    assert.deepEqual(shared.parse(left), second);
  });

  it('are read anew where they are very short or long', () => {
    const shared = new SharedMessages();
    for (const message of [{ kind: 'ping', nonce: 7 } as const, transactions(1, 10_000)]) {
      const frame = encodeMessage(message);
      assert.deepEqual(shared.parse(frame), message);
      assert.notEqual(shared.parse(frame), shared.parse(frame));
    }
  });
});
