import { ok, type Result } from '@calin/core/base/result.ts';
import { PRESET_NAMES, type PresetName } from '@calin/core/spec/consensus-presets.ts';
import {
  CALM_CARD,
  FAULTS_CARD,
  POA_CARD,
  POW_CARD,
  type ScenarioCard,
} from '../scenarios/scenario-cards.ts';
import type { OwnFault } from './own-faults.ts';
import { parseFaults } from './parse-faults.ts';
import { refusePlan } from './rules.ts';

/** Everything from which a run that is watched follows: the same plan gives the same run, to the last byte. */
export interface RunPlan {
  /** The name of one of {@link LIVE_SCENARIOS}. */
  readonly scenario: string;
  readonly consensus: PresetName;
  readonly nodes: number;
  readonly seed: number;
  readonly durationS: number;
  /** In the order of their times. */
  readonly faults: readonly OwnFault[];
}

/**
 * Scenarios that are small enough to be watched. The attack is not one of them: its strangers fill gigabytes of memory.
 */
export const LIVE_SCENARIOS: readonly ScenarioCard[] = [CALM_CARD, FAULTS_CARD, POA_CARD, POW_CARD];

/** What is quick enough to be replayed while somebody waits. */
export const PLAN_LIMITS = {
  nodesMin: 4,
  nodesMax: 25,
  durationSMin: 10,
  durationSMax: 600,
  /** Characters of a plan as text: {@link OWN_FAULTS_MAX} faults of many nodes each. */
  textMax: 6_000,
} as const;

/** Of this text: another one where the same plan would give another run, or is written in another way. */
const VERSION = '1';

const NUMBER = /^(0|[1-9]\d{0,15})$/;

/** The scenario of a plan. */
export function findLiveScenario(name: string): ScenarioCard | undefined {
  return LIVE_SCENARIOS.find((scenario) => scenario.name === name);
}

/** A plan as text for a link: letters, digits, dots, underscores and hyphens. */
export function formatPlan({ scenario, consensus, nodes, seed, durationS, faults }: RunPlan): string {
  const head = [VERSION, scenario, consensus, nodes, seed, durationS];
  return [...head, ...(faults.length === 0 ? [] : [faults.map(formatFault).join('-')])].join('_');
}

/** Reads a plan that came with a link. Refuses by `run-plan/…`. */
export function parsePlan(text: string): Result<RunPlan> {
  if (text.length > PLAN_LIMITS.textMax)
    return refusePlan('run-plan/shape', { characters: text.length, max: PLAN_LIMITS.textMax });
  const parts = text.split('_');
  if (parts[0] !== VERSION && NUMBER.test(parts[0] ?? ''))
    return refusePlan('run-plan/version', { got: parts[0] ?? '', expected: VERSION });
  const [version, name = '', preset = '', ...rest] = parts;
  const numbers = rest.slice(0, 3);
  if (version !== VERSION || numbers.length < 3 || rest.length > 4)
    return refusePlan('run-plan/shape', { parts: parts.length });
  const bad = numbers.find((one) => !NUMBER.test(one));
  if (bad !== undefined) return refusePlan('run-plan/shape', { got: bad.slice(0, 40) });
  const scenario = findLiveScenario(name);
  if (scenario === undefined)
    return refusePlan('run-plan/range', {
      scenario: name.slice(0, 40),
      expected: LIVE_SCENARIOS.map((one) => one.name).join(', '),
    });
  const consensus = PRESET_NAMES.find((one) => one === preset);
  if (consensus === undefined || !scenario.consensus.includes(consensus))
    return refusePlan('run-plan/range', {
      consensus: preset.slice(0, 40),
      expected: scenario.consensus.join(', '),
    });
  const [nodes = 0, seed = 0, durationS = 0] = numbers.map(Number);
  return finishPlan({ scenario: name, consensus, nodes, seed, durationS, faults: [] }, rest[3]);
}

function finishPlan(plan: RunPlan, faultsText: string | undefined): Result<RunPlan> {
  const { nodes, seed, durationS } = plan;
  const { nodesMin, nodesMax, durationSMin, durationSMax } = PLAN_LIMITS;
  if (nodes < nodesMin || nodes > nodesMax)
    return refusePlan('run-plan/range', { nodes, min: nodesMin, max: nodesMax });
  if (durationS < durationSMin || durationS > durationSMax)
    return refusePlan('run-plan/range', { durationS, min: durationSMin, max: durationSMax });
  if (!Number.isSafeInteger(seed))
    return refusePlan('run-plan/range', { seed, max: Number.MAX_SAFE_INTEGER });
  if (faultsText === undefined) return ok(plan);
  const parsed = parseFaults(faultsText, { nodes, untilMs: 1000 * durationS });
  return parsed.ok ? ok({ ...plan, faults: parsed.value }) : parsed;
}

function formatFault(fault: OwnFault): string {
  const { atMs } = fault;
  switch (fault.kind) {
    case 'heal':
      return `h${atMs}`;
    case 'slow':
      return [`s${atMs}`, fault.extraMs, ...fault.nodes].join('.');
    case 'links':
      return [`l${atMs}`, fault.lostPermille, fault.latePermille].join('.');
    default:
      return [{ partition: 'p', crash: 'c', restart: 'r' }[fault.kind] + atMs, ...fault.nodes].join('.');
  }
}
