import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestChain } from '../../chain/chain.testing.ts';
import { ValidatorBranch } from '../../chain/validator-branch.testing.ts';
import { verifySignature } from '../../crypto/signature.ts';
import { stakeSpec } from '../../ledger/testing/stake-chain.testing.ts';
import { SIGNATURES_CHECKED } from '../../ledger/transaction-signatures.ts';
import type { Message } from '../messages/message.ts';
import { type Bend, later, ServingPeer, SyncRig } from './sync.testing.ts';

// Epochs of 4 blocks: no header is good for more than 8 blocks ahead of the blocks that are there.
const spec = stakeSpec(
  {},
  { production: { kind: 'dpos', slotMs: 1_000 }, finality: { kind: 'depth', blocks: 60 } },
);
const chain = { spec, verify: SIGNATURES_CHECKED, verifySeal: verifySignature };
const trunk = new ValidatorBranch(spec).grow(48);
const blocks = trunk.above();
const peerOf = (some = blocks, bend: Bend = later(10)) => new ServingPeer(some, bend, chain);

const headersAsked = ({ asked }: ServingPeer) =>
  asked.filter(({ kind }) => kind === 'headers-request').length;

describe('where blocks decide who makes later ones', () => {
  it('headers wait for blocks, again and again, and nobody is blamed', () => {
    const rig = new SyncRig({ chain });
    const peer = peerOf();
    rig.join('peer', peer);
    assert.ok(
      rig.runUntil(() => rig.height === 48),
      `${rig.height}`,
    );
    assert.deepEqual(rig.punished, []);
    assert.ok(rig.pendingPeak <= 11, `${rig.pendingPeak} headers ahead`);
    assert.ok(headersAsked(peer) <= 14, `asked ${headersAsked(peer)} times`);
    assert.ok(rig.runUntil(() => rig.life.at(-1) === 'ready'));
  });

  it('a node is not ready while it waits', () => {
    const rig = new SyncRig({ chain, importMs: 500, sync: { catchUp: { aloneReadyMs: 60_000 } } });
    rig.join('peer', peerOf());
    assert.ok(rig.runUntil(() => rig.height === 6));
    assert.deepEqual(rig.life, []);
  });

  it('blocks come from all peers', () => {
    const rig = new SyncRig({ chain });
    const peers = [peerOf(), peerOf(), peerOf()];
    for (const [i, peer] of peers.entries()) rig.join(`peer ${i}`, peer);
    assert.ok(rig.runUntil(() => rig.height === 48));
    assert.deepEqual(rig.punished, []);
    assert.ok(peers.filter(({ bodiesAsked }) => bodiesAsked > 0).length > 1);
  });

  it('a peer that goes away while its next headers wait leaves the work to another', () => {
    const rig = new SyncRig({ chain, importMs: 200 });
    rig.join('one', peerOf());
    assert.ok(rig.runUntil(() => rig.height === 3));
    rig.join('two', peerOf());
    rig.leave('one');
    assert.ok(rig.runUntil(() => rig.height === 48));
    assert.deepEqual(rig.punished, []);
  });

  it('a heavier branch is fetched whose headers cannot show that it is, until its blocks are here', () => {
    // 20 blocks of its own, where headers of the other branch reach 8 far at first.
    const own = trunk.fork(2);
    own.add({ afterMs: 9_000 });
    own.grow(20);
    const test = new TestChain(chain);
    test.importAll(own.above());
    const rig = new SyncRig({ chain, test });
    rig.join('peer', peerOf());
    assert.ok(
      rig.runUntil(() => rig.height === 48),
      `${rig.height}`,
    );
    assert.deepEqual(rig.punished, []);
  });

  it('a higher branch is fetched whose weight nobody knows, for its blocks are shown without their parents', () => {
    const own = trunk.fork(2);
    own.add({ afterMs: 9_000 });
    own.grow(20);
    const test = new TestChain(chain);
    test.importAll(own.above());
    const rig = new SyncRig({ chain, test });
    const peer = peerOf();
    // It said hello when it was at its genesis block.
    peer.claimed = { id: test.chain.genesis.id, height: 0, weight: 1n };
    rig.join('peer', peer);
    rig.run(5_000);
    assert.deepEqual([rig.height, peer.bodiesAsked], [23, 0]);
    rig.parentMissing('peer', (blocks[47] as (typeof blocks)[number]).header);
    assert.ok(
      rig.runUntil(() => rig.height === 48),
      `${rig.height}`,
    );
    assert.deepEqual(rig.punished, []);
  });

  it('a lighter branch is left alone', () => {
    const test = new TestChain(chain);
    test.importAll(blocks);
    const rig = new SyncRig({ chain, test });
    const other = trunk.fork(2);
    other.add({ afterMs: 9_000 });
    const peer = peerOf(other.grow(20).above());
    rig.join('peer', peer);
    rig.run(30_000);
    assert.equal(peer.bodiesAsked, 0);
    assert.deepEqual(rig.punished, []);
  });

  it('a peer that claims more than it can show is found out, though its headers waited', () => {
    const own = trunk.fork(2);
    own.add({ afterMs: 9_000 });
    own.grow(20);
    const test = new TestChain(chain);
    test.importAll(own.above());
    const rig = new SyncRig({ chain, test });
    const liar = peerOf(blocks.slice(0, 14));
    liar.claimed = { ...liar.head, id: new Uint8Array(32).fill(7), height: 90, weight: 1n << 90n };
    rig.join('liar', liar);
    assert.ok(
      rig.runUntil(() => rig.rules('liar').includes('p2p/head-unproved')),
      `${rig.rules('liar')}`,
    );
    assert.equal(rig.height, 23);
  });

  it('a bad seal is found as soon as it can be', () => {
    const spoil: Bend = (answer: Message) => {
      if (answer.kind !== 'headers') return [{ message: answer, delayMs: 10 }];
      const headers = answer.headers.map((header) =>
        header.height === 20
          ? { ...header, seal: header.seal.with(3, 1 ^ (header.seal[3] as number)) }
          : header,
      );
      return [{ message: { ...answer, headers }, delayMs: 10 }];
    };
    const rig = new SyncRig({ chain });
    rig.join('liar', peerOf(blocks, spoil));
    assert.ok(rig.runUntil(() => rig.rules('liar').includes('consensus/seal-invalid')));
    assert.ok(rig.height >= 12 && rig.height < 20, `${rig.height}`);
    rig.join('honest', peerOf());
    assert.ok(rig.runUntil(() => rig.height === 48, 90_000));
    assert.deepEqual(rig.rules('honest'), []);
  });
});
