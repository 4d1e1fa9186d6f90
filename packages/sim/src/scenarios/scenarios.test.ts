import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FinalBlocks } from '../checkers/final-blocks.ts';
import { seedOf } from '../dice.ts';
import type { SimHost } from '../link.ts';
import { runScenario } from '../run.ts';
import type { FinishedRun } from '../run-judge.ts';
import type { RunOptions } from '../run-setup.ts';
import type { SimNode } from '../sim-node.ts';
import { attack } from './attack.ts';
import { faults } from './faults.ts';
import { createPayingNetwork } from './paying-network.ts';
import { poa } from './poa.ts';
import type { Scenario, StageOptions } from './scenario.ts';
import { findScenario, SCENARIOS } from './scenarios.ts';

const S = 1_000_000;

/** Runs to the end; what came out, and every byte of the log. */
function runToEnd(scenario: Scenario, options: RunOptions): FinishedRun & { readonly text: string } {
  let text = '';
  const log = {
    level: 'debug' as const,
    sink: (more: string) => {
      text += more;
    },
  };
  const run = runScenario(scenario, { log, ...options });
  let step = run.next();
  while (step.done !== true) step = run.next();
  return { ...step.value, text };
}

const heightOf = ({ node }: SimNode) => node?.chain.head.height ?? 0;

describe('a quiet network', () => {
  const options = { seed: 2, nodes: 7, durationS: 130 };
  const quiet = runToEnd(poa, options);

  it('agrees on a block in every slot, with every transfer', () => {
    assert.deepEqual(quiet.report.violations, []);
    assert.deepEqual(quiet.report.blocks, { made: 12, stale: 0, height: 13, final: 7 });
    assert.ok((quiet.report.workload?.accepted ?? 0) > 3);
    assert.ok(quiet.report.propagation.p99Ms < 1_000);
  });

  it('is the same again, to the last byte of its log', () => {
    const again = runToEnd(poa, options);
    assert.equal(again.text, quiet.text);
    assert.deepEqual(again.report, quiet.report);
  });

  it('ends the same whether messages are carried by reference or as bytes', () => {
    const framed = runToEnd(poa, { ...options, carries: 'frame' });
    assert.equal(framed.text, quiet.text);
    assert.deepEqual(framed.report, quiet.report);
  });

  it('is another one with another seed', () => {
    assert.notEqual(runToEnd(poa, { ...options, seed: 3 }).report.hash, quiet.report.hash);
  });
});

describe('a network in which everything goes wrong', () => {
  const { report, stage, text } = runToEnd(faults, { seed: 4, nodes: 12, durationS: 200 });

  it('keeps every invariant', () => assert.deepEqual(report.violations, []));

  it('has really gone through it', () => {
    const said = [
      'power cut',
      'the network is divided',
      'the network is whole',
      'links are disturbed',
      'links are good',
      'clock set',
      /equivocates|withholds/,
    ];
    for (const what of said) assert.match(text, new RegExp(what));
    assert.ok(report.reorganisations.count > 0 && report.blocks.stale > 0);
    assert.ok(stage.cluster.honest.length < stage.cluster.nodes.length);
  });

  it('is the same again, to the last byte of its log', () => {
    const again = runToEnd(faults, { seed: 4, nodes: 12, durationS: 200 });
    assert.equal(again.text, text);
    assert.equal(again.report.hash, report.hash);
  });
});

describe('seeds that once broke something', () => {
  it('faults of hybrid, seed 22: unlucky miners are no standstill', () => {
    const options = { consensus: 'hybrid', seed: 22, log: { level: 'error' } } as const;
    assert.deepEqual(runToEnd(faults, options).report.violations, []);
  });

  // The votes of many came while the hello of their sender was sent anew, and each of them was held against it.
  it('faults of bft, seed 793: whose hello is late is not banned', () => {
    const options = { consensus: 'bft', seed: 793, durationS: 80, log: { level: 'error' } } as const;
    assert.deepEqual(runToEnd(faults, options).report.violations, []);
  });

  // A node that had lost its last peer with blocks still missing asked to be woken in the past, again and again.
  it('faults, seed 112: time goes on', () => {
    assert.deepEqual(runToEnd(faults, { seed: 112, log: { level: 'error' } }).report.violations, []);
  });
});

describe('an attack that has just begun', () => {
  // Some liars come back for a second time before a minute is over: each is sent away again, and not yet banned.
  it('is not judged as if it were over', () => {
    const { report } = runToEnd(attack, { seed: 3, durationS: 60, log: { level: 'error' } });
    assert.deepEqual(report.violations, []);
    assert.ok(Number(report.results['thrownOut']) > 1_000);
  });
});

describe('a network under attack', () => {
  const { report } = runToEnd(attack, { seed: 5, nodes: 8, durationS: 120 });

  it('throws the attackers out and goes on as if they were not there', () => {
    assert.deepEqual(report.violations, []);
    const { quietMs, attackedMs, thrownOut } = report.results as Record<string, number>;
    assert.ok((thrownOut ?? 0) > 10);
    assert.ok((attackedMs ?? 0) < 2 * (quietMs ?? 0), `${attackedMs} ms, ${quietMs} ms before`);
  });
});

/** Nodes on blocks of two seconds that are final after ten, with nothing that goes wrong by itself. */
function smallNetwork(nodes: number) {
  const stage: StageOptions = {
    consensus: 'poa',
    seed: seedOf(6),
    nodes,
    durationUs: 400 * S,
    log: { level: 'error' },
    carries: 'message',
  };
  const workload = { intervalUs: 10 * S, chainedPpm: 0, doubleSpendPpm: 0 };
  const choices = {
    slotMs: 2_000,
    finalityBlocks: 10,
    authorities: nodes,
    skewMsMax: 0,
    checkpointBlocks: 10,
    workload,
  };
  const { cluster } = createPayingNetwork(choices, stage);
  cluster.start(S);
  return { cluster, clock: cluster.world.clock, network: cluster.world.network };
}

describe('what a chain without votes cannot bear', () => {
  it('is found by the checker: two halves that are apart for longer than blocks take to be final', () => {
    const { cluster, clock, network } = smallNetwork(6);
    const checker = new FinalBlocks();
    const found: string[] = [];
    const watch = () => {
      const sight = checker.look(cluster, 'watch');
      if (sight !== undefined) checker.judge([sight], 'watch', (message) => found.push(message));
    };
    clock.runUntil(30 * S);
    watch();
    const half = (host: SimHost) => Number(host.name.slice(1)) % 2;
    network.partition(half);
    clock.runUntil(60 * S);
    watch();
    assert.deepEqual(found, [], 'not yet');
    clock.runUntil(160 * S);
    watch();
    assert.ok(found.length > 0);
    assert.equal(found[0], 'Two nodes have another final block at one height.');
  });
});

describe('a machine', () => {
  it('that crashes goes on from its disk, and catches up', () => {
    const { cluster, clock } = smallNetwork(4);
    clock.runUntil(60 * S);
    const node = cluster.node(1);
    node.crash();
    assert.equal(node.isUp, false);
    clock.runUntil(100 * S);
    const before = heightOf(cluster.node(0));
    node.start();
    const opened = heightOf(node);
    assert.ok(opened > 20 && opened < before, `${opened} of ${before}`);
    clock.runUntil(130 * S);
    assert.ok(heightOf(cluster.node(0)) - heightOf(node) <= 1);
    assert.throws(() => node.start(), /is on already/);
  });
});

describe('scenarios', () => {
  it('have names of their own, by which they are found', () => {
    assert.equal(new Set(SCENARIOS.map(({ name }) => name)).size, SCENARIOS.length);
    for (const scenario of SCENARIOS) assert.equal(findScenario(scenario.name), scenario);
    assert.equal(findScenario('nothing'), undefined);
  });
});
