import { type Amount, amount } from '../../base/amount.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import { viewOf } from '../../state/view.ts';
import { stateEntries, type WorldState } from '../../state/world-state.ts';
import { readPoolAt } from './pool.ts';
import { plus } from './share-math.ts';
import { readSignersPot } from './signers-pot.ts';
import { readUnbondings } from './unbonding.ts';

/**
 * The hugs that are no coins: in pools, at rest, or waiting for those who sign. With all native coins they are issued −
 * burned. Reads every entry of the storage, so it is for those who check a state and not for those who serve one.
 */
export function stakedHugs(state: WorldState): Amount {
  const view = viewOf(state);
  let staked = readSignersPot(view);
  for (const { key } of stateEntries(state, NAMESPACE.pool)) {
    staked = plus(staked, readPoolAt(view, key)?.tokens ?? amount(0));
  }
  for (const { key } of stateEntries(state, NAMESPACE.unbonding)) {
    for (const entry of readUnbondings(view, key)) staked = plus(staked, entry.amount);
  }
  return staked;
}
