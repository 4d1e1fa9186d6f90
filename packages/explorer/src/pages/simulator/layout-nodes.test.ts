import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlan } from '@calin/sim/live/run-plan.ts';
import { EXAMPLES } from './examples.ts';
import { cutBy, layoutNodes, outwards, progressOf } from './layout-nodes.ts';
import { readSearch } from './read-search.ts';
import { FIRST_PLAN, momentOf, planOf } from './run-search.ts';

test('nodes stand on a ring, those of one region beside each other and none upon another', () => {
  const regionOf = [2, 0, 2, 1, 0, 2, 2];
  const { nodes, regions } = layoutNodes(regionOf);
  assert.deepEqual(
    regions.map(({ region }) => region),
    [0, 1, 2],
  );
  for (const { x, y } of nodes) assert.equal(Math.round(Math.hypot(x, y)), 158);
  const around = nodes
    .map(({ x, y }, i) => ({
      region: regionOf[i],
      angle: (Math.atan2(y, x) + 2.5 * Math.PI + 1e-9) % (2 * Math.PI),
    }))
    .toSorted((a, b) => a.angle - b.angle);
  assert.deepEqual(
    around.map(({ region }) => region),
    [0, 0, 1, 2, 2, 2, 2],
  );
  nodes.forEach((a, i) => {
    for (const b of nodes.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 40);
  });
});

test('twenty-five nodes have room for themselves', () => {
  const { nodes } = layoutNodes(Array.from({ length: 25 }, (_, i) => i % 6));
  nodes.forEach((a, i) => {
    for (const b of nodes.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 28);
  });
});

test('names stand on the far side of their nodes', () => {
  assert.deepEqual(outwards({ x: 30, y: -40 }, 5), { x: 3, y: -4 });
  assert.deepEqual(outwards({ x: 0, y: 0 }, 5), { x: 0, y: -5 });
});

test('a line cuts off who is on its smaller side', () => {
  const nodes = [
    { x: -10, y: 0 },
    { x: 10, y: 0 },
    { x: 20, y: 5 },
    { x: 15, y: -9 },
  ];
  const [up, down] = [
    { x: 0, y: -50 },
    { x: 0, y: 50 },
  ];
  assert.deepEqual([cutBy(up, down, nodes), cutBy(down, up, nodes)], [[0], [0]]);
  assert.deepEqual(cutBy({ x: 12, y: -50 }, { x: 12, y: 50 }, nodes), [2, 3]);
  assert.deepEqual(cutBy({ x: 50, y: -50 }, { x: 50, y: 50 }, nodes), []);
});

test('messages are as far as their time, and what is lost comes no further than the middle', () => {
  const message = { sentUs: 100, arrivesUs: 300, isLost: false };
  assert.deepEqual(
    [50, 100, 150, 300, 900].map((nowUs) => progressOf(message, nowUs)),
    [0, 0, 0.25, 1, 1],
  );
  assert.equal(progressOf({ ...message, isLost: true }, 290), 0.5);
});

test('an address says which run is shown, and nothing that is not meant for the page', () => {
  assert.deepEqual(readSearch({}), {});
  assert.deepEqual(planOf({}), { ok: true, value: FIRST_PLAN });
  const hash = '0123456789abcdef';
  assert.deepEqual(readSearch({ run: 7, at: 5, hash, other: 1 }), { run: '7', at: 5, hash });
  assert.deepEqual(readSearch({ at: -5, hash: 'ABC' }), {});
  assert.deepEqual(readSearch({ at: 'soon', hash: 1234567890123456 }), {});
  assert.equal(planOf({ run: 'nonsense' }).ok, false);
  assert.deepEqual([momentOf({ at: 7 }, FIRST_PLAN), momentOf({ at: 1e12 }, FIRST_PLAN)], [7, 180_000_000]);
});

test('every example is a run that can be made', () => {
  for (const { run, name } of EXAMPLES) assert.ok(parsePlan(run).ok, name);
});
