import { AMOUNT_MAX } from '../base/amount.ts';
import { equalBytes } from '../base/bytes.ts';
import type { Failure } from '../base/result.ts';
import { OK, ok, type Result } from '../base/result.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import type { Output } from '../primitives/output.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { type LedgerAction, parseAction } from './actions/registry.ts';
import { AssetBalances } from './asset-balances.ts';
import { refuseLedger } from './rules.ts';
import { gasOf } from './transaction-gas.ts';

/** What the bytes of a transaction say once they are known to have the right shape. */
export interface TransactionShape {
  readonly actions: readonly LedgerAction[];
  readonly gas: number;
}

/**
 * Checks everything about a transaction that needs no state: sizes, repeated inputs, amounts, the bodies of its
 * actions, the number of its witnesses. A reward transaction fails, for it has no inputs. Which address each
 * witness must open depends on the coins and is checked with them.
 *
 * @returns what was read on the way, so that nobody reads it again
 * @see docs/reference/ledger.md#shape
 */
export function checkShape(spec: ChainSpec, tx: Transaction): Result<TransactionShape> {
  const { transactionBytesMax, blockGasMax } = spec.limits;
  if (tx.bytes.length > transactionBytesMax) {
    return refuseLedger('tx/too-large', { got: tx.bytes.length, expected: transactionBytesMax });
  }
  const gas = gasOf(spec, tx);
  if (gas > blockGasMax) return refuseLedger('tx/gas-too-high', { got: gas, expected: blockGasMax });
  if (tx.inputs.length === 0) return refuseLedger('tx/no-inputs', { got: 0, expected: 1 });
  const repeated = repeatedInput(tx.inputs);
  if (repeated !== undefined) return refuseLedger('tx/input-repeated', { input: repeated });
  const outputs = checkOutputs(tx.outputs);
  if (!outputs.ok) return outputs;
  const needed = tx.inputs.length + tx.actions.length;
  if (tx.witnesses.length > needed) {
    return refuseLedger('tx/witness-unused', { got: tx.witnesses.length, expected: needed });
  }
  return parseActions(tx, gas);
}

/** The position of the first input that names the coin of an earlier one; at most 255² / 2 short comparisons. */
function repeatedInput(inputs: readonly Outpoint[]): number | undefined {
  for (let i = 1; i < inputs.length; i++) {
    const input = inputs[i] as Outpoint;
    for (let j = 0; j < i; j++) {
      const earlier = inputs[j] as Outpoint;
      if (input.index === earlier.index && equalBytes(input.txid, earlier.txid)) return i;
    }
  }
  return undefined;
}

function checkOutputs(outputs: readonly Output[]): Result<undefined> {
  let total = 0;
  for (let i = 0; i < outputs.length; i++) {
    const { amount } = outputs[i] as Output;
    if (amount < 1) return refuseLedger('tx/output-zero', { output: i, got: amount, expected: 1 });
    total += amount;
  }
  // A total over all assets that is small enough bounds the sum of each; only a huge one needs them apart.
  return total <= AMOUNT_MAX ? OK : checkSums(outputs);
}

function checkSums(outputs: readonly Output[]): Result<undefined> {
  const balances = new AssetBalances();
  for (const { asset, amount } of outputs) {
    const counted = balances.debit(asset, amount);
    if (!counted.ok) return counted;
  }
  return OK;
}

const NO_ACTIONS: readonly LedgerAction[] = [];

function parseActions(tx: Transaction, gas: number): Result<TransactionShape> {
  if (tx.actions.length === 0) return ok({ actions: NO_ACTIONS, gas });
  const actions: LedgerAction[] = [];
  for (const action of tx.actions) {
    const parsed = parseAction(action);
    if (!parsed.ok) return atAction(parsed, actions.length);
    actions.push(parsed.value);
  }
  return ok({ actions, gas });
}

/** Adds the position of the action to the evidence. */
export function atAction({ error }: Failure, action: number): Failure {
  return { ok: false, error: { ...error, evidence: { ...error.evidence, action } } };
}
