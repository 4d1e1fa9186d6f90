import { PRESET_NAMES } from '@calin/core/spec/consensus-presets.ts';
import { WORLD } from '../regions.ts';
import type { Scenario } from './scenario.ts';

/** What is known of a scenario without the code that sets it up: enough to choose one. */
export type ScenarioCard = Omit<Scenario, 'stage'>;

/** A network in which nothing goes wrong. */
export const POA_CARD: ScenarioCard = {
  consensus: ['poa'],
  name: 'poa',
  summary: 'Proof of authority, a block every ten seconds, and nothing goes wrong.',
  nodes: 25,
  nodesMin: 1,
  durationS: 3600,
  regions: WORLD,
};

/** A chain of any kind on which nothing goes wrong by itself. */
export const CALM_CARD: ScenarioCard = {
  consensus: PRESET_NAMES,
  name: 'calm',
  summary:
    'Any consensus, a block every five seconds, half of the nodes make blocks, and nothing goes wrong by itself.',
  nodes: 12,
  nodesMin: 4,
  durationS: 180,
  regions: WORLD,
};

/** Everything goes wrong at once, and then nothing. */
export const FAULTS_CARD: ScenarioCard = {
  consensus: PRESET_NAMES,
  name: 'faults',
  summary:
    'Power cuts, partitions, lost and doubled messages, wrong clocks, and fewer than a third who cheat: two blocks or votes, blocks and votes kept back.',
  nodes: 25,
  nodesMin: 4,
  durationS: 300,
  regions: WORLD,
};

/** Proof of work around the world, with all that goes wrong. */
export const POW_CARD: ScenarioCard = {
  consensus: ['pow'],
  name: 'pow',
  summary:
    'Proof of work: miners small and large, forks, power cuts, partitions, bad links; the largest miner keeps blocks back.',
  nodes: 25,
  nodesMin: 4,
  durationS: 600,
  regions: WORLD,
};
