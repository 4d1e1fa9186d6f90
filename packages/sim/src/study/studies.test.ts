import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { quorumOf } from './pbft/quorum.ts';
import { findStudy, STUDIES } from './studies.ts';
import type { FinishedStudy, Study, StudyOptions } from './study-run.ts';

/** Seeds of each sweep of a test run; the variable SEEDS runs more, a thousand when a protocol is changed. */
const SEEDS = Number(process.env['SEEDS'] ?? 15);

const [raft, pbft] = STUDIES as readonly [Study, Study];

/** Nothing goes wrong, and one client asks one thing after the other. */
const CALM: StudyOptions = { seed: 3, faults: [], clients: 1, pauseMs: 0, durationS: 10 };

function countsOf({ report }: FinishedStudy): (kind: string) => number {
  return (kind) => report.traffic.find((one) => one.kind === kind)?.messages ?? 0;
}

/** The log of some runs, to the last byte. */
function logOf(run: (log: NonNullable<StudyOptions['log']>) => void): string {
  let text = '';
  const sink = (more: string) => {
    text += more;
  };
  run({ level: 'debug', sink });
  return text;
}

const compareText = (a: string, b: string) => (a < b ? -1 : 1);

/** Runs seeds; those that broke an invariant, with the first thing that was wrong. */
function sweep(study: Study, options: Omit<StudyOptions, 'seed'>, seeds = SEEDS): readonly string[] {
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) => {
    const [first] = study.run({ ...options, seed }).report.violations;
    return first === undefined ? [] : [`${study.name} ${seed}: ${JSON.stringify(first)}`];
  });
}

describe('what a decision costs when nothing goes wrong', () => {
  for (const nodes of [4, 5, 7]) {
    it(`is a round trip between the leader and ${nodes - 1} followers under Raft`, () => {
      const run = raft.run({ ...CALM, nodes });
      const count = countsOf(run);
      const { entries, decisions, answerDelays, leaderChanges } = run.report;
      assert.deepEqual(run.report.violations, []);
      assert.ok(decisions > 150);
      assert.equal(entries, decisions + 1, 'the leader of a term begins with an entry of its own');
      assert.equal(count('append'), entries * (nodes - 1));
      assert.equal(count('append-reply'), entries * (nodes - 1));
      assert.equal(answerDelays, 4, 'request, append, reply, answer');
      // One candidate asks, and all give it their votes: two delays.
      assert.equal(count('request-vote'), nodes - 1);
      assert.equal(count('vote'), nodes - 1);
      assert.deepEqual(leaderChanges, { count: 1, p50Ms: 20, p99Ms: 20, maxMs: 20 });
    });

    it(`is three phases among ${nodes} replicas under PBFT, 2n(n − 1) messages`, () => {
      const run = pbft.run({ ...CALM, nodes });
      const count = countsOf(run);
      const { decisions, answerDelays } = run.report;
      assert.deepEqual(run.report.violations, []);
      assert.ok(decisions > 150);
      assert.equal(count('pre-prepare'), decisions * (nodes - 1));
      assert.equal(count('prepare'), decisions * (nodes - 1) ** 2);
      assert.equal(count('commit'), decisions * nodes * (nodes - 1));
      const phases = count('pre-prepare') + count('prepare') + count('commit');
      assert.equal(phases, decisions * 2 * nodes * (nodes - 1));
      assert.equal(count('request'), decisions);
      assert.equal(count('answer'), decisions * nodes);
      assert.equal(count('checkpoint'), Math.floor(decisions / 16) * nodes * (nodes - 1));
      assert.equal(count('view-change') + count('new-view') + count('fetch'), 0);
      assert.equal(answerDelays, 5, 'request, pre-prepare, prepare, commit, answer');
    });
  }

  it('says so for each decision in the report, clients included', () => {
    const { report } = pbft.run(CALM);
    assert.equal(report.perDecision.messages, Math.round((10 * report.messages) / report.decisions) / 10);
    assert.ok(report.perDecision.messages > 24 + 1 + 4);
    assert.ok(report.perDecision.bytes > 24 * 100);
  });
});

describe('up to what a protocol bears', () => {
  it(`Raft keeps every invariant through crashes, partitions and bad links, in ${SEEDS} seeds`, () => {
    assert.deepEqual(sweep(raft, {}), []);
    assert.deepEqual(sweep(raft, { nodes: 3 }, SEEDS / 5), []);
  });

  it(`PBFT keeps every invariant with liars as well, in ${SEEDS} seeds`, () => {
    assert.deepEqual(sweep(pbft, {}), []);
    assert.deepEqual(sweep(pbft, { nodes: 7 }, SEEDS / 5), []);
  });

  it('has really gone through it', () => {
    const text = logOf((log) => {
      for (let seed = 1; seed <= 8; seed++) for (const study of STUDIES) study.run({ seed, log });
    });
    for (const what of [
      'power cut',
      'power on',
      'the network is divided',
      'the network is whole',
      'links are disturbed',
      'wants to replace the leader',
      'leads',
      'took a state over',
      'new-view',
      'kind=twins',
      'kind=silent',
    ])
      assert.ok(text.includes(what), what);
  });
});

describe('beyond it', () => {
  it('one lying leader breaks agreement under Raft, and the checker finds it', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { report } = raft.run({ seed, faults: ['liars'], durationS: 10 });
      assert.equal(report.isBeyondBound, true);
      assert.equal(report.violations[0]?.invariant, 'agreement');
      assert.equal(report.violations[0]?.message, 'Two machines have decided different entries.');
      assert.deepEqual(
        report.guilty.map(({ node }) => node),
        report.liars.map(({ node }) => node),
      );
    }
  });

  it('the same liar breaks nothing under PBFT', () => {
    const lies = { faults: ['liars'], durationS: 8 } as const;
    const runs = Array.from({ length: 40 }, (_, i) => pbft.run({ ...lies, seed: i + 61 }).report);
    for (const report of runs) {
      assert.deepEqual(report.violations, []);
      assert.equal(report.isBeyondBound, false);
    }
    // Each kind was the primary of the first view in some.
    const first = runs.filter(({ liars }) => liars[0]?.node === 0);
    const kinds = first.map(({ liars }) => liars[0]?.kind ?? '');
    assert.deepEqual([...new Set(kinds)].toSorted(compareText), ['forgets', 'invents', 'silent', 'twins']);
    for (const { liars, leaderChanges, guilty } of first) {
      if (liars[0]?.kind === 'twins') assert.deepEqual(guilty[0]?.node, 0);
      if (liars[0]?.kind === 'silent') assert.equal(leaderChanges.count, 1);
    }
  });

  it('f + 1 liars break agreement under PBFT, the checker finds it, and what they signed names them', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { report } = pbft.run({ seed, faults: ['more-liars'], durationS: 10 });
      assert.equal(report.isBeyondBound, true);
      assert.equal(report.violations[0]?.invariant, 'agreement');
      assert.ok(report.violations.every(({ invariant }) => invariant !== 'accountability'));
      assert.deepEqual(
        report.guilty.map(({ node }) => node).toSorted((a, b) => a - b),
        report.liars.map(({ node }) => node),
      );
    }
  });
});

describe('a run', () => {
  it('of the same seed is the same run, to the last byte of its log', () => {
    for (const study of STUDIES) {
      const [text, again] = [8, 8].map((seed) => logOf((log) => study.run({ seed, log })));
      assert.ok((text?.length ?? 0) > 100_000);
      assert.equal(again, text);
      const { report } = study.run({ seed: 8 });
      assert.deepEqual(study.run({ seed: 8 }).report, report);
      const { report: other } = study.run({ seed: 9 });
      assert.notEqual(other.hash, report.hash);
      assert.notEqual(other.log.hash, report.log.hash);
    }
  });

  it('needs enough nodes', () => {
    assert.throws(() => pbft.run({ seed: 1, nodes: 3 }), /needs 4 nodes/);
    assert.throws(() => raft.run({ seed: 1, nodes: 2 }), /needs 3 nodes/);
  });

  it('is found by the name of its protocol', () => {
    for (const study of STUDIES) assert.equal(findStudy(study.name), study);
    assert.equal(findStudy('paxos'), undefined);
  });
});

describe('a quorum', () => {
  it('is 2f + 1 of 3f + 1, and any two have an honest replica in common', () => {
    assert.deepEqual([4, 7, 10].map(quorumOf), [3, 5, 7]);
    for (let n = 4; n <= 40; n++) {
      const f = Math.floor((n - 1) / 3);
      assert.ok(2 * quorumOf(n) - n > f, `${n}`);
      assert.ok(quorumOf(n) <= n - f, `${n}`);
    }
  });
});
