import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OWN_FAULTS_MAX, type OwnFault } from './own-faults.ts';
import { formatPlan, LIVE_SCENARIOS, PLAN_LIMITS, parsePlan, type RunPlan } from './run-plan.ts';

const nodesOf = (nodes: number) =>
  fc.uniqueArray(fc.nat(nodes - 1), { minLength: 1 }).map((all) => all.toSorted((a, b) => a - b));

function faultsOf(nodes: number, durationS: number): fc.Arbitrary<readonly OwnFault[]> {
  const atMs = fc.nat(1000 * durationS - 1);
  const named = nodesOf(nodes);
  const fault = fc.oneof(
    fc.record({ kind: fc.constantFrom('partition', 'crash', 'restart'), atMs, nodes: named }),
    fc.record({ kind: fc.constant('heal'), atMs }),
    fc.record({
      kind: fc.constant('slow'),
      atMs,
      nodes: named,
      extraMs: fc.integer({ min: 1, max: 60_000 }),
    }),
    fc.record({ kind: fc.constant('links'), atMs, lostPermille: fc.nat(500), latePermille: fc.nat(500) }),
  ) as fc.Arbitrary<OwnFault>;
  return fc
    .array(fault, { maxLength: OWN_FAULTS_MAX })
    .map((all) => all.map((one) => ({ ...one })).toSorted((a, b) => a.atMs - b.atMs));
}

const plans: fc.Arbitrary<RunPlan> = fc
  .record({
    scenario: fc.constantFrom(...LIVE_SCENARIOS),
    choice: fc.nat(),
    nodes: fc.integer({ min: PLAN_LIMITS.nodesMin, max: PLAN_LIMITS.nodesMax }),
    seed: fc.maxSafeNat(),
    durationS: fc.integer({ min: PLAN_LIMITS.durationSMin, max: PLAN_LIMITS.durationSMax }),
  })
  .chain(({ scenario, choice, nodes, seed, durationS }) =>
    faultsOf(nodes, durationS).map((faults) => ({
      scenario: scenario.name,
      consensus: scenario.consensus[choice % scenario.consensus.length] ?? scenario.consensus[0],
      nodes,
      seed,
      durationS,
      faults,
    })),
  );

function ruleOf(text: string): string {
  const parsed = parsePlan(text);
  return parsed.ok ? 'taken' : parsed.error.rule;
}

describe('the plan of a run as text', () => {
  it('comes back as it was, and stays within its bounds and letters', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const text = formatPlan(plan);
        assert.match(text, /^[\w.-]+$/);
        assert.ok(text.length <= PLAN_LIMITS.textMax);
        assert.deepEqual(parsePlan(text), { ok: true, value: plan });
      }),
    );
  });

  it('is refused by a rule, whatever stands in a link', () => {
    const refused: readonly (readonly [string, string])[] = [
      ['', 'run-plan/shape'],
      ['2_calm_poa_8_1_60', 'run-plan/version'],
      ['1_calm_poa_8_1', 'run-plan/shape'],
      ['1_calm_poa_8_1_60__', 'run-plan/shape'],
      ['1_calm_poa_8_-1_60', 'run-plan/shape'],
      ['1_calm_poa_08_1_60', 'run-plan/shape'],
      ['1_attack_poa_8_1_60', 'run-plan/range'],
      ['1_poa_bft_8_1_60', 'run-plan/range'],
      ['1_calm_poa_3_1_60', 'run-plan/range'],
      ['1_calm_poa_26_1_60', 'run-plan/range'],
      ['1_calm_poa_8_1_601', 'run-plan/range'],
      ['1_calm_poa_8_9999999999999999_60', 'run-plan/range'],
      ['1_calm_poa_8_1_60_', 'run-plan/shape'],
      ['1_calm_poa_8_1_60_x5', 'run-plan/shape'],
      ['1_calm_poa_8_1_60_h5.1', 'run-plan/shape'],
      ['1_calm_poa_8_1_60_p5', 'run-plan/faults'],
      ['1_calm_poa_8_1_60_p5.8', 'run-plan/faults'],
      ['1_calm_poa_8_1_60_p5.2.1', 'run-plan/faults'],
      ['1_calm_poa_8_1_60_p5.1.1', 'run-plan/faults'],
      ['1_calm_poa_8_1_60_h5-h4', 'run-plan/faults'],
      ['1_calm_poa_8_1_60_h60000', 'run-plan/faults'],
      ['1_calm_poa_8_1_60_l5.501.0', 'run-plan/shape'],
      ['1_calm_poa_8_1_60_s5.0.1', 'run-plan/shape'],
      [`1_calm_poa_8_1_60_${Array.from({ length: 65 }, () => 'h5').join('-')}`, 'run-plan/faults'],
      ['1'.repeat(6_001), 'run-plan/shape'],
    ];
    for (const [text, rule] of refused) assert.equal(ruleOf(text), rule, text.slice(0, 60));
    assert.equal(ruleOf('1_calm_poa_8_1_60_h5'), 'taken');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'_-.0123456789calmpowh') }), (tail) => {
        assert.match(ruleOf(`1_calm_poa_${tail}`), /^(?:taken|run-plan\/)/);
      }),
    );
  });
});
