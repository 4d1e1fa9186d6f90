import { AMOUNT_MAX, amount } from '../../base/amount.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { SeededRandom } from '../../base/fuzz.testing.ts';
import { hash } from '../../crypto/hash.ts';
import type { Address } from '../../primitives/address.ts';
import type { Outpoint } from '../../primitives/outpoint.ts';
import { NATIVE_ASSET, type Output } from '../../primitives/output.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { ChainSpec } from '../../spec/chain-spec.ts';
import type { Coin } from '../../state/coin.ts';
import type { BlockEnvironment } from '../environment.ts';
import { gasOf } from '../transaction-gas.ts';
import {
  keyOpening,
  type Opening,
  type Owner,
  signBlank,
  signTransaction,
  testKey,
} from './owners.testing.ts';

/** A coin with its outpoint. */
export interface Found {
  readonly outpoint: Outpoint;
  readonly coin: Coin;
}

/** What {@link randomTransfer} chooses from. */
export interface TransferSource {
  readonly random: SeededRandom;
  readonly spec: ChainSpec;
  readonly env: BlockEnvironment;
  /** Coins that may be spent, or that were. */
  readonly coins: readonly Found[];
}

/** The native coin, two others, and the one with the highest number. */
const ASSETS = [NATIVE_ASSET, NATIVE_ASSET, NATIVE_ASSET, 7, 2 ** 32, Number.MAX_SAFE_INTEGER] as const;

/** Keys that own coins. */
const KEYS = 4;

/** Any coin of a key: amounts at both ends, every asset, old and new ones, rewards too. */
export function randomKeyCoin(random: SeededRandom, height: number): Found {
  const index = random.pick([0, 1, 254, 0x7fff_ffff]);
  const coin: Coin = {
    index,
    asset: random.pick(ASSETS),
    amount: amount(random.pick([1, 2, 1_000_000, 2 ** 40, 2 ** 40, 2 ** 40, AMOUNT_MAX - 1, AMOUNT_MAX])),
    address: testKey(random.below(KEYS)).address,
    height: height - random.below(Math.min(height, 5)),
    reward: random.oneIn(5),
  };
  return { outpoint: { txid: hash('seal', random.bytes(8)), index }, coin };
}

/** The parts of a transfer, which a mutation may change. */
interface Draft {
  readonly inputs: Outpoint[];
  readonly outputs: Output[];
  readonly openings: Opening[];
  expiryHeight: number;
}

/**
 * A transfer of one to four coins that is valid if these can be spent, with up to two things wrong with it now and
 * then. Its signatures are blank.
 */
export function randomTransfer(source: TransferSource, owners: readonly Owner[]): Transaction {
  const { random, env } = source;
  const chosen = chooseCoins(source);
  const draft: Draft = {
    inputs: chosen.map(({ outpoint }) => outpoint),
    outputs: [],
    openings: openingsOf(chosen, owners),
    expiryHeight: random.pick([0, 0, env.height, env.height + 1, 0xffff_ffff]),
  };
  payOut(source, chosen, draft);
  for (let wrong = random.below(3); wrong > 0; wrong--) mutate(source, draft);
  return sign(draft, env);
}

function chooseCoins({ random, coins }: TransferSource): Found[] {
  const chosen = new Set<Found>();
  for (let wanted = 1 + random.below(4); wanted > 0; wanted--) chosen.add(random.pick(coins));
  return [...chosen];
}

function openingsOf(chosen: readonly Found[], owners: readonly Owner[]): Opening[] {
  const openings = new Map<Address, Opening>();
  for (const { coin } of chosen) {
    // The address of a damaged output is nobody's; somebody tries all the same.
    const owner = owners.find(({ address }) => equalBytes(address, coin.address)) ?? owners[0];
    if (owner !== undefined) openings.set(owner.address, owner.openings[0]);
  }
  return [...openings.values()];
}

/** Everything of each asset, in one or two outputs; of the native coin, what the fee leaves. */
function payOut({ random, spec, env }: TransferSource, chosen: readonly Found[], draft: Draft): void {
  const sums = new Map<number, number>();
  for (const { coin } of chosen) sums.set(coin.asset, (sums.get(coin.asset) ?? 0) + coin.amount);
  for (const [asset, sum] of sums) {
    // Coins above all that an amount can say: the rules refuse that, whatever the outputs are.
    const total = Math.min(sum, AMOUNT_MAX);
    const first = random.oneIn(2) && total > 1 ? 1 + random.below(Math.min(total - 1, 2 ** 32)) : total;
    const address = testKey(random.below(KEYS)).address;
    draft.outputs.push({ asset, amount: amount(first), address });
    if (first < total) draft.outputs.push({ asset, amount: amount(total - first), address });
  }
  const gas = gasOf(spec, sign(draft, env));
  const fee = gas * env.baseFee + random.pick([0, 0, 1, -1, 5000]);
  const payer = draft.outputs.findIndex(({ asset, amount: value }) => asset === NATIVE_ASSET && value > fee);
  const paying = draft.outputs[payer];
  if (paying !== undefined) draft.outputs[payer] = { ...paying, amount: amount(paying.amount - fee) };
}

/** One change to one field, or to the order or number of the parts. */
function mutate({ random, env, coins }: TransferSource, draft: Draft): void {
  const { inputs, outputs, openings } = draft;
  const input = random.below(inputs.length);
  const output = random.below(outputs.length);
  const known = outputs[output] as Output;
  const mutations: readonly (() => unknown)[] = [
    () => (draft.expiryHeight = random.pick([1, env.height - 1, env.height, 0xffff_fffe])),
    () => inputs.push(random.pick(coins).outpoint),
    () => inputs.push(random.pick(inputs)),
    () => inputs.reverse(),
    () => (inputs[input] = random.pick(coins).outpoint),
    () => (inputs[input] = { ...(inputs[input] as Outpoint), index: random.below(3) }),
    () => inputs.length > 1 && inputs.pop(),
    () => openings.reverse(),
    () => openings.push(keyOpening(testKey(random.below(KEYS + 1)))),
    () => openings.push(random.pick(openings)),
    () => openings.length > 1 && openings.shift(),
    () => (openings[0] = keyOpening(testKey(random.below(KEYS)))),
    () => outputs.push(known),
    () => outputs.push({ ...known, amount: amount(AMOUNT_MAX) }),
    () => outputs.length > 1 && outputs.splice(output, 1),
    () => (outputs[output] = { ...known, amount: amount(random.pick([0, 1, AMOUNT_MAX])) }),
    () => (outputs[output] = { ...known, amount: amount(Math.min(known.amount + 1, AMOUNT_MAX)) }),
    () => (outputs[output] = { ...known, amount: amount(Math.max(known.amount - 1, 0)) }),
    () => (outputs[output] = { ...known, asset: random.pick(ASSETS) }),
    () => (outputs[output] = { ...known, address: testKey(random.below(KEYS)).address }),
    () =>
      outputs.push(...Array.from({ length: random.pick([9, 100]) }, () => ({ ...known, amount: amount(1) }))),
  ];
  random.pick(mutations)();
}

function sign({ inputs, outputs, openings, expiryHeight }: Draft, env: BlockEnvironment): Transaction {
  return signTransaction({ expiryHeight, inputs, outputs, actions: [] }, openings, env.chainId, signBlank);
}
