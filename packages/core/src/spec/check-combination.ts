import type { Failure } from '../base/result.ts';
import type { ChainSpec, FinalitySpec, ProductionSpec } from './chain-spec.ts';
import { refuseGenesis } from './rules.ts';
import type { ValidatorsSpec } from './validator-spec.ts';

/** What each production goes together with. */
const COMBINATIONS: Readonly<Record<ProductionSpec['kind'], readonly FinalitySpec['kind'][]>> = {
  poa: ['depth', 'votes'],
  pow: ['depth', 'votes'],
  pos: ['depth', 'votes'],
  dpos: ['depth', 'votes'],
  leader: ['votes-each'],
};

/** Where the validators of each production may come from; `none` where it can do without any. */
const VALIDATORS: Readonly<Record<ProductionSpec['kind'], readonly (ValidatorsSpec['kind'] | 'none')[]>> = {
  poa: ['none', 'authorities', 'stake'],
  pow: ['none', 'authorities', 'stake'],
  pos: ['stake'],
  dpos: ['stake'],
  leader: ['authorities', 'stake'],
};

/** Whether production, finality and validators fit together; undefined when they do. */
export function checkCombination({ consensus }: ChainSpec): Failure | undefined {
  const { production, finality, validators } = consensus;
  const finalities = COMBINATIONS[production.kind];
  if (!finalities.includes(finality.kind)) {
    return refuseGenesis('genesis/consensus-combination', {
      path: 'genesis.consensus.finality.kind',
      got: `${production.kind} + ${finality.kind}`,
      expected: finalities.join(' or '),
    });
  }
  const sources = VALIDATORS[production.kind];
  const source = validators?.kind ?? 'none';
  if (!sources.includes(source) || (source === 'none' && finality.kind !== 'depth')) {
    const expected = sources.filter((kind) => kind !== 'none' || finality.kind === 'depth').join(' or ');
    const path = 'genesis.consensus.validators';
    return refuseGenesis('genesis/consensus-validators', { path, got: source, expected });
  }
  return undefined;
}
