import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blankHistory, grown, signedHistory, specOfDepth, TEST_NOW_MS } from '../../chain/chain.testing.ts';
import { ValidatorBranch } from '../../chain/validator-branch.testing.ts';
import { verifySignature } from '../../crypto/signature.ts';
import { stakeSpec } from '../../ledger/testing/stake-chain.testing.ts';
import { SIGNATURES_CHECKED } from '../../ledger/transaction-signatures.ts';
import type { Header } from '../../primitives/header.ts';
import type { Message } from '../messages/message.ts';
import { type Bend, later, type RigOptions, ServingPeer, SyncRig, silent } from './sync.testing.ts';

const spec = specOfDepth(20);
const chain = { spec };
const history = blankHistory(72, spec);
const blocks = grown(history, 150, 0);
const honest = () => new ServingPeer(blocks, later(10), chain);
const rigOf = (options: Partial<RigOptions> = {}) => new SyncRig({ chain, ...options });

/** Changes the headers that a peer answers with. */
const bendHeaders =
  (change: (headers: readonly Header[]) => readonly Header[], delayMs = 10): Bend =>
  (answer: Message) => [
    { message: answer.kind === 'headers' ? { ...answer, headers: change(answer.headers) } : answer, delayMs },
  ];

/** A liar is found out by `rule`, and the honest peer that comes later brings the node up all the same. */
function isFoundOut(bend: Bend, rule: string, options: Partial<RigOptions> = {}, other = honest()): void {
  const rig = rigOf(options);
  rig.join(
    'liar',
    new ServingPeer(other.test.chain.head.height > 0 ? blocksOf(other) : [], bend, options.chain ?? chain),
  );
  assert.ok(
    rig.runUntil(() => rig.rules('liar').includes(rule), 15_000),
    `${rig.rules('liar')}`,
  );
  rig.join('honest', other);
  assert.ok(rig.runUntil(() => rig.height === other.test.chain.head.height, 90_000));
  assert.deepEqual(rig.rules('honest'), []);
}

const known = new Map<ServingPeer, readonly (typeof blocks)[number][]>();
const blocksOf = (peer: ServingPeer) => known.get(peer) ?? blocks;

describe('peers that lie with headers are found out:', () => {
  it('headers that follow nothing that is known', () => {
    isFoundOut(
      bendHeaders((headers) => headers.slice(5)),
      'p2p/headers-not-connected',
    );
  });

  it('headers with a gap', () => {
    const gap = bendHeaders((headers) => headers.filter((_, i) => i !== 40));
    isFoundOut(gap, 'p2p/headers-not-in-row');
  });

  it('headers in the wrong order', () => {
    isFoundOut(
      bendHeaders((headers) => headers.toReversed()),
      'p2p/headers-not-connected',
    );
  });

  it('more headers than were asked for', () => {
    const more = bendHeaders((headers) =>
      Array.from({ length: 600 }, (_, i) => headers[i % headers.length] as Header),
    );
    isFoundOut(more, 'p2p/headers-unasked');
  });

  it('headers with a bad seal, of which the good ones before are kept', () => {
    const signed = signedHistory(73, spec);
    const made = grown(signed, 30, 0);
    const options = { chain: { spec, verify: verifySignature } };
    const other = new ServingPeer(made, later(10), options.chain);
    known.set(other, made);
    const spoil = bendHeaders((headers) =>
      headers.map((header, i) => (i === 12 ? { ...header, seal: new Uint8Array(64) } : header)),
    );
    const rig = new SyncRig(options);
    rig.join('liar', new ServingPeer(made, spoil, options.chain));
    assert.ok(rig.runUntil(() => rig.left.includes('liar')));
    assert.ok(rig.rules('liar').includes('consensus/seal-invalid'));
    isFoundOut(spoil, 'consensus/seal-invalid', options, other);
  });

  it('no headers at all where a better head was claimed', () => {
    isFoundOut(
      bendHeaders(() => []),
      'p2p/head-unproved',
    );
  });

  it('no answer', () => {
    isFoundOut(silent, 'p2p/headers-late');
  });

  it('answers to questions that nobody asked', () => {
    const rig = rigOf();
    rig.join('liar', honest());
    rig.tell('liar', { kind: 'headers', request: 77, headers: [] });
    assert.deepEqual(rig.rules('liar'), ['p2p/headers-unasked']);
  });
});

describe('a claim is only a claim:', () => {
  it('a weight that is not the sum of the branch is held against the peer', () => {
    const rig = rigOf();
    const peer = honest();
    peer.claimed = { ...peer.head, weight: 1n << 200n };
    rig.join('liar', peer);
    assert.ok(rig.runUntil(() => rig.rules('liar').includes('p2p/weight-wrong')));
    // What it gave is good all the same.
    assert.ok(rig.runUntil(() => rig.height === 150));
  });

  it('a head that is not there costs the liar points each time, and the node goes on', () => {
    const rig = rigOf();
    rig.join('honest', honest());
    assert.ok(rig.runUntil(() => rig.height === 150 && rig.life.at(-1) === 'ready'));
    const life = [...rig.life];
    rig.join('liar', honest());
    for (let i = 1; i <= 8; i++) {
      rig.claim('liar', { id: new Uint8Array(32).fill(i), height: 1_000 + i, weight: 1n << 100n });
      rig.run(70_000);
    }
    assert.equal(rig.rules('liar').filter((rule) => rule === 'p2p/head-unproved').length, 8);
    assert.deepEqual(rig.life, life);
  });

  it('a crowd of liars that never answer holds up nobody for long', () => {
    const rig = rigOf();
    for (let i = 0; i < 8; i++) {
      const liar = new ServingPeer([], silent, chain);
      liar.claimed = { id: new Uint8Array(32).fill(i + 1), height: 900, weight: 1n << 99n };
      rig.join(`liar${i}`, liar);
    }
    rig.join('honest', honest());
    assert.ok(rig.runUntil(() => rig.height === 150, 60_000));
    assert.ok(rig.runUntil(() => rig.life.includes('ready'), 90_000));
    assert.deepEqual(rig.rules('honest'), []);
  });

  it('claims without end are looked into less and less often', () => {
    const rig = rigOf();
    rig.test.importAll(blocks);
    const liar = honest();
    rig.join('liar', liar);
    const [block] = blocks;
    for (let i = 1; i <= 2_000; i++) {
      const header = { ...(block as (typeof blocks)[number]).header, height: 1_000 + i };
      rig.parentMissing('liar', header);
      rig.run(50);
    }
    assert.ok(liar.asked.length <= 10, `${liar.asked.length}`);
  });

  it('a crowd that comes by itself does not keep a node from being ready', () => {
    const rig = rigOf({ sync: { catchUp: { aloneReadyMs: 60_000 } } });
    for (let i = 0; i < 40; i++) {
      const liar = new ServingPeer([], silent, chain);
      liar.claimed = { id: new Uint8Array(32).fill(i + 1), height: 900, weight: 1n << 99n };
      rig.join(`liar${i}`, liar, 'inbound');
    }
    rig.join('chosen', honest());
    assert.ok(rig.runUntil(() => rig.life.includes('ready'), 20_000));
    assert.equal(rig.height, 150);
  });

  it('a head near the own one is left to relay for a while', () => {
    const rig = rigOf({ chain });
    rig.join('a', new ServingPeer(blocks.slice(0, 100), later(10), chain));
    assert.ok(rig.runUntil(() => rig.height === 100 && rig.life.includes('ready')));
    const peer = rig.peers.get('a') as ServingPeer;
    peer.test.importAll(blocks.slice(100, 101));
    const asked = peer.asked.length;
    rig.claim('a', peer.head);
    rig.run(500);
    assert.equal(peer.asked.length, asked);
    rig.relay(blocks[100] as (typeof blocks)[number]);
    rig.run(5_000);
    assert.equal(peer.asked.length, asked);
    peer.test.importAll(blocks.slice(101, 102));
    rig.claim('a', peer.head);
    assert.ok(rig.runUntil(() => rig.height === 102, 5_000));
  });

  it('a header whose parent is missing is followed up at once', () => {
    const rig = rigOf();
    const peer = new ServingPeer(blocks.slice(0, 50), later(10), chain);
    rig.join('a', peer);
    assert.ok(rig.runUntil(() => rig.height === 50));
    peer.test.importAll(blocks.slice(50, 60));
    rig.parentMissing('a', (blocks[59] as (typeof blocks)[number]).header);
    assert.ok(rig.runUntil(() => rig.height === 60, 1_000));
  });
});

describe('headers without end', () => {
  it('are asked for only as far as blocks follow', () => {
    const limits = { headersPerRequest: 16, pendingHeadersMax: 64, targetHeadersMax: 48 };
    const rig = rigOf({ sync: { limits }, importMs: 20 });
    rig.join('a', honest());
    assert.ok(rig.runUntil(() => rig.height === 150));
    assert.ok(rig.pendingPeak <= 48, `${rig.pendingPeak}`);
    assert.ok(rig.pendingPeak >= 32, `${rig.pendingPeak}`);
  });

  it('of a branch that never gets better are given up, and what they took is free again', () => {
    // The node has 150 blocks; the branch of 140 from block 130 on can never beat them within the bound.
    const limits = { headersPerRequest: 8, pendingHeadersMax: 16, targetHeadersMax: 12 };
    const rig = rigOf({ sync: { limits } });
    rig.test.importAll(blocks);
    const side = history.fork(132, 9);
    const branch = grown(side, 17, 0);
    const liar = new ServingPeer(branch, later(10), chain);
    liar.claimed = { ...liar.head, weight: 1n << 90n };
    rig.join('liar', liar);
    rig.run(5_000);
    assert.equal(rig.height, 150);
    assert.ok(rig.pendingPeak <= 16);
    const better = grown(history.fork(150, 3), 5, 0);
    rig.join('honest', new ServingPeer(better, later(10), chain));
    assert.ok(rig.runUntil(() => rig.height === 155, 10_000));
  });

  it('that come one by one, each just in time, do not hold up a better peer', () => {
    const drip: Bend = (answer) => [
      {
        message: answer.kind === 'headers' ? { ...answer, headers: answer.headers.slice(0, 1) } : answer,
        delayMs: 9_000,
      },
    ];
    const rig = rigOf();
    for (const id of ['d1', 'd2', 'd3']) rig.join(id, new ServingPeer(blocks, drip, chain));
    rig.join('honest', honest());
    assert.ok(rig.runUntil(() => rig.height === 150, 40_000));
  });
});

describe('headers before their time', () => {
  const slots = stakeSpec(
    {},
    { production: { kind: 'dpos', slotMs: 1_000 }, finality: { kind: 'depth', blocks: 60 } },
  );
  const options = { spec: slots, verify: SIGNATURES_CHECKED, verifySeal: verifySignature };
  const branch = new ValidatorBranch(slots).grow(2);
  branch.add({ afterMs: TEST_NOW_MS - 10_000 - branch.head.header.timeMs });
  const present = branch.above();
  branch.add({ afterMs: TEST_NOW_MS + 4_000 - branch.head.header.timeMs });
  const next = branch.head;

  it('are asked for again when it has come, and nobody is blamed', () => {
    const peer = new ServingPeer(present, later(10), options);
    peer.extra(next);
    const rig = new SyncRig({ chain: options });
    rig.join('peer', peer);
    assert.ok(rig.runUntil(() => rig.height === 3));
    assert.ok(
      rig.runUntil(() => rig.life.includes('ready')),
      'it does not wait for what is to come',
    );
    assert.ok(rig.runUntil(() => rig.height === 4));
    const waitedMs = next.header.timeMs - rig.nowMs;
    assert.ok(waitedMs <= 500 && waitedMs > 300, `${waitedMs} ms before its time`);
    assert.deepEqual(rig.punished, []);
    const asked = peer.asked.filter(({ kind }) => kind === 'headers-request').length;
    assert.ok(asked <= 4, `asked ${asked} times`);
  });

  it('that never come of age keep nobody busy, and nobody from being ready', () => {
    let rigMs = 0;
    const liar = new ServingPeer(
      present,
      (answer, nowMs) => {
        if (answer.kind !== 'headers') return later(10)(answer, nowMs);
        const header = { ...next.header, timeMs: rigMs + 12_000 };
        return [
          { message: { ...answer, headers: [...present.map((one) => one.header), header] }, delayMs: 10 },
        ];
      },
      options,
    );
    liar.extra(next);
    const rig = new SyncRig({ chain: options });
    rigMs = rig.nowMs;
    rig.join('liar', liar);
    for (let i = 0; i < 60; i++) {
      rig.run(1_000);
      rigMs = rig.nowMs;
    }
    const asked = liar.asked.filter(({ kind }) => kind === 'headers-request').length;
    assert.ok(asked < 12, `asked ${asked} times in a minute`);
    assert.equal(rig.life.at(-1), 'ready');
    assert.equal(rig.height, 3);
  });
});
