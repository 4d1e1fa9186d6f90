import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import { TEST_SIGNATURES } from '../fast-signatures.testing.ts';
import type { SimReport } from '../report.ts';
import { runScenario } from '../run.ts';
import { setUpRun } from '../run-setup.ts';
import { calm } from '../scenarios/calm.ts';
import { faults } from '../scenarios/faults.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { LiveRun } from './live-run.ts';
import type { OwnFault } from './own-faults.ts';

const signatures = TEST_SIGNATURES;

function runAtOnce(scenario: Scenario, options: Parameters<typeof setUpRun>[1]): SimReport {
  const run = runScenario(scenario, { ...options, signatures });
  let step = run.next();
  while (step.done !== true) step = run.next();
  return step.value.report;
}

function live(scenario: Scenario, options: Parameters<typeof setUpRun>[1], own: readonly OwnFault[] = []) {
  return new LiveRun(setUpRun(scenario, { ...options, signatures }), own);
}

const END = Number.MAX_SAFE_INTEGER;

const OWN: readonly OwnFault[] = [
  { kind: 'partition', atMs: 12_000, nodes: [0, 3] },
  { kind: 'slow', atMs: 14_321, nodes: [1], extraMs: 700 },
  { kind: 'crash', atMs: 20_000, nodes: [2, 5] },
  { kind: 'links', atMs: 25_000, lostPermille: 100, latePermille: 50 },
  { kind: 'heal', atMs: 34_000 },
  { kind: 'restart', atMs: 34_000, nodes: [2, 5] },
];

describe('a run that is watched', () => {
  const options = { seed: 5, nodes: 7, durationS: 45 };

  it('is the run of the command line, however small the steps in which it is watched', () => {
    for (const scenario of [calm, faults]) {
      const expected = runAtOnce(scenario, options);
      const run = live(scenario, options);
      for (let untilUs = 0; !run.isOver; untilUs += 777_777) {
        while (!run.runUntil(untilUs, 97)) run.messages.sights(10);
        assert.ok(run.lines.length <= 200);
      }
      assert.deepEqual(run.report, expected);
      assert.equal(run.hash(), expected.hash);
      assert.equal(run.hashes.at(-1), expected.hash);
      assert.ok(expected.blocks.height > 3);
    }
  });

  it('is the same whether its faults are known from the start or put in where it stands', () => {
    const planned = live(calm, options, OWN);
    planned.runUntil(END);
    const played = live(calm, options);
    for (const fault of OWN) {
      // Stops in the middle of a millisecond, and comes to the fault by single events.
      played.runUntil(1000 * fault.atMs - 4_321);
      while (played.nowUs < 1000 * fault.atMs - 1_000 && played.nextUs < 1000 * fault.atMs)
        played.runUntil(played.nextUs, 1);
      played.add(fault);
      played.runUntil(1000 * fault.atMs);
    }
    played.runUntil(END);
    assert.deepEqual(played.faults, OWN);
    assert.deepEqual(played.report, planned.report);
    assert.notEqual(planned.report?.hash, runAtOnce(calm, options).hash);
  });

  it('has faults that do something: sides, power, messages that are lost, and late ones', () => {
    const run = live(calm, options, OWN);
    const { cluster } = run.stage;
    const { network } = cluster.world;
    run.runUntil(13_000_000);
    assert.deepEqual(
      cluster.nodes.map((node) => network.sideOf(node)),
      [1, 0, 0, 1, 0, 0, 0],
    );
    run.runUntil(15_000_000);
    assert.equal(network.slownessUs(cluster.node(1)), 700_000);
    const lost: boolean[] = [];
    for (let untilUs = 15_000_000; untilUs < 33_000_000; untilUs += 50_000) {
      run.runUntil(untilUs);
      for (const { isLost, sentUs, arrivesUs, from } of run.messages.sights(1_000)) {
        lost.push(isLost);
        assert.ok(arrivesUs > run.nowUs && sentUs <= run.nowUs);
        if (from === 1 && !isLost) assert.ok(arrivesUs - sentUs > 700_000);
      }
    }
    assert.ok(lost.includes(true) && lost.includes(false));
    assert.deepEqual(
      cluster.nodes.filter(({ isUp }) => !isUp).map(({ name }) => name),
      ['n2', 'n5'],
    );
    run.runUntil(35_000_000);
    assert.ok(!network.isDivided && network.slownessUs(cluster.node(1)) === 0);
    assert.ok(cluster.nodes.every(({ isUp }) => isUp));
  });

  it('takes no fault of the past', () => {
    const run = live(calm, options);
    run.runUntil(5_000_000);
    assert.throws(() => run.add({ kind: 'heal', atMs: 4_999 }), /of the future/);
  });
});

describe('the calm scenario', () => {
  for (const consensus of ['poa', 'pow', 'dpos', 'bft'] as const satisfies readonly PresetName[]) {
    it(`goes well with ${consensus}`, () => {
      const report = runAtOnce(calm, { seed: 3, nodes: 8, durationS: 90, consensus });
      assert.deepEqual(report.violations, []);
      assert.ok(report.blocks.height >= 8, `${report.blocks.height} blocks`);
    });
  }

  it('lets the checker of agreement speak when a partition lasts too long for a chain without votes', () => {
    const nodes = [0, 1, 4, 5];
    const own: readonly OwnFault[] = [
      { kind: 'partition', atMs: 10_000, nodes },
      { kind: 'heal', atMs: 110_000 },
    ];
    const options = { seed: 1, nodes: 8, durationS: 180, consensus: 'poa' } as const;
    const run = live(calm, options, own);
    run.runUntil(END);
    assert.deepEqual([...new Set(run.report?.violations.map(({ invariant }) => invariant))].slice(0, 1), [
      'agreement',
    ]);
  });
});
