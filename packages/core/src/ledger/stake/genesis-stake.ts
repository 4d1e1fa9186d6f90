import { type Amount, addAmounts, amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { ChainSpec } from '../../spec/chain-spec.ts';
import type { GenesisStake } from '../../spec/validator-spec.ts';
import type { Overlay } from '../../state/view.ts';
import { readAuthorities, writeAuthorities } from './authorities.ts';
import { chooseValidators } from './choose-validators.ts';
import { writeDelegation } from './delegation.ts';
import { newPool, writePool } from './pool.ts';
import { takeSeat } from './seats.ts';
import { beginRandomness, writeValidatorSet } from './validator-sets.ts';

/**
 * Writes the validators that a chain begins with: their pools, and the sets of epochs 0 and 1. Nothing where a chain
 * has none.
 *
 * @param origin - the hash of the spec, which the seeds of the first sets follow from
 * @returns the hugs that are bonded from the start, which are issued beside the allocations
 */
export function beginValidators(overlay: Overlay, spec: ChainSpec, origin: Hash): Amount {
  const { validators } = spec.consensus;
  let bonded = amount(0);
  if (validators === undefined) return bonded;
  if (validators.kind === 'authorities') {
    writeAuthorities(overlay, validators.authorities);
  } else {
    for (const stake of validators.stakes) {
      bondAtGenesis(overlay, stake);
      const sum = addAmounts(bonded, stake.amount);
      assert(sum !== undefined, 'stakes above all hugs there can be');
      bonded = sum;
    }
  }
  beginRandomness(overlay, origin);
  const members =
    validators.kind === 'authorities'
      ? readAuthorities(overlay).map((publicKey) => ({ publicKey, weight: 1 }))
      : chooseValidators(overlay, validators.membersMax, 0);
  for (const epoch of [0, 1]) writeValidatorSet(overlay, { epoch, members });
  return bonded;
}

function bondAtGenesis(overlay: Overlay, stake: GenesisStake): void {
  const { publicKey, owner, amount: tokens, commissionPermille } = stake;
  const seated = takeSeat(overlay, newPool({ publicKey, owner, payTo: owner, commissionPermille }), 0);
  assert(seated !== undefined, 'more stakes than seats');
  writePool(overlay, { ...seated, tokens, shares: tokens });
  writeDelegation(overlay, owner, publicKey, { shares: tokens, ties: [] });
}
