import { type Amount, amount, multiplyAmounts } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { OK, ok, type Result } from '../base/result.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import type { Address } from '../primitives/address.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import type { Output } from '../primitives/output.ts';
import type { Receipt } from '../primitives/receipt.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { type Coin, coinKey } from '../state/coin.ts';
import type { Overlay } from '../state/view.ts';
import { actionAuthority, applyAction, type LedgerAction } from './actions/registry.ts';
import { AssetBalances } from './asset-balances.ts';
import { atAction, checkShape, type TransactionShape } from './check-shape.ts';
import type { BlockEnvironment } from './environment.ts';
import { refuseLedger } from './rules.ts';
import { checkCondition } from './spend-condition.ts';
import { growSupply } from './supply.ts';
import { SIGNATURES_CHECKED, signatureChecks } from './transaction-signatures.ts';
import { WitnessCursor } from './witness-cursor.ts';

/**
 * Checks one transaction other than a reward and writes what it does. On refusal the overlay is as before. The
 * burned part of the fee stands in the receipt only: its block adds the sum to the supply once, at its end.
 *
 * @param verify - asked for every signature, last, because it costs most; {@link SIGNATURES_CHECKED} skips it
 * @see docs/reference/ledger.md
 */
export function applyTransaction(
  spec: ChainSpec,
  overlay: Overlay,
  tx: Transaction,
  env: BlockEnvironment,
  verify: VerifySignature,
): Result<Receipt> {
  const shape = checkShape(spec, tx);
  if (!shape.ok) return shape;
  const mark = overlay.mark();
  const receipt = applyShaped(spec, overlay, tx, shape.value, env, verify);
  if (!receipt.ok) overlay.rollback(mark);
  return receipt;
}

function applyShaped(
  spec: ChainSpec,
  overlay: Overlay,
  tx: Transaction,
  { actions, gas }: TransactionShape,
  env: BlockEnvironment,
  verify: VerifySignature,
): Result<Receipt> {
  if (tx.expiryHeight !== 0 && tx.expiryHeight < env.height) {
    return refuseLedger('tx/expired', { got: env.height, expected: tx.expiryHeight });
  }
  const step: Step = {
    spec,
    overlay,
    tx,
    env,
    witnesses: new WitnessCursor(tx.witnesses),
    balances: new AssetBalances(),
  };
  const author = spendInputs(step);
  if (!author.ok) return author;
  const acted = applyActions(step, actions, author.value);
  if (!acted.ok) return acted;
  const witnessed = step.witnesses.finish();
  if (!witnessed.ok) return witnessed;
  const added = addOutputs(step);
  if (!added.ok) return added;
  const receipt = settle(step, gas);
  if (!receipt.ok) return receipt;
  const signed = checkSignatures(tx, verify);
  return signed.ok ? receipt : signed;
}

/** What the steps of one transaction share. */
interface Step {
  readonly spec: ChainSpec;
  readonly overlay: Overlay;
  readonly tx: Transaction;
  readonly env: BlockEnvironment;
  readonly witnesses: WitnessCursor;
  readonly balances: AssetBalances;
}

/** Spends every input and returns the address of the first. */
function spendInputs(step: Step): Result<Address> {
  const { tx, overlay, balances } = step;
  let author: Address | undefined;
  for (let i = 0; i < tx.inputs.length; i++) {
    const { txid, index } = tx.inputs[i] as Outpoint;
    const coin = overlay.spendCoin(coinKey(txid, index));
    // Another index beside a txid made to fit leads to the same key, but it is not the name of the coin.
    if (coin === undefined || coin.index !== index)
      return refuseLedger('tx/coin-missing', { input: i, outpoint: `${toHex(txid)}:${index}` });
    const spendable = checkSpend(step, coin, i);
    if (!spendable.ok) return spendable;
    const counted = balances.credit(coin.asset, coin.amount);
    if (!counted.ok) return counted;
    author ??= coin.address;
  }
  assert(author !== undefined, 'the shape check refuses transactions without inputs');
  return ok(author);
}

function checkSpend({ spec, env, witnesses }: Step, coin: Coin, input: number): Result<undefined> {
  const age = env.height - coin.height;
  const { rewardMaturityBlocks } = spec.economy;
  if (coin.reward && age < rewardMaturityBlocks) {
    return refuseLedger('tx/coin-immature', { input, got: age, expected: rewardMaturityBlocks });
  }
  const opened = witnesses.open(coin.address);
  return opened.ok ? checkCondition(opened.value, coin, env) : opened;
}

function applyActions(step: Step, actions: readonly LedgerAction[], author: Address): Result<undefined> {
  const { spec, overlay, tx, env, balances } = step;
  for (let index = 0; index < actions.length; index++) {
    const action = actions[index] as LedgerAction;
    const authorised = authorise(step, action);
    if (!authorised.ok) return atAction(authorised, index);
    const applied = applyAction(action, { spec, overlay, tx, index, author, env, balances });
    if (!applied.ok) return atAction(applied, index);
  }
  return OK;
}

function authorise({ overlay, env, witnesses }: Step, action: LedgerAction): Result<undefined> {
  const authority = actionAuthority(action, overlay);
  if (!authority.ok) return authority;
  if (authority.value === undefined) return OK;
  const opened = witnesses.open(authority.value);
  return opened.ok ? checkCondition(opened.value, undefined, env) : opened;
}

function addOutputs({ tx, env, overlay, balances }: Step): Result<undefined> {
  for (let i = 0; i < tx.outputs.length; i++) {
    const { asset, amount, address } = tx.outputs[i] as Output;
    const counted = balances.debit(asset, amount);
    if (!counted.ok) return counted;
    const coin: Coin = { index: i, asset, amount, address, height: env.height, reward: false };
    // The txid covers an input that can be spent only once, so it is new.
    assert(overlay.addCoin(coinKey(tx.txid, i), coin), 'a new txid has no coins yet');
  }
  return OK;
}

/** Checks that all assets are conserved and that the fee pays for the gas. */
function settle({ tx, env, overlay, balances }: Step, gas: number): Result<Receipt> {
  const fee = balances.settle();
  if (!fee.ok) return fee;
  const burned = multiplyAmounts(gas, env.baseFee);
  if (burned === undefined || fee.value < burned) {
    const expected = burned ?? (BigInt(gas) * BigInt(env.baseFee)).toString();
    return refuseLedger('tx/fee-too-low', { got: fee.value, expected, gas, baseFee: env.baseFee });
  }
  const { nativeBurned } = balances;
  if (nativeBurned > 0) growSupply(overlay, { issued: NOTHING, burned: nativeBurned });
  return ok({ txid: tx.txid, gasUsed: gas, fee: fee.value, burned });
}

const NOTHING: Amount = amount(0);

function checkSignatures(tx: Transaction, verify: VerifySignature): Result<undefined> {
  if (verify === SIGNATURES_CHECKED) return OK;
  const invalid = signatureChecks(tx).find((check) => !verify(check));
  if (invalid === undefined) return OK;
  return refuseLedger('tx/signature-invalid', { publicKey: toHex(invalid.publicKey), txid: toHex(tx.txid) });
}
