import { ok, type Result } from '../../base/result.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import type { StakeSpec } from '../../spec/validator-spec.ts';
import type { Overlay } from '../../state/view.ts';
import type { ActionContext } from '../actions/action-context.ts';
import { refuseStake } from './rules.ts';

/** Where and when stake is moved. */
export interface StakePlace {
  readonly stake: StakeSpec;
  readonly overlay: Overlay;
  /** Of the block. */
  readonly epoch: number;
}

/** The place of an action. Refuses by `stake/none` on a chain that does not choose its validators by stake. */
export function stakePlace({
  spec,
  overlay,
  env,
}: Pick<ActionContext, 'spec' | 'overlay' | 'env'>): Result<StakePlace> {
  const { validators } = spec.consensus;
  if (validators?.kind !== 'stake') return refuseStake('stake/none');
  return ok({ stake: validators, overlay, epoch: epochOfHeight(env.height, validators.epochBlocks) });
}
