import { type Amount, amount } from '../../base/amount.ts';
import { equalBytes, isZero } from '../../base/bytes.ts';
import type { SeededRandom } from '../../base/fuzz.testing.ts';
import { Reader } from '../../codec/reader.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import type { Address } from '../../primitives/address.ts';
import type { Outpoint } from '../../primitives/outpoint.ts';
import { type AssetId, NATIVE_ASSET, type Output } from '../../primitives/output.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { ChainSpec } from '../../spec/chain-spec.ts';
import { type Coin, coinKey, coinOutpoint } from '../../state/coin.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay } from '../../state/view.ts';
import { stateCoins, stateEntries, type WorldState } from '../../state/world-state.ts';
import { encodeAction, type LedgerAction } from '../actions/registry.ts';
import type { BlockEnvironment } from '../environment.ts';
import { readToken, tokenId } from '../token.ts';
import { gasOf } from '../transaction-gas.ts';
import {
  type Opening,
  type Owner,
  pathOf,
  type Signer,
  signBlank,
  signTransaction,
} from './owners.testing.ts';

/** What {@link randomTransaction} chooses from. */
export interface RandomSource {
  readonly random: SeededRandom;
  readonly spec: ChainSpec;
  readonly env: BlockEnvironment;
  readonly owners: readonly Owner[];
  readonly signer: Signer;
  /** Before the block. */
  readonly state: WorldState;
  /** Transactions that come before in the block. */
  readonly made: readonly Transaction[];
  /** The state after them. */
  readonly overlay: Overlay;
}

interface Funds {
  readonly outpoint: Outpoint;
  readonly coin: Coin;
  readonly opening: Opening;
}

/** What a transaction is going to do, before its fee is known. */
interface Plan {
  readonly inputs: readonly Funds[];
  readonly actions: readonly LedgerAction[];
  /** Of addresses that must agree to an action. */
  readonly authorities: readonly Opening[];
  /** What is left of each asset for the outputs. */
  readonly left: Map<AssetId, number>;
}

/** A random transaction that is valid after those made before, or undefined when the dice chose too little money. */
export function randomTransaction(source: RandomSource): Transaction | undefined {
  const inputs = chooseInputs(source);
  if (inputs.length === 0) return undefined;
  const left = new Map<AssetId, number>([[NATIVE_ASSET, 0]]);
  for (const { coin } of inputs) left.set(coin.asset, (left.get(coin.asset) ?? 0) + coin.amount);
  const plan: Plan = { inputs, left, ...chooseActions(source, inputs, left) };
  const outputs = tokenOutputs(source, left);
  return payFee(source, plan, outputs);
}

/** One to four coins that can be spent now, each with one way of opening for each address. */
function chooseInputs({ random, spec, env, owners, state, made, overlay }: RandomSource): Funds[] {
  const candidates = [...stateCoins(state)]
    .filter(({ coin }) => ownerOf(owners, coin.address) !== undefined)
    .map(({ key, coin }) => coinOutpoint(key, coin));
  for (const { txid, outputs } of made) candidates.push(...outputs.map((_, index) => ({ txid, index })));
  const chosen: Funds[] = [];
  const wanted = 1 + random.below(4);
  for (let attempt = 0; attempt < 20 && chosen.length < wanted; attempt++) {
    const outpoint = random.pick(candidates);
    const coin = overlay.coin(coinKey(outpoint.txid, outpoint.index));
    if (coin === undefined || chosen.some((funds) => funds.outpoint === outpoint)) continue;
    if (coin.reward && env.height - coin.height < spec.economy.rewardMaturityBlocks) continue;
    const before = chosen.find((funds) => equalBytes(funds.coin.address, coin.address))?.opening;
    const ways = before === undefined ? (ownerOf(owners, coin.address)?.openings ?? []) : [before];
    const open = ways.filter((opening) => isOpen(opening, coin, env));
    if (open.length > 0) chosen.push({ outpoint, coin, opening: random.pick(open) });
  }
  return chosen;
}

/** Who can spend what an address has; undefined for coins that a spec gives to nobody. */
function ownerOf(owners: readonly Owner[], address: Address): Owner | undefined {
  return owners.find((owner) => equalBytes(owner.address, address));
}

/** The rules' conditions, said a second time; a difference would fail the history. */
function isOpen(opening: Opening, coin: Coin | undefined, env: BlockEnvironment): boolean {
  const { condition } = pathOf(opening);
  switch (condition.kind) {
    case 'height':
      return env.height >= condition.heightMin;
    case 'time':
      return env.timeMs >= condition.timeMsMin;
    case 'age':
      return coin !== undefined && env.height >= coin.height + condition.blocksMin;
    default:
      return true;
  }
}

type Chosen = Pick<Plan, 'actions' | 'authorities'>;

/** Up to two actions; `left` is what the inputs hold, and changes by what is minted and burned. */
function chooseActions(source: RandomSource, inputs: readonly Funds[], left: Map<AssetId, number>): Chosen {
  const { random } = source;
  const actions: LedgerAction[] = [];
  const authorities: Opening[] = [];
  const rounds = random.oneIn(2) ? 0 : 1 + random.below(2);
  for (let round = 0; round < rounds; round++) {
    const kind = random.below(4);
    if (kind === 0) actions.push({ kind: 'data', hash: random.bytes(32), note: random.pick(NOTES) });
    else if (kind === 1) actions.push(createToken(source, inputs, left, actions.length));
    else if (kind === 2) mintToken(source, inputs, left, actions, authorities);
    else burnSome(source, left, actions);
  }
  return { actions, authorities };
}

const NOTES = ['', 'invoice 17', 'Grüße, 世界 🌍'] as const;

function createToken(
  { random, owners }: RandomSource,
  inputs: readonly Funds[],
  left: Map<AssetId, number>,
  index: number,
): LedgerAction {
  const supplyMax = random.pick([1, 1000, 1_000_000_000, Number.MAX_SAFE_INTEGER]);
  const supply = random.oneIn(4) ? supplyMax : random.below(Math.min(supplyMax, 2 ** 32));
  // The whole of 2^53 − 1 in one transaction leaves room for nothing else of the same asset, which is a fine test.
  left.set(tokenId((inputs[0] as Funds).outpoint, index), supply);
  return {
    kind: 'token-create',
    symbol: random.pick(['GOLD', 'X', 'A1B2C3D4E5F6']),
    name: random.pick(NOTES),
    decimals: random.below(19),
    supplyMax: amount(supplyMax),
    supply: amount(supply),
    minter: random.oneIn(4) ? ZERO_HASH : random.pick(owners).address,
  };
}

/** Mints of a random token, if its minter can agree now and there is room. */
function mintToken(
  { random, state, overlay, owners, env }: RandomSource,
  inputs: readonly Funds[],
  left: Map<AssetId, number>,
  actions: LedgerAction[],
  authorities: Opening[],
): void {
  const tokens = [...stateEntries(state, NAMESPACE.token)].map(({ key }) => key);
  if (tokens.length === 0 || actions.some(({ kind }) => kind === 'token-mint' || kind === 'token-burn'))
    return;
  const key = random.pick(tokens);
  const asset = new Reader(key).u53();
  const token = readToken(overlay, asset);
  if (token === undefined || isZero(token.minter) || token.supply === token.supplyMax) return;
  const present = inputs.find(({ coin }) => equalBytes(coin.address, token.minter))?.opening;
  const ways = present === undefined ? (ownerOf(owners, token.minter) as Owner).openings : [present];
  const opening = ways.find((way) => isOpen(way, undefined, env));
  if (opening === undefined) return;
  const room = token.supplyMax - token.supply;
  const minted = random.oneIn(4) ? room : 1 + random.below(Math.min(room, 1000));
  actions.push({ kind: 'token-mint', asset, amount: amount(minted) });
  authorities.push(opening);
  left.set(asset, (left.get(asset) ?? 0) + minted);
}

/** Burns a part of one asset that the inputs hold, or all of an issued one. */
function burnSome({ random }: RandomSource, left: Map<AssetId, number>, actions: LedgerAction[]): void {
  const held = [...left].filter(([, value]) => value > 1);
  if (held.length === 0 || actions.some(({ kind }) => kind === 'token-mint' || kind === 'token-burn')) return;
  const [asset, value] = random.pick(held);
  const all = asset !== NATIVE_ASSET && random.oneIn(3);
  const burned = all ? value : 1 + random.below(Math.min(value - 1, 100_000));
  actions.push({ kind: 'token-burn', asset, amount: amount(burned) });
  left.set(asset, value - burned);
}

/** Everything of the issued assets, each in one or two outputs. */
function tokenOutputs({ random, owners }: RandomSource, left: ReadonlyMap<AssetId, number>): Output[] {
  const outputs: Output[] = [];
  for (const [asset, value] of left) {
    if (asset === NATIVE_ASSET || value === 0) continue;
    const part = random.oneIn(2) && value > 1 ? 1 + random.below(Math.min(value - 1, 2 ** 32)) : value;
    outputs.push({ asset, amount: amount(part), address: random.pick(owners).address });
    if (part < value)
      outputs.push({ asset, amount: amount(value - part), address: random.pick(owners).address });
  }
  return outputs;
}

/** Adds native outputs and leaves the fee, with a tip now and then. */
function payFee(source: RandomSource, plan: Plan, issued: readonly Output[]): Transaction | undefined {
  const { random, spec, env, owners, signer } = source;
  const parts = 1 + random.below(3);
  const native = Array.from({ length: parts }, () => random.pick(owners).address);
  const build = (value: number, sign: Signer): Transaction => {
    const share = Math.floor(value / parts);
    const paid = native.map((address, i): Output => {
      const own: Amount = amount(i === 0 ? value - share * (parts - 1) : share);
      return { asset: NATIVE_ASSET, amount: own, address };
    });
    return assemble(plan, [...paid, ...issued], env, sign);
  };
  const gas = gasOf(spec, build(parts, signBlank));
  const tip = random.oneIn(2) ? 0 : random.below(5000);
  const value = (plan.left.get(NATIVE_ASSET) as number) - gas * env.baseFee - tip;
  if (value < parts || gas > spec.limits.blockGasMax) return undefined;
  return build(value, signer);
}

function assemble(
  plan: Plan,
  outputs: readonly Output[],
  env: BlockEnvironment,
  signer: Signer,
): Transaction {
  const { inputs, actions, authorities } = plan;
  const openings = new Set([...inputs.map(({ opening }) => opening), ...authorities]);
  const body = {
    expiryHeight: inputs.length % 2 === 0 ? 0 : env.height + inputs.length - 1,
    inputs: inputs.map(({ outpoint }) => outpoint),
    outputs,
    actions: actions.map(encodeAction),
  };
  return signTransaction(body, [...openings], env.chainId, signer);
}
