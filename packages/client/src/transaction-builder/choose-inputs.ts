import { AMOUNT_MAX, type Amount, addAmounts, amount, isAmount } from '@calin/core/base/amount.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { OK, ok, type Result } from '@calin/core/base/result.ts';
import { encodeAction } from '@calin/core/ledger/actions/registry.ts';
import { INPUTS_MAX } from '@calin/core/primitives/limits.ts';
import { type AssetId, NATIVE_ASSET, type Output } from '@calin/core/primitives/output.ts';
import { type AssetNeed, assetNeeds } from './asset-needs.ts';
import type { TransactionRequest } from './build-transaction.ts';
import { outpointName } from './bytes-name.ts';
import { type GasCosts, gasCosts } from './gas-costs.ts';
import { type Opening, openingName, type SpendableCoin } from './opening.ts';
import { refuseWallet } from './rules.ts';
import { selectCoins } from './select-coins.ts';

/** What is spent, and what comes back. */
export interface InputChoice {
  readonly inputs: readonly SpendableCoin[];
  /** In the order in which inputs, then actions, first need them: the order of the witnesses. */
  readonly openings: readonly Opening[];
  readonly change: readonly Output[];
  readonly gas: number;
  readonly fee: Amount;
}

/**
 * Chooses the inputs of a request: those that must be spent, then coins of each issued asset that is missing, then
 * native coins for the rest and the fee.
 */
export function chooseInputs(request: TransactionRequest): Result<InputChoice> {
  const draft = createDraft(request);
  if (!draft.ok) return draft;
  const { needs, inputs } = draft.value;
  for (const asset of [...needs.keys()].toSorted((a, b) => a - b)) {
    if (asset === NATIVE_ASSET) continue;
    const added = addIssued(draft.value, asset);
    if (!added.ok) return added;
  }
  const issued = issuedChange(draft.value);
  if (!issued.ok) return issued;
  const native = addNative(draft.value, issued.value.length);
  if (!native.ok) return native;
  const { nativeChange, gas, fee } = native.value;
  const change = nativeChange === undefined ? issued.value : [...issued.value, nativeChange];
  return ok({ inputs, openings: openingsOf(inputs, request.authorities ?? []), change, gas, fee });
}

/** A request on its way: inputs are added to it. */
interface Draft {
  readonly request: TransactionRequest;
  readonly costs: GasCosts;
  readonly needs: ReadonlyMap<AssetId, AssetNeed>;
  readonly inputs: SpendableCoin[];
  /** Coins that may still be chosen. */
  readonly free: readonly SpendableCoin[];
  /**
   * Gas of spending a change coin later: an input, and a witness like that of the first coin. The lock behind the
   * change address is not known here, but a wallet's change goes back to its own kind.
   */
  readonly changeSpendGas: number;
}

function createDraft(request: TransactionRequest): Result<Draft> {
  const { coins, mustSpend = [], outputs, actions = [], authorities = [] } = request;
  const all = [...mustSpend, ...coins];
  const checked = checkCoins(all, authorities);
  if (!checked.ok) return checked;
  const inputs = [...mustSpend];
  // A created token takes its id from the first input, so that one is set before anything else is chosen.
  if (inputs.length === 0 && actions.some(({ kind }) => kind === 'token-create')) {
    const largest = largestNative(coins);
    if (largest !== undefined) inputs.push(largest);
  }
  if (inputs.length > INPUTS_MAX) {
    return refuseWallet('wallet/too-many-inputs', { got: inputs.length, expected: INPUTS_MAX });
  }
  const needs = assetNeeds(outputs, actions, inputs[0]?.outpoint);
  if (!needs.ok) return needs;
  const free = coins.filter((coin) => !inputs.includes(coin));
  const costs = gasCosts(request.spec.fees);
  const [like] = all;
  const changeSpendGas = costs.input + (like === undefined ? 0 : costs.witness(like.opening));
  return ok({ request, costs, needs: needs.value, inputs, free, changeSpendGas });
}

/** Checks what comes from a node: no coin twice, no sum that cannot be, one way of opening for each address. */
function checkCoins(coins: readonly SpendableCoin[], authorities: readonly Opening[]): Result<undefined> {
  const names = new Set<string>();
  const totals = new Map<AssetId, Amount>();
  for (const { outpoint, asset, amount: value } of coins) {
    const name = outpointName(outpoint);
    if (names.has(name)) return refuseWallet('wallet/coin-repeated', { index: outpoint.index });
    names.add(name);
    const sum = isAmount(value) ? addAmounts(totals.get(asset) ?? amount(0), value) : undefined;
    if (sum === undefined) return refuseWallet('wallet/amount-too-large', { asset });
    totals.set(asset, sum);
  }
  const paths = new Map<string, Opening>();
  for (const opening of [...coins.map((coin) => coin.opening), ...authorities]) {
    const name = openingName(opening);
    const other = paths.get(name) ?? opening;
    paths.set(name, other);
    if (other.path !== opening.path || !sameSecret(other, opening)) {
      return refuseWallet('wallet/opening-mismatch', {
        lock: opening.lock.kind,
        got: opening.path,
        expected: other.path,
      });
    }
  }
  return OK;
}

function sameSecret({ preimage: a }: Opening, { preimage: b }: Opening): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b);
}

function largestNative(coins: readonly SpendableCoin[]): SpendableCoin | undefined {
  let largest: SpendableCoin | undefined;
  for (const coin of coins) {
    if (coin.asset === NATIVE_ASSET && coin.amount > (largest?.amount ?? 0)) largest = coin;
  }
  return largest;
}

/** Adds coins of an issued asset until it is enough. It pays no fee, so only its own amounts count. */
function addIssued({ needs, inputs, free }: Draft, asset: AssetId): Result<undefined> {
  const { takes, brings } = needs.get(asset) as AssetNeed;
  const missing = takes - brings - held(inputs, asset);
  if (missing <= 0) return OK;
  const coins = free.filter((coin) => coin.asset === asset);
  const target = { amount: missing, inputPrice: 0, witnessPrice: () => 0, changePrice: 0 };
  const chosen = selectCoins(coins, { ...target, inputsMax: INPUTS_MAX - inputs.length });
  if (!chosen.ok) return withAsset(chosen, asset);
  inputs.push(...chosen.value);
  return OK;
}

/** Issued assets are conserved, so what is left of them always comes back. */
function issuedChange({ request, needs, inputs }: Draft): Result<readonly Output[]> {
  const assets = new Set([...needs.keys(), ...inputs.map(({ asset }) => asset)]);
  const change: Output[] = [];
  for (const asset of [...assets].toSorted((a, b) => a - b)) {
    const { takes, brings } = needs.get(asset) ?? { takes: 0, brings: 0 };
    const left = held(inputs, asset) + brings - takes;
    if (asset === NATIVE_ASSET || left === 0) continue;
    // Only minting can bring more than can be.
    if (!isAmount(left)) return refuseWallet('wallet/amount-too-large', { asset });
    change.push({ asset, amount: left, address: request.changeAddress });
  }
  return ok(change);
}

interface NativeChoice {
  readonly nativeChange: Output | undefined;
  readonly gas: number;
  readonly fee: Amount;
}

/** Adds native coins for what is paid and for the fee, and says what comes back. */
function addNative(draft: Draft, changeCount: number): Result<NativeChoice> {
  const { request, costs, needs, inputs, free, changeSpendGas } = draft;
  const { feePerGas, changeAddress } = request;
  const need = needs.get(NATIVE_ASSET);
  // What actions bring can be spent in the same transaction; more than is taken comes back.
  const takes = (need?.takes ?? 0) - (need?.brings ?? 0);
  const gasBefore = gasWithout(draft, changeCount);
  const missing = takes + gasBefore * feePerGas - held(inputs, NATIVE_ASSET);
  if (missing > 0 || inputs.length === 0) {
    const opened = new Set(openingsOf(inputs, request.authorities ?? []).map(openingName));
    const target = {
      amount: Math.max(1, missing),
      inputPrice: costs.input * feePerGas,
      witnessPrice: ({ opening }: SpendableCoin) =>
        opened.has(openingName(opening)) ? 0 : costs.witness(opening) * feePerGas,
      changePrice: (costs.output + changeSpendGas) * feePerGas,
      inputsMax: INPUTS_MAX - inputs.length,
    };
    const coins = free.filter(({ asset }) => asset === NATIVE_ASSET);
    const chosen = selectCoins(coins, target);
    if (!chosen.ok) return withAsset(chosen, NATIVE_ASSET);
    inputs.push(...chosen.value);
  }
  const gas = gasWithout(draft, changeCount);
  const left = held(inputs, NATIVE_ASSET) - takes;
  if (left > AMOUNT_MAX) return refuseWallet('wallet/amount-too-large', { asset: NATIVE_ASSET });
  const withChange = gas + costs.output;
  const value = left - withChange * feePerGas;
  if (value > 0 && value >= changeSpendGas * feePerGas) {
    const nativeChange = { asset: NATIVE_ASSET, amount: amount(value), address: changeAddress };
    return ok({ nativeChange, gas: withChange, fee: amount(withChange * feePerGas) });
  }
  return ok({ nativeChange: undefined, gas, fee: amount(left) });
}

/** Gas of the inputs so far with all outputs but native change. */
function gasWithout({ request, costs, inputs }: Draft, changeCount: number): number {
  const { outputs, actions = [], authorities = [] } = request;
  let gas = costs.head + inputs.length * costs.input + (outputs.length + changeCount) * costs.output;
  for (const action of actions) gas += costs.action(encodeAction(action));
  for (const opening of openingsOf(inputs, authorities)) gas += costs.witness(opening);
  return gas;
}

function held(inputs: readonly SpendableCoin[], wanted: AssetId): number {
  return inputs.reduce((sum, { asset, amount: value }) => (asset === wanted ? sum + value : sum), 0);
}

/** One opening for each address, in the order in which they are first needed. */
function openingsOf(inputs: readonly SpendableCoin[], authorities: readonly Opening[]): readonly Opening[] {
  const openings = new Map<string, Opening>();
  for (const opening of [...inputs.map((input) => input.opening), ...authorities]) {
    const name = openingName(opening);
    if (!openings.has(name)) openings.set(name, opening);
  }
  return [...openings.values()];
}

/** Names the asset also where there was no coin of it to name it by. */
function withAsset<T>(result: Result<T>, asset: AssetId): Result<never> {
  if (result.ok) return result as never;
  return { ok: false, error: { ...result.error, evidence: { ...result.error.evidence, asset } } };
}
