import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { Attack, ComparedSetting } from './setting.ts';

/** Something that is tried with each consensus that it means something for, at its bound and beyond. */
export interface Trial {
  readonly setting: ComparedSetting;
  /** For each consensus what it is said to bear: everything, or what it loses. */
  readonly claims: Readonly<Partial<Record<PresetName, Claim>>>;
}

/**
 * What a consensus says of a trial. `holds`: blocks go on and become final. `open`: blocks go on, and none becomes
 * final. `stops`: no block is made. `breaks`: two blocks of one height become final. What is not safe is beyond the
 * bound.
 */
export type Claim = 'holds' | 'open' | 'stops' | 'breaks';

const MAKERS = 10;

function trial(name: string, attack: Attack, claims: Trial['claims']): Trial {
  const durationS = attack.toS + HEAL_S;
  return { setting: { name, nodes: 14, makers: MAKERS, durationS, faults: [], attack }, claims };
}

/** Three minutes, once blocks become final on every chain, also where it takes more than sixty on top of them. */
const LATE = { fromS: 420, toS: 620 } as const;

/** The same where votes say so, soon after the start; and a quarter of an hour. */
const SHORT = { fromS: 120, toS: 320 } as const;
const LONG = { fromS: 120, toS: 1060 } as const;

/** Time to heal. */
const HEAL_S = 100;

/** Every trial. Ten makers: three are fewer than a third, four are not. */
export const TRIALS: readonly Trial[] = [
  trial(
    'three of ten makers without power',
    { kind: 'off', makers: 3, ...LATE },
    { poa: 'holds', pow: 'holds', pos: 'holds', dpos: 'holds', hybrid: 'holds', bft: 'holds' },
  ),
  trial(
    'four of ten makers without power',
    { kind: 'off', makers: 4, ...LATE },
    { poa: 'holds', pow: 'holds', pos: 'open', dpos: 'holds', hybrid: 'open', bft: 'stops' },
  ),
  trial(
    'in two halves for three minutes',
    { kind: 'split', twins: 0, ...LATE },
    { poa: 'holds', pow: 'holds', pos: 'open', dpos: 'holds', hybrid: 'open', bft: 'stops' },
  ),
  trial(
    'in two halves for a quarter of an hour',
    { kind: 'split', twins: 0, ...LONG },
    { poa: 'breaks', pow: 'breaks', pos: 'open', dpos: 'breaks', hybrid: 'open', bft: 'stops' },
  ),
  trial(
    'in two halves, three of ten on both sides',
    { kind: 'split', twins: 3, ...SHORT },
    { pos: 'holds', hybrid: 'holds', bft: 'holds' },
  ),
  trial(
    'in two halves, four of ten on both sides',
    { kind: 'split', twins: 4, ...SHORT },
    { pos: 'breaks', hybrid: 'breaks', bft: 'breaks' },
  ),
  trial(
    '30 % of the hash rate in secret for a quarter of an hour',
    { kind: 'secret', hashPercent: 30, ...LONG },
    { pow: 'holds', hybrid: 'holds' },
  ),
  trial(
    '60 % of the hash rate in secret for a quarter of an hour',
    { kind: 'secret', hashPercent: 60, ...LONG },
    { pow: 'breaks', hybrid: 'holds' },
  ),
];
