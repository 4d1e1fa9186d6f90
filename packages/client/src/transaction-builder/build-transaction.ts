import { type Amount, amount, multiplyAmounts } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { encodeAction, type LedgerAction } from '@calin/core/ledger/actions/registry.ts';
import { gasOf } from '@calin/core/ledger/transaction-gas.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import { OUTPUTS_MAX } from '@calin/core/primitives/limits.ts';
import { NATIVE_ASSET, type Output } from '@calin/core/primitives/output.ts';
import type { TransactionBody } from '@calin/core/primitives/transaction.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { blankTransaction } from './blank-transaction.ts';
import { chooseInputs, type InputChoice } from './choose-inputs.ts';
import type { Opening, SpendableCoin } from './opening.ts';
import { refuseWallet } from './rules.ts';

/** What to build. Amounts are base units. */
export interface TransactionRequest {
  /** The chain's prices and limits. */
  readonly spec: Pick<ChainSpec, 'fees' | 'limits'>;
  /** Coins that may be spent. */
  readonly coins: readonly SpendableCoin[];
  /** Coins that are spent in any case, as the first inputs in this order. The first input is the author of actions. */
  readonly mustSpend?: readonly SpendableCoin[];
  readonly outputs: readonly Output[];
  readonly actions?: readonly LedgerAction[];
  /** How the addresses open that must agree to actions, such as a token's minter; in the order of the actions. */
  readonly authorities?: readonly Opening[];
  /** Hugs per gas; see the pool's estimate. */
  readonly feePerGas: Amount;
  /** Where everything goes that is left. */
  readonly changeAddress: Address;
  /** Last height at which a block may hold it; none when left out. */
  readonly expiryHeight?: number;
}

/** A transaction that only lacks its signatures. */
export interface UnsignedTransaction {
  readonly body: TransactionBody;
  /** The spent coins, in the order of the inputs. */
  readonly inputs: readonly SpendableCoin[];
  /** One for each witness, in the order of the witnesses. */
  readonly openings: readonly Opening[];
  readonly gas: number;
  /** Hugs: gas × feePerGas exactly, or more where the rest was not worth a change output. */
  readonly fee: Amount;
  /** The outputs that were added, the last ones of the body. */
  readonly change: readonly Output[];
}

/**
 * Chooses coins, adds change and counts gas and fee to the last hug: the size of a witness follows from its lock and
 * path, so nothing is estimated. Native change that costs more to make and to spend than it holds goes to the fee;
 * issued assets always come back. The initial supply of a created token goes where outputs name its id (see tokenId;
 * the first input must be known then, so give it in mustSpend), and the rest of it to the change address. Refuses by
 * `wallet/…`.
 */
export function buildTransaction(request: TransactionRequest): Result<UnsignedTransaction> {
  const { spec, outputs, actions = [], feePerGas, expiryHeight = 0 } = request;
  if (multiplyAmounts(spec.limits.blockGasMax, feePerGas) === undefined) {
    return refuseWallet('wallet/fee-rate', { got: feePerGas });
  }
  const chosen = chooseInputs(request);
  if (!chosen.ok) return chosen;
  const { inputs, openings, change } = chosen.value;
  if (outputs.length + change.length > OUTPUTS_MAX) {
    return refuseWallet('wallet/too-many-outputs', {
      got: outputs.length + change.length,
      expected: OUTPUTS_MAX,
    });
  }
  const body: TransactionBody = {
    expiryHeight,
    inputs: inputs.map(({ outpoint }) => outpoint),
    outputs: [...outputs, ...change],
    actions: actions.map(encodeAction),
    witnessCount: openings.length,
  };
  return finish(request, body, chosen.value);
}

function finish(
  { spec, feePerGas }: TransactionRequest,
  body: TransactionBody,
  { inputs, openings, change, gas, fee }: InputChoice,
): Result<UnsignedTransaction> {
  const { blockGasMax, transactionBytesMax } = spec.limits;
  if (gas > blockGasMax)
    return refuseWallet('wallet/too-large', { got: gas, expected: blockGasMax, unit: 'gas' });
  const blank = blankTransaction(body, openings);
  if (blank.bytes.length > transactionBytesMax) {
    const evidence = { got: blank.bytes.length, expected: transactionBytesMax, unit: 'bytes' };
    return refuseWallet('wallet/too-large', evidence);
  }
  assert(gasOf(spec, blank) === gas, 'the parts cost what the whole costs');
  assert(fee >= gas * feePerGas, 'the fee is at least what was asked');
  assert(
    body.outputs.every((output) => output.amount > 0),
    'no output is empty',
  );
  return ok({ body, inputs, openings, gas, fee, change });
}

/** A payment of one amount of one asset. */
export interface TransferRequest extends Omit<TransactionRequest, 'outputs' | 'actions' | 'authorities'> {
  readonly to: Address;
  readonly amount: Amount;
  /** The native coin when left out. */
  readonly asset?: number;
}

/** Builds a transaction that pays one output; see {@link buildTransaction}. */
export function buildTransfer(request: TransferRequest): Result<UnsignedTransaction> {
  const { to, amount: value, asset = NATIVE_ASSET } = request;
  return buildTransaction({ ...request, outputs: [{ asset, amount: amount(value), address: to }] });
}
