import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findStudy } from '@calin/sim/study/studies.ts';
import type { StudyReport } from '@calin/sim/study/study-report.ts';
import { sweepSeeds } from '../../host/sweep-seeds.ts';
import type { Answer, CommandIo, OptionValue } from '../command.ts';
import { command } from '../commands/sim-study.ts';
import { findSwept } from './find-scenario.ts';

/** Runs the command; the rule that refused it, or what it answered. */
async function study(protocol: string, options: Record<string, OptionValue>) {
  const answers: Answer[] = [];
  const io: CommandIo = {
    answer: (answer) => void answers.push(answer),
    note: () => {},
    isJson: true,
    isColour: false,
    env: {},
  };
  const result = await command.run({ options: { seed: 1, ...options }, arguments: [protocol] }, io);
  return { rule: result.ok ? undefined : result.error.rule, answer: answers[0] };
}

describe('calin sim study', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'calin-study-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('runs a protocol, and writes what was asked for', async () => {
    for (const name of ['raft', 'pbft']) {
      const [html, log] = [join(folder, `${name}.html`), join(folder, `${name}.log`)];
      const { rule, answer } = await study(name, { html, log, nodes: 4, duration: 20 });
      assert.equal(rule, undefined);
      const report = answer?.json as StudyReport;
      assert.deepEqual([report.protocol, report.nodes, report.durationS], [name, 4, 20]);
      assert.match(answer?.text ?? '', new RegExp(`^${name} seed 1: 4 nodes, 20 s, \\d+ decisions`));
      assert.ok(answer?.text.endsWith(report.hash));
      const page = readFileSync(html, 'utf8');
      assert.ok(page.includes('Every invariant held.') && page.includes('class="arrow normal"'));
      assert.equal(readFileSync(log, 'utf8').split('\n').length - 1, report.log.lines);
    }
  });

  it('fails when an invariant was broken, and says by whom', async () => {
    const { rule, answer } = await study('pbft', { faults: 'more-liars', duration: 20 });
    assert.equal(rule, 'cli/invariant-broken');
    assert.match(answer?.text ?? '', /^BROKEN agreement: Two machines/);
    assert.match(answer?.text ?? '', /\(twins\), more than the protocol bears\nguilty: n0, two of /);
  });

  it('refuses what it does not know', async () => {
    assert.equal((await study('paxos', {})).rule, 'cli/scenario');
    assert.equal((await study('pbft', { nodes: 3 })).rule, 'cli/option-value');
    assert.equal((await study('raft', { faults: 'crashes,lairs' })).rule, 'cli/option-value');
    assert.equal((await study('raft', { log: join(folder, 'none', 'log') })).rule, 'cli/file');
  });
});

describe('calin sim sweep', () => {
  it('runs a study protocol with many seeds as it is run with one', async () => {
    const { swept } = await sweepSeeds({ scenario: 'raft', first: 3, last: 5, workers: 1 }, () => {});
    const expected = [3, 4, 5].map((seed) => {
      return { seed, hash: findStudy('raft')?.run({ seed }).report.hash, broken: undefined };
    });
    assert.deepEqual(swept, expected);
  });

  it('refuses runs of one that are too short to be judged', () => {
    const found = findSwept('pbft', { duration: 5 });
    assert.equal(found.ok ? '' : found.error.rule, 'cli/option-value');
    assert.equal(findSwept('pbft', { duration: 20 }).ok, true);
    assert.equal(findSwept('faults', { duration: 5 }).ok, true);
    assert.equal(findSwept('pbft', { consensus: 'pow' }).ok, false);
    assert.equal(findSwept('fault', {}).ok, false);
  });
});
