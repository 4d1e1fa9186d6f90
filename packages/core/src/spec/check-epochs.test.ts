import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { publicKeyOf } from '../crypto/signature.ts';
import type { FinalitySpec, ProductionSpec } from './chain-spec.ts';
import { checkEpochs } from './check-epochs.ts';
import { checkSpec } from './check-spec.ts';
import { devSpec } from './presets.ts';

const KEY = publicKeyOf(new Uint8Array(32).fill(7));
const DPOS: ProductionSpec = { kind: 'dpos', slotMs: 1000 };
const POW: ProductionSpec = { kind: 'pow', initialDifficulty: 1, blockMs: 1000, halfLifeMs: 1000 };
const depth = (blocks: number): FinalitySpec => ({ kind: 'depth', blocks });
const votes = (intervalBlocks: number, lagBlocks: number): FinalitySpec => ({
  kind: 'votes',
  intervalBlocks,
  lagBlocks,
  resendMs: 1000,
});

/** What an epoch of so many blocks is refused with: the least length. */
function refused(production: ProductionSpec, finality: FinalitySpec, epochBlocks: number): unknown {
  const spec = devSpec({ authority: KEY, genesisTimeMs: 0, allocations: [], validators: 'stake' });
  const { validators } = spec.consensus;
  assert.ok(validators?.kind === 'stake');
  const consensus = { production, finality, validators: { ...validators, epochBlocks } };
  const failure = checkEpochs({ ...spec, consensus });
  assert.equal(checkSpec({ ...spec, consensus })?.error.rule, failure?.error.rule);
  assert.ok(failure === undefined || failure.error.rule === 'genesis/epoch-too-short');
  return failure?.error.evidence['expected'];
}

describe('the length of an epoch', () => {
  it('is two intervals between checkpoints or more, so that light clients can follow', () => {
    assert.equal(refused(DPOS, votes(8, 2), 16), undefined);
    assert.equal(refused(DPOS, votes(8, 2), 15), 16);
    assert.equal(refused(POW, votes(8, 2), 15), 16);
    assert.equal(refused(DPOS, votes(1, 0), 2), undefined);
  });

  it('has room for a block that tells of a checkpoint, so that its voters are paid', () => {
    assert.equal(refused(DPOS, votes(4, 20), 25), undefined);
    assert.equal(refused(DPOS, votes(4, 20), 24), 25);
    const leader: ProductionSpec = { kind: 'leader' };
    const each: FinalitySpec = {
      kind: 'votes-each',
      ...{ blockMs: 1, proposeMs: 1, voteMs: 1, growthMs: 1, resendMs: 1 },
    };
    assert.equal(refused(leader, each, 1), 2);
    assert.equal(refused(leader, each, 2), undefined);
  });

  it('is as long as the depth or longer where the validators make the blocks', () => {
    assert.equal(refused(DPOS, depth(20), 20), undefined);
    assert.equal(refused(DPOS, depth(21), 20), 21);
    assert.equal(refused({ kind: 'pos', slotMs: 1000, winnersPermille: 500 }, depth(21), 20), 21);
    assert.equal(refused(POW, depth(21), 1), undefined);
    assert.equal(refused({ kind: 'poa', authorities: [KEY], slotMs: 1000 }, depth(21), 1), undefined);
  });
});
