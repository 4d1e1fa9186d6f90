import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TEST_SIGNATURES } from '../fast-signatures.testing.ts';
import { comparisonPage } from '../html/comparison-page.ts';
import { type ComparedRun, runCompared } from './compared-run.ts';
import { comparedJobs, putTogether } from './comparison.ts';
import type { FaultsFile } from './faults-file.ts';
import { TRIALS } from './trials.ts';

describe('a comparison', () => {
  const faults: FaultsFile = {
    faults: [
      { kind: 'byzantine', makersPercent: 25, does: 'equivocate' },
      { kind: 'links', fromS: 40, toS: 60, lostPermille: 20, doubledPermille: 10, latePermille: 30 },
      { kind: 'crash', fromS: 65, toS: 80, nodesPercent: 20 },
      { kind: 'partition', fromS: 90, toS: 110, nodesPercent: 40 },
      { kind: 'clocks', fromS: 20, skewMsMax: 200 },
    ],
  };
  const options = { consensus: ['poa', 'pow'] as const, faults, seed: 7, nodes: 12, durationS: 420 };
  const jobs = comparedJobs(options);
  const main = jobs.slice(0, 2).map((job) => runCompared(job, TEST_SIGNATURES));

  it('puts each consensus through the same faults, which leave their marks and break nothing', () => {
    for (const run of main) {
      assert.deepEqual(run.violations, []);
      assert.ok(run.blocks.lost > 0 && run.forks > 0, JSON.stringify(run.blocks));
      assert.ok(run.messagesPerBlock > 50 && run.bytesPerBlock > 1000 && run.transfers > 40);
      // Sixty blocks of five seconds on top.
      assert.ok(run.finality.blocks > 3 && run.finality.p50Ms > 200_000, JSON.stringify(run.finality));
    }
    const [poa, pow] = main as [ComparedRun, ComparedRun];
    assert.equal(poa.hashesPerBlock, 0);
    assert.ok(pow.hashesPerBlock > 200, `${pow.hashesPerBlock} hashes`);
  });

  it('is the same again with the same seed', () => {
    assert.deepEqual(runCompared(jobs[0] as (typeof jobs)[0], TEST_SIGNATURES), main[0]);
  });

  it('is put together in order however the runs came, and shown on one page', () => {
    const trials = jobs.slice(2).map((job): ComparedRun => {
      return { ...(main[0] as ComparedRun), ...job, during: { blocks: 3, finals: 0 } };
    });
    const comparison = putTogether(options, [...trials.toReversed(), ...main.toReversed()]);
    assert.deepEqual(comparison.runs, main);
    assert.deepEqual(
      comparison.trials.map(({ name }) => name),
      TRIALS.map(({ setting }) => setting.name),
    );
    const page = comparisonPage(comparison);
    assert.equal(page.match(/<polyline class="run\d"/g)?.length, 2);
    assert.equal(page.match(/<rect class="fault"/g)?.length, 3);
    assert.ok(page.includes('blocks go on, none becomes final'));
    assert.ok(page.includes('poa + depth') && page.includes('pow + depth'));
    assert.doesNotMatch(page, /<script|NaN|undefined|https?:/);
    for (const tag of ['table', 'svg', 'ul', 'div', 'tr', 'td', 'li']) {
      const [opened, closed] = [new RegExp(`<${tag}[ >]`, 'g'), new RegExp(`</${tag}>`, 'g')];
      assert.equal(page.match(opened)?.length, page.match(closed)?.length, tag);
    }
  });
});
