import { attack } from './attack.ts';
import { calm } from './calm.ts';
import { faults } from './faults.ts';
import { poa } from './poa.ts';
import { pow } from './pow.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario, in the order in which they are listed. */
export const SCENARIOS: readonly Scenario[] = [poa, calm, faults, pow, attack];

/** The scenario of a name. */
export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
