import { compareBytes } from '../../base/bytes.ts';
import { sortValidators, type Validator } from '../../primitives/validator-set.ts';
import type { StateView } from '../../state/view.ts';
import type { Pool } from './pool.ts';
import { seatedPools } from './seats.ts';

/**
 * The candidates with the most stake that are not in jail, as members of a set; of two with the same stake the one
 * with the smaller key. Empty when there is no candidate.
 *
 * @param epoch - at whose end they are chosen: who became a candidate in it has to wait for the next
 */
export function chooseValidators(view: StateView, membersMax: number, epoch: number): readonly Validator[] {
  const candidates: Pool[] = [];
  for (const pool of seatedPools(view)) {
    if (pool.jailedUntil === 0 && pool.eligibleFrom <= epoch) candidates.push(pool);
  }
  const chosen = candidates
    .toSorted((a, b) => b.tokens - a.tokens || compareBytes(a.publicKey, b.publicKey))
    .slice(0, membersMax);
  return sortValidators(chosen.map(({ publicKey, tokens }) => ({ publicKey, weight: tokens })));
}
