import { type Amount, amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import { OK, type Result } from '../../base/result.ts';
import type { Address } from '../../primitives/address.ts';
import { MISSED_MAX } from '../../primitives/limits.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import type { ChainSpec } from '../../spec/chain-spec.ts';
import type { Overlay, StateView } from '../../state/view.ts';
import type { BlockEnvironment } from '../environment.ts';
import { endEpoch } from './epoch-border.ts';
import { commissionOf, countTurns, earns, readPool, readPoolAt, writePool } from './pool.ts';
import { refuseStake } from './rules.ts';
import { minus, permilleOf, plus } from './share-math.ts';
import { addToSignersPot } from './signers-pot.ts';
import { addRandomness } from './validator-sets.ts';

/** How a block reward is parted. What neither gets is not issued. */
export interface RewardParts {
  /** Due to the producer by the reward transaction, beside the tips. */
  readonly producer: Amount;
  /** For the pool of the producer. */
  readonly pool: Amount;
  /** For those who sign in this epoch. */
  readonly signers: Amount;
  /** Where all of the reward transaction must go; undefined where the producer chooses. */
  readonly payTo: Address | undefined;
}

const ZERO = amount(0);

/**
 * Parts the reward of a block. Where validators chosen by stake vote, a part waits for those who sign. Of the rest,
 * where validators chosen by stake make the blocks, the producer keeps its commission and what is left goes to its
 * pool; one whose pool is empty or convicted gets the tips alone. Elsewhere all is the producer's.
 */
export function rewardParts(
  spec: ChainSpec,
  view: StateView,
  env: BlockEnvironment,
  reward: Amount,
): RewardParts {
  const { validators, production, finality } = spec.consensus;
  if (validators?.kind !== 'stake') return { producer: reward, pool: ZERO, signers: ZERO, payTo: undefined };
  const signers = finality.kind === 'depth' ? ZERO : permilleOf(reward, validators.signersPermille);
  const made = minus(reward, signers);
  if (production.kind === 'pow') return { producer: made, pool: ZERO, signers, payTo: undefined };
  const pool = readPoolAt(view, env.producer);
  if (pool === undefined || !earns(pool)) return { producer: ZERO, pool: ZERO, signers, payTo: pool?.payTo };
  const epoch = epochOfHeight(env.height, validators.epochBlocks);
  const producer = permilleOf(made, commissionOf(pool, epoch));
  return { producer, pool: minus(made, producer), signers, payTo: pool.payTo };
}

/**
 * Checks that all outputs of a reward pay whom the validator has named, where it has.
 *
 * @param payTo - undefined where the producer chooses
 */
export function checkRewardOwner(tx: Transaction, payTo: Address | undefined): Result<undefined> {
  if (payTo === undefined) return OK;
  const other = tx.outputs.find(({ address }) => !equalBytes(address, payTo));
  if (other === undefined) return OK;
  return refuseStake('stake/reward-owner', { got: toHex(other.address), expected: toHex(payTo) });
}

/**
 * What the end of a block does to its validators: what pools and signers get, the count of turns, the randomness, and
 * after the last block of an epoch all that {@link endEpoch} does.
 */
export function endBlock(
  spec: ChainSpec,
  overlay: Overlay,
  env: BlockEnvironment,
  { pool, signers }: RewardParts,
): void {
  const { validators } = spec.consensus;
  if (validators === undefined) return;
  const epoch = epochOfHeight(env.height, validators.epochBlocks);
  if (validators.kind === 'stake') {
    endTurns(overlay, env, epoch, pool);
    addToSignersPot(overlay, signers);
  }
  if (env.randomness !== undefined) addRandomness(overlay, env.randomness);
  if (env.height % validators.epochBlocks === 0) endEpoch(overlay, validators, epoch);
}

function endTurns(overlay: Overlay, env: BlockEnvironment, epoch: number, reward: Amount): void {
  const producer = readPoolAt(overlay, env.producer);
  assert(reward === 0 || producer !== undefined, 'a reward for a pool that is gone');
  if (producer !== undefined) {
    const tokens = plus(producer.tokens, reward);
    writePool(overlay, { ...countTurns(producer, epoch, 1, 0), tokens });
  }
  const { missed = [] } = env;
  assert(missed.length <= MISSED_MAX, 'more missed turns than a block can tell of');
  for (const publicKey of missed) {
    const pool = readPool(overlay, publicKey);
    if (pool !== undefined) writePool(overlay, countTurns(pool, epoch, 0, 1));
  }
}
