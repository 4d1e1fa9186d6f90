import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blankHistory, grown, specOfDepth } from '../../chain/chain.testing.ts';
import { later, ServingPeer, SyncRig, silent } from './sync.testing.ts';

const spec = specOfDepth(20);
const history = blankHistory(71, spec);
const blocks = grown(history, 200, 1);
const chain = { spec };

describe('a node that is behind', () => {
  it('gets all blocks from one peer, in order, each once', () => {
    const rig = new SyncRig({ chain });
    const peer = new ServingPeer(blocks, later(10), chain);
    rig.join('a', peer);
    assert.ok(rig.runUntil(() => rig.height === 200));
    assert.deepEqual(
      rig.imported.map(({ height }) => height),
      blocks.map(({ header }) => header.height),
    );
    assert.equal(peer.bodiesAsked, 200);
    assert.deepEqual(rig.punished, []);
    rig.run(1_000);
    assert.equal(rig.sync.progress.missing, 0);
    assert.equal(rig.sync.progress.pendingHeaders, 0);
    assert.equal(rig.sync.progress.heldBytes, 0);
  });

  it('shares the work among peers', () => {
    const rig = new SyncRig({ chain });
    const peers = Array.from({ length: 4 }, () => new ServingPeer(blocks, later(10), chain));
    for (const [i, peer] of peers.entries()) rig.join(`p${i}`, peer);
    assert.ok(rig.runUntil(() => rig.height === 200));
    for (const peer of peers) assert.ok(peer.bodiesAsked >= 20, `${peer.bodiesAsked}`);
    assert.equal(
      peers.reduce((sum, peer) => sum + peer.bodiesAsked, 0),
      200,
    );
  });

  it('is not held up by peers that never answer', () => {
    const rig = new SyncRig({ chain });
    for (const id of ['x', 'y', 'z']) rig.join(id, new ServingPeer(blocks, silent, chain));
    rig.join('a', new ServingPeer(blocks, later(10), chain));
    assert.ok(rig.runUntil(() => rig.height === 200, 60_000));
    assert.deepEqual(rig.rules('a'), []);
  });
});
