import { type Amount, amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../../base/fuzz.testing.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { Overlay, type StateView, viewOf } from '../../state/view.ts';
import type { WorldState } from '../../state/world-state.ts';
import type { LedgerAction } from '../actions/registry.ts';
import { applyTransaction } from '../apply-transaction.ts';
import { AssetBalances } from '../asset-balances.ts';
import { applyRewardAction, type RewardAction, type RewardNews } from '../reward-actions.ts';
import { freeFrom, keptOf, readConvictions } from '../stake/convictions.ts';
import { freeShares, readDelegation } from '../stake/delegation.ts';
import { readSignersPot } from '../stake/signers-pot.ts';
import { readUnbondings } from '../stake/unbonding.ts';
import { readValidatorSet } from '../stake/validator-sets.ts';
import { SIGNATURES_CHECKED } from '../transaction-signatures.ts';
import { vectorCertificate, vectorEvidence } from '../vector-judge.ts';
import { testKey } from './owners.testing.ts';
import { auditStake, poolsOf } from './stake-audit.testing.ts';
import { BY_VOTES, CALIN, MINED_BY_VOTES, StakeChain, stakeSpec } from './stake-chain.testing.ts';

/** A chain that was grown by dice, and what happened on the way: kinds of actions, rules of refusals, events. */
export interface StakeHistory {
  readonly chain: StakeChain;
  readonly met: ReadonlySet<string>;
}

const OWNERS = 6;
/** Test keys of validators: three of the genesis, four more that can be bonded. */
const VALIDATORS = [10, 11, 12, 13, 14, 15, 16] as const;
const UNBONDING_EPOCHS = 2;

/** How histories agree, in turn. */
const CONSENSUS = [{}, BY_VOTES, MINED_BY_VOTES] as const;

/**
 * A chain of random actions of six owners with seven validators: all kinds of moves of stake, offences, certificates,
 * missed turns. What the ledger refuses is left out. After every block the whole state is counted.
 */
export function growStakeHistory(seed: number, blocks: number): StakeHistory {
  const random = seededRandom(seed);
  const epochBlocks = 2 + random.below(3);
  const stake = { epochBlocks, membersMax: 4, unbondingEpochs: UNBONDING_EPOCHS };
  const chain = new StakeChain(stakeSpec(stake, CONSENSUS[seed % CONSENSUS.length]));
  const met = new Set<string>();
  const dice: Dice = { random, chain, met };
  for (let i = 0; i < blocks; i++) {
    const before = chain.state;
    const missed = Array.from({ length: random.below(3) }, () => keyOf(random.pick(VALIDATORS)));
    const producer = random.oneIn(8) ? 20 : random.pick(VALIDATORS);
    const lots = random.oneIn(3) ? { randomness: random.bytes(32) } : {};
    const overlay = new Overlay(chain.view);
    const news = chooseNews(dice, overlay);
    chain.add(chooseTransactions(dice, overlay), { producer, missed, news, ...lots });
    auditStake(chain.state);
    compareWorth(before, chain.state, met);
    if (readSignersPot(viewOf(before)) > readSignersPot(chain.view)) met.add('pot parted');
  }
  return { chain, met };
}

interface Dice {
  readonly random: SeededRandom;
  readonly chain: StakeChain;
  readonly met: Set<string>;
}

function keyOf(n: number): PublicKey {
  return testKey(n).publicKey;
}

/** What the reward of the next block tells; it is done on the overlay. */
function chooseNews({ random, chain, met }: Dice, overlay: Overlay): RewardNews {
  const validator = tiedSource(chain.view);
  const wanted: RewardAction[] = random.oneIn(3) ? [randomCertificate(random, chain)] : [];
  // Rare, because every one ends a validator; most telling where shares that were moved answer for it.
  if (validator !== undefined && random.oneIn(20)) wanted.push(randomEvidence(random, chain, validator));
  const told = wanted.filter((action) => {
    const balances = new AssetBalances();
    const mark = overlay.mark();
    const applied = applyRewardAction(action, { spec: chain.spec, overlay, env: chain.env(), balances });
    if (!applied.ok) overlay.rollback(mark);
    met.add(applied.ok ? `${action.kind} in a reward` : applied.error.rule);
    return applied.ok;
  });
  return {
    evidence: told.flatMap(({ kind, bytes }) => (kind === 'evidence' ? [bytes] : [])),
    certificate: told.find(({ kind }) => kind === 'certificate')?.bytes,
  };
}

/** At most one transaction of each owner, each valid after those before it. */
function chooseTransactions({ random, chain, met }: Dice, overlay: Overlay): Transaction[] {
  const taken: Transaction[] = [];
  for (let owner = 0; owner < OWNERS; owner++) {
    if (random.oneIn(3)) continue;
    const actions = Array.from({ length: random.below(3) }, () =>
      randomAction(random, chain, owner, overlay),
    );
    const agree = actions.flatMap((action) => (action.kind === 'bond' ? [numberOf(action.publicKey)] : []));
    const tx = chain.make(owner, actions, [...new Set(agree)]);
    const applied = applyTransaction(chain.spec, overlay, tx, chain.env(), SIGNATURES_CHECKED);
    if (applied.ok) {
      taken.push(tx);
      for (const action of actions) met.add(action.kind);
      for (const action of actions) noteEvents(owner, action);
    } else {
      met.add(applied.error.rule);
    }
  }
  return taken;

  function noteEvents(owner: number, action: LedgerAction): void {
    if (action.kind === 'withdraw' && readConvictions(chain.view, action.validator).length > 0) {
      met.add('slashed rest');
    }
    if (action.kind === 'delegate' && owesByTies(chain.view, owner, action.validator)) met.add('tie settled');
  }
}

/** True when shares that were moved to this validator answer for an offence they have not paid for yet. */
function owesByTies(view: StateView, owner: number, validator: PublicKey): boolean {
  const { ties } = readDelegation(view, testKey(owner).address, validator);
  return ties.some((tie) => keptOf(tie.shares, tie, readConvictions(view, tie.from)) < tie.shares);
}

/** A validator that stake of somebody has been moved away from and still answers for. */
function tiedSource(view: StateView): PublicKey | undefined {
  for (let owner = 0; owner < OWNERS; owner++) {
    for (const validator of VALIDATORS) {
      const [tie] = readDelegation(view, testKey(owner).address, keyOf(validator)).ties;
      if (tie !== undefined) return tie.from;
    }
  }
  return undefined;
}

function numberOf(publicKey: PublicKey): number {
  const n = VALIDATORS.find((candidate) => toHex(keyOf(candidate)) === toHex(publicKey));
  assert(n !== undefined, 'the key of a validator of the dice');
  return n;
}

function randomAction(random: SeededRandom, chain: StakeChain, owner: number, view: StateView): LedgerAction {
  const validator = keyOf(random.pick(VALIDATORS));
  const { address } = testKey(owner);
  const held = readDelegation(view, address, validator);
  const owing = VALIDATORS.map(keyOf).find((other) => owesByTies(view, owner, other));
  switch (random.below(11)) {
    case 0:
      return {
        kind: 'bond',
        publicKey: validator,
        payTo: address,
        amount: hugs(random, 2000),
        commissionPermille: random.below(220),
      };
    case 1:
    case 2:
      return { kind: 'delegate', validator, amount: hugs(random, 1500) };
    case 3:
    case 4:
      return { kind: 'unbond', validator, amount: part(random, held.shares, freeShares(held)) };
    case 5:
    case 6: {
      const to = keyOf(random.pick(VALIDATORS));
      if (toHex(to) === toHex(validator)) return { kind: 'delegate', validator, amount: hugs(random, 10) };
      return { kind: 'redelegate', from: validator, to, shares: part(random, held.shares, freeShares(held)) };
    }
    case 7:
    case 8:
      return randomWithdraw(random, chain, address, validator, view);
    case 9:
      return random.oneIn(2)
        ? { kind: 'unjail', validator }
        : {
            kind: 'validator-edit',
            validator,
            payTo: testKey(random.below(OWNERS)).address,
            commissionPermille: 50,
          };
    default:
      if (owing !== undefined) return { kind: 'delegate', validator: owing, amount: hugs(random, 10) };
      // Rare, because every one ends a validator.
      if (random.below(3) > 0) return { kind: 'unjail', validator };
      return randomEvidence(random, chain, tiedSource(view) ?? validator);
  }
}

function hugs(random: SeededRandom, calinMax: number): Amount {
  return amount(1 + random.below(calinMax) * (CALIN - random.below(1000)));
}

/** All, all that is free, a part, or too much. */
function part(random: SeededRandom, all: Amount, free: Amount): Amount {
  const chosen = random.pick([
    all,
    free,
    free,
    Math.floor((free * random.below(1000)) / 1000),
    all + 1,
    all - 3,
  ]);
  return amount(Math.max(1, chosen));
}

function randomWithdraw(
  random: SeededRandom,
  chain: StakeChain,
  address: Uint8Array,
  validator: PublicKey,
  view: StateView,
): LedgerAction {
  const entries = readUnbondings(view, address);
  const free = entries.filter(({ epoch }) => freeFrom(epoch, UNBONDING_EPOCHS) <= chain.epoch);
  const candidates = free.length > 0 && !random.oneIn(8) ? free : entries;
  if (candidates.length === 0) return { kind: 'delegate', validator, amount: hugs(random, 100) };
  const entry = random.pick(candidates);
  const kept = keptOf(entry.amount, entry, readConvictions(view, entry.validator));
  const off = random.oneIn(10) ? 1 : 0;
  return {
    kind: 'withdraw',
    validator: entry.validator,
    epoch: entry.epoch,
    amount: amount(Math.max(1, kept - off)),
  };
}

function randomCertificate(random: SeededRandom, chain: StakeChain): RewardAction {
  const members = readValidatorSet(chain.view, chain.epoch)?.members ?? [];
  const signers = members.filter(() => random.below(4) > 0).map(({ publicKey }) => publicKey);
  return { kind: 'certificate', bytes: vectorCertificate(chain.epoch, chain.height, signers) };
}

function randomEvidence(random: SeededRandom, chain: StakeChain, validator: PublicKey): RewardAction {
  const epoch = Math.max(0, chain.epoch - random.below(4));
  const offence = random.pick(['double-sign', 'double-sign', 'lock-break', 'surround'] as const);
  return {
    kind: 'evidence',
    claim: amount(random.below(3) * 1000),
    bytes: vectorEvidence(validator, epoch, offence),
  };
}

/** A share of each pool is worth at least what it was, unless its validator was convicted in between. */
function compareWorth(before: WorldState, after: WorldState, met: Set<string>): void {
  const earlier = poolsOf(before);
  for (const [name, pool] of poolsOf(after)) {
    const old = earlier.get(name);
    // A share that is worth just a hug: everybody had left, and the pool has begun anew.
    if (old === undefined || old.shares === 0 || pool.shares === pool.tokens) continue;
    if (old.jailedUntil === 0 && pool.jailedUntil > 0 && pool.jailedUntil < 1000) met.add('silent jailed');
    const lines = [before, after].map((state) => readConvictions(viewOf(state), pool.publicKey).length);
    if (lines[0] !== lines[1]) continue;
    const isLess = BigInt(pool.tokens) * BigInt(old.shares) < BigInt(old.tokens) * BigInt(pool.shares);
    assert(!isLess, 'a share lost worth without an offence');
  }
}
