import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  dposVectors,
  headerEvidenceVectors,
  leaderVectors,
  poaVectors,
  posVectors,
  setVectors,
} from './vectors.ts';

const path = new URL('../../../../../vectors/consensus-seals.json', import.meta.url);

describe('the vectors of seals', () => {
  const sections = {
    set: setVectors(),
    pos: posVectors(),
    dpos: dposVectors(),
    poa: poaVectors(),
    leader: leaderVectors(),
    headerEvidence: headerEvidenceVectors(),
  };

  it('are those that were reviewed', () => {
    assert.deepEqual(sections, JSON.parse(readFileSync(path, 'utf8')) as unknown);
  });

  it('hold headers that their productions take', () => {
    const { pos, dpos, poa, leader } = sections;
    for (const { isTaken } of [pos.header, dpos.header, poa.header, ...leader]) assert.ok(isTaken);
    assert.equal(new Set(leader.map(({ header }) => header)).size, leader.length);
  });

  it('hold lotteries that are won and lost', () => {
    const won = sections.pos.draws.filter(({ wins }) => wins).length;
    assert.ok(won > 0 && won < sections.pos.draws.length);
  });
});
