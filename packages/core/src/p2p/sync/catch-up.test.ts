import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CATCH_UP, CatchUp } from './catch-up.ts';

const calm = { peers: 1, missing: 0, isChecking: false };
const alone = { ...calm, peers: 0 };

describe('catching up', () => {
  it('is over at once where the network begins', () => {
    assert.equal(new CatchUp(CATCH_UP, 0).judge(alone, 0), 'caught-up');
  });

  it('waits for a peer, but not for ever', () => {
    const catchUp = new CatchUp({ ...CATCH_UP, aloneReadyMs: 10_000 }, 1_000);
    assert.equal(catchUp.judge(alone, 10_999), undefined);
    assert.equal(catchUp.againMs(0, 10_999), 11_000);
    assert.equal(catchUp.judge(alone, 11_000), 'caught-up');
    const met = new CatchUp({ ...CATCH_UP, aloneReadyMs: 10_000 }, 1_000);
    assert.equal(met.judge(calm, 1_001), 'caught-up');
  });

  it('is no matter of time any more once the time alone is over', () => {
    const catchUp = new CatchUp({ ...CATCH_UP, aloneReadyMs: 10_000, aloneEndMs: 60_000 }, 1_000);
    // It lost its last peer with blocks still missing: only another peer can help.
    assert.equal(catchUp.judge({ ...alone, missing: 3 }, 11_000), undefined);
    assert.equal(catchUp.againMs(0, 11_000), 71_000);
    assert.equal(catchUp.judge({ ...alone, missing: 3 }, 71_000), 'alone-too-long');
    assert.equal(catchUp.againMs(0, 71_000), Infinity);
  });

  it('lasts while blocks are missing or a claim is looked into', () => {
    const catchUp = new CatchUp(CATCH_UP, 0);
    assert.equal(catchUp.judge({ ...calm, isChecking: true }, 1), undefined);
    assert.equal(catchUp.judge({ ...calm, missing: 1 }, 2), undefined);
    assert.equal(catchUp.judge(calm, 3), 'caught-up');
    assert.equal(catchUp.judge(calm, 4), undefined);
  });

  it('begins again when the node falls far behind, not for a block or a claim', () => {
    const catchUp = new CatchUp(CATCH_UP, 0);
    catchUp.judge(calm, 0);
    assert.equal(
      catchUp.judge({ ...calm, missing: CATCH_UP.behindBlocks - 1, isChecking: true }, 1),
      undefined,
    );
    assert.equal(catchUp.judge({ ...calm, missing: CATCH_UP.behindBlocks }, 2), 'fell-behind');
    assert.equal(catchUp.judge({ ...calm, missing: 1 }, 3), undefined);
    assert.equal(catchUp.judge(calm, 4), 'caught-up');
  });

  it('ends a node that has been alone too long, where it is told to', () => {
    const catchUp = new CatchUp({ ...CATCH_UP, aloneEndMs: 60_000 }, 0);
    assert.equal(catchUp.judge(calm, 0), 'caught-up');
    assert.equal(catchUp.judge(alone, 1_000), undefined);
    assert.equal(catchUp.againMs(0, 1_000), 61_000);
    assert.equal(catchUp.judge(calm, 60_000), undefined);
    assert.equal(catchUp.judge(alone, 61_000), undefined);
    assert.equal(catchUp.judge(alone, 121_000), 'alone-too-long');
    const patient = new CatchUp(CATCH_UP, 0);
    patient.judge(alone, 0);
    assert.equal(patient.judge(alone, 1e12), undefined);
  });
});
