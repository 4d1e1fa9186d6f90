import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Workplace } from './calin.testing.ts';

describe('a local network that agrees in any of the ways', () => {
  const place = new Workplace();
  after(() => place.close());

  for (const words of [
    ['pow'],
    ['pos'],
    ['dpos'],
    ['hybrid'],
    ['bft'],
    ['bft', '--validators', 'authorities'],
  ]) {
    test(`makes blocks and knows them all: ${words.join(' ')}`, async () => {
      const reached = (await place.json([
        ...['cluster', '--nodes', '2', '--block-time', '400', '--until-height', '4', '--timeout', '150'],
        ...['--consensus', ...words],
      ])) as { consensus: string; height: number; id: string };
      assert.equal(reached.consensus, words[0]);
      assert.match(reached.id, /^[0-9a-f]{64}$/);
    });
  }
});
