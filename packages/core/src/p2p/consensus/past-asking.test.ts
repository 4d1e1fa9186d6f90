import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ok } from '../../base/result.ts';
import type { Message } from '../messages/message.ts';
import type { Peer } from '../peer.ts';
import { refuseP2p } from '../rules.ts';
import { PAST_AGAIN_MS, PAST_ASKED_MAX, PAST_PAUSE_MS, PAST_WAIT_MS } from './limits.ts';
import { PastAsking } from './past-asking.ts';

/** Peers that answer nothing of themselves, and certificates of these heights that are missing. */
function setUp(peerCount: number, heights: readonly number[]) {
  const sent: { readonly to: string; readonly message: Message }[] = [];
  const wakes: number[] = [];
  const missing = { heights: [...heights], skipped: [] as number[], isBehind: false };
  const past = {
    get missing() {
      return missing.heights[0];
    },
    get isBehind() {
      return missing.isBehind;
    },
    skip: () => void missing.skipped.push(missing.heights.shift() ?? assert.fail()),
    again: () => void missing.heights.push(...missing.skipped.splice(0)),
    take: ([first]: Uint8Array) => {
      if (first === 255) return refuseP2p('p2p/engine-unknown');
      return ok(first === missing.heights[0] && missing.heights.shift() !== undefined);
    },
  };
  const host = {
    send: (to: string, message: Message) => void sent.push({ to, message }),
    wake: (atMs: number) => void wakes.push(atMs),
  };
  const peers = new Map<string, Peer>();
  for (let i = 0; i < peerCount; i++) {
    peers.set(`n${i}`, { id: `n${i}`, finalHeight: 0, head: { height: 100 } } as Peer);
  }
  return { asking: new PastAsking({ host, peers, past }), sent, wakes, missing, peers };
}

const askedFor = ({ message }: { readonly message: Message }) =>
  message.kind === 'certificate-request' ? message.height : assert.fail();

describe('asking for certificates of the past', () => {
  it('asks one peer at a time, goes on after the answer, and says nothing when nothing is missing', () => {
    const { asking, sent, wakes } = setUp(3, [10, 15]);
    asking.look(0);
    asking.look(1);
    assert.deepEqual(sent.map(askedFor), [10]);
    assert.deepEqual(wakes, [PAST_WAIT_MS]);
    assert.deepEqual(asking.take('n0', Uint8Array.of(3), 50), { ok: true, value: undefined });
    asking.look(60);
    assert.equal(sent.length, 1, 'another certificate is no answer');
    asking.take('n0', Uint8Array.of(10), 70);
    asking.look(71);
    assert.equal(sent.length, 1);
    asking.look(70 + PAST_PAUSE_MS);
    assert.deepEqual(sent.map(askedFor), [10, 15]);
    asking.take('n0', Uint8Array.of(15), 300);
    for (let nowMs = 300; nowMs < 100_000; nowMs += 50) asking.look(nowMs);
    assert.equal(sent.length, 2);
  });

  it('asks the next peer when there is no answer, those alone that have the block, and takes nothing of others', () => {
    const { asking, sent, peers, missing } = setUp(4, [90]);
    peers.set('n1', { id: 'n1', finalHeight: 0, head: { height: 89 } } as Peer);
    for (let nowMs = 0; nowMs < 2 * PAST_WAIT_MS; nowMs += 50) asking.look(nowMs);
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['n0', 'n2'],
    );
    asking.take('n3', Uint8Array.of(90), 4_100);
    assert.deepEqual(missing.heights, [90]);
    const refused = asking.take('n2', Uint8Array.of(255), 4_200);
    assert.ok(!refused.ok);
  });

  it('leaves what nobody has, asks a few peers alone, and all again after a long while', () => {
    const { asking, sent, missing, wakes } = setUp(40, [10, 15]);
    let nowMs = 0;
    for (; missing.skipped.length < 2; nowMs += 100) {
      assert.ok(nowMs < 60_000);
      asking.look(nowMs);
    }
    assert.deepEqual(sent.map(askedFor), [
      ...Array(PAST_ASKED_MAX).fill(10),
      ...Array(PAST_ASKED_MAX).fill(15),
    ]);
    assert.equal(new Set(sent.slice(0, PAST_ASKED_MAX).map(({ to }) => to)).size, PAST_ASKED_MAX);
    asking.look(nowMs + PAST_PAUSE_MS);
    assert.equal(sent.length, 2 * PAST_ASKED_MAX);
    const againMs = wakes.find((atMs) => atMs >= PAST_AGAIN_MS) ?? assert.fail();
    asking.look(againMs);
    assert.equal(sent.length, 2 * PAST_ASKED_MAX + 1);
  });

  it('waits while nobody has the block, and looks further when it has not seen all', () => {
    const { asking, sent, missing, wakes } = setUp(0, [10]);
    asking.look(0);
    assert.deepEqual([sent, missing.skipped, wakes], [[], [], []]);
    missing.heights.shift();
    missing.isBehind = true;
    asking.look(5);
    assert.deepEqual(wakes, [5 + PAST_PAUSE_MS]);
  });
});
