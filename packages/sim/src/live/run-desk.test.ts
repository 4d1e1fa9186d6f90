import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runScenario } from '../run.ts';
import { calm } from '../scenarios/calm.ts';
import { RunDesk, type RunNews } from './run-desk.ts';
import type { RunPlan } from './run-plan.ts';

const PLAN: RunPlan = { scenario: 'calm', consensus: 'poa', nodes: 4, seed: 9, durationS: 24, faults: [] };

/** Works until nothing is left to do. */
function settle(desk: RunDesk): RunNews {
  for (let pieces = 0; desk.isBusy; pieces++) {
    assert.ok(pieces < 10_000, 'work that ends');
    desk.work(40);
  }
  return desk.news();
}

function openAt(atUs: number, plan = PLAN): RunDesk {
  const desk = new RunDesk();
  desk.take({ kind: 'open', plan, atUs });
  return desk;
}

describe('the desk of runs that are watched', () => {
  it('plays a run to the end of the command line', () => {
    const desk = openAt(0);
    desk.take({ kind: 'play', pace: 50 });
    const { report, state, frame, story, hash } = settle(desk);
    const run = runScenario(calm, { seed: 9, nodes: 4, durationS: 24 });
    let step = run.next();
    while (step.done !== true) step = run.next();
    assert.deepEqual(report, step.value.report);
    assert.deepEqual([state, frame.isOver, hash], ['paused', true, report?.hash]);
    assert.equal(frame.nowUs, 24_000_000);
    assert.equal(story?.heights.length, 24);
    assert.deepEqual(story?.blocks[0]?.height, report?.blocks.height);
  });

  it('goes back, and is where it was: the same hash, the same picture', () => {
    const desk = openAt(12_345_000);
    const there = settle(desk);
    desk.take({ kind: 'seek', atUs: 20_000_000 });
    const later = settle(desk);
    assert.notEqual(later.hash, there.hash);
    desk.take({ kind: 'seek', atUs: 12_345_000 });
    assert.equal(desk.news().goalUs, 12_345_000);
    const back = settle(desk);
    assert.deepEqual([back.hash, back.frame], [there.hash, there.frame]);
    desk.take({ kind: 'seek', atUs: 20_000_000 });
    assert.equal(settle(desk).hash, later.hash);
  });

  it('takes faults while it stands there and takes them back: either way as if they had always been so', () => {
    const desk = openAt(7_000_000);
    settle(desk);
    desk.take({ kind: 'do', deed: { kind: 'partition', nodes: [0] } });
    assert.deepEqual(
      desk.news().frame.nodes.map(({ side }) => side),
      [1, 0, 0, 0],
    );
    desk.take({ kind: 'step', to: 'message' });
    settle(desk);
    desk.take({ kind: 'do', deed: { kind: 'crash', nodes: [3] } });
    desk.take({ kind: 'seek', atUs: 15_000_000 });
    const { faults, hash } = settle(desk);
    assert.deepEqual(
      faults.map(({ kind }) => kind),
      ['partition', 'crash'],
    );
    assert.equal(settle(openAt(15_000_000, { ...PLAN, faults })).hash, hash);
    desk.take({ kind: 'undo', fault: 1 });
    desk.take({ kind: 'undo', fault: 0 });
    const undone = settle(desk);
    assert.equal(undone.frame.nowUs, 15_000_000);
    assert.equal(undone.hash, settle(openAt(15_000_000)).hash);
    assert.notEqual(undone.hash, hash);
  });

  it('steps to the next block, and to the next message that arrives', () => {
    const desk = openAt(8_000_000);
    const { story, frame } = settle(desk);
    desk.take({ kind: 'step', to: 'block' });
    const next = settle(desk);
    assert.equal(next.story?.blocks[0]?.height, (story?.blocks[0]?.height ?? 0) + 1);
    assert.ok(next.frame.nowUs > frame.nowUs && next.frame.messages.length > 0);
    const firstUs = Math.min(...next.frame.messages.map(({ arrivesUs }) => arrivesUs));
    desk.take({ kind: 'step', to: 'message' });
    assert.equal(settle(desk).frame.nowUs, firstUs);
  });

  it('pauses in the middle, and tells a story once', () => {
    const desk = openAt(0);
    desk.take({ kind: 'play', pace: 1 });
    desk.work(2_500);
    desk.work(2_500);
    assert.ok(desk.news().story !== undefined);
    desk.take({ kind: 'pause' });
    assert.equal(desk.isBusy, false);
    assert.deepEqual([desk.news().story, desk.news().state], [undefined, 'paused']);
  });
});
