import { assert } from '../../base/assert.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import { viewOf } from '../../state/view.ts';
import { stateCoins, stateEntries, type WorldState } from '../../state/world-state.ts';
import { readDelegation } from '../stake/delegation.ts';
import { FOR_EVER, NO_SEAT, type Pool, poolKey, readPoolAt } from '../stake/pool.ts';
import { seatCount, seatedPools } from '../stake/seats.ts';
import { stakedHugs } from '../stake/staked.ts';
import { readSupply } from '../supply.ts';

/** All pools of a state, by public key in hexadecimal. */
export function poolsOf(state: WorldState): ReadonlyMap<string, Pool> {
  const view = viewOf(state);
  const pools = new Map<string, Pool>();
  for (const { key } of stateEntries(state, NAMESPACE.pool)) {
    const pool = readPoolAt(view, key);
    assert(pool !== undefined && equalBytes(poolKey(pool.publicKey), key), 'a pool under another key');
    pools.set(toHex(pool.publicKey), pool);
  }
  return pools;
}

/**
 * Counts a whole state: coins, pools and what rests are all hugs there are, the shares of each pool are those of its
 * delegations, and the seats are those of the candidates.
 *
 * @throws AssertionError when something does not add up
 */
export function auditStake(state: WorldState): void {
  const view = viewOf(state);
  const pools = poolsOf(state);
  let hugs = 0n;
  for (const { coin } of stateCoins(state)) if (coin.asset === 0) hugs += BigInt(coin.amount);
  hugs += BigInt(stakedHugs(state));
  const { issued, burned } = readSupply(view);
  assert(hugs === BigInt(issued) - BigInt(burned), `${hugs} hugs of ${issued} − ${burned}`);
  const shares = new Map<string, bigint>();
  for (const { key } of stateEntries(state, NAMESPACE.delegation)) {
    const validator = key.slice(32);
    const held = readDelegation(view, key.slice(0, 32), validator);
    const tied = held.ties.reduce((sum, tie) => sum + tie.shares, 0);
    assert(held.shares > 0 && tied <= held.shares, 'a delegation of nothing, or tied to more than it has');
    shares.set(toHex(validator), (shares.get(toHex(validator)) ?? 0n) + BigInt(held.shares));
  }
  for (const [name, pool] of pools) {
    assert(
      BigInt(pool.shares) === (shares.get(name) ?? 0n),
      'the shares of a pool are those of its delegations',
    );
    assert(pool.shares > 0 || pool.tokens === 0, 'tokens that nobody owns');
    assert(pool.seat === NO_SEAT || pool.jailedUntil !== FOR_EVER, 'a convicted candidate');
    shares.delete(name);
  }
  assert(shares.size === 0, 'shares of a pool that is gone');
  const seated = [...seatedPools(view)];
  const candidates = [...pools.values()].filter(({ seat }) => seat !== NO_SEAT);
  assert(
    seated.length === candidates.length && seatCount(view) === seated.length,
    'seats and candidates differ',
  );
}
