import {
  buildTransaction,
  type UnsignedTransaction,
} from '@calin/client/transaction-builder/build-transaction.ts';
import type { Opening, SpendableCoin } from '@calin/client/transaction-builder/opening.ts';
import { refuseWallet } from '@calin/client/transaction-builder/rules.ts';
import { keySigner, signTransaction } from '@calin/client/transaction-builder/sign-transaction.ts';
import { type Amount, amount } from '@calin/core/base/amount.ts';
import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { LedgerAction } from '@calin/core/ledger/actions/registry.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import type { Output } from '@calin/core/primitives/output.ts';
import type { SigningAccount } from '../accounts/find-account.ts';
import type { SigningConnection } from './connect.ts';
import { handIn, waitForBlock } from './hand-in.ts';
import { spendableCoins } from './spendable-coins.ts';

/** What a transaction of one account shall do. */
export interface PaymentPlan {
  /** What it creates; may depend on its first coin, from which a new token gets its id. */
  outputs(first: SpendableCoin): readonly Output[];
  readonly actions: readonly LedgerAction[];
  /** True when the account must also agree as the authority of an action, such as a minter. */
  readonly isAuthority?: boolean;
  /** Other accounts that must agree to actions, in the order of the actions, such as the key of a new validator. */
  readonly cosigners?: readonly SigningAccount[];
  /** Hugs per gas; the node's estimate when undefined. */
  readonly feePerGas: number | undefined;
  /** Blocks within which the estimate is for; 2 when undefined. */
  readonly targetBlocks?: number | undefined;
  /** Spend these coins, all of them and no others; the account's choice when undefined. */
  readonly onlyCoins?: readonly Outpoint[] | undefined;
  /** Shows the transaction before it is signed; a refusal ends the payment. */
  readonly review?: ((review: PaymentReview) => Promise<Result<undefined>>) | undefined;
  /** Wait until it is in a block. */
  readonly wait: boolean;
}

/** A transaction that is about to be signed. */
export interface PaymentReview {
  readonly unsigned: UnsignedTransaction;
  /** All coins that the account could have spent. */
  readonly coins: readonly SpendableCoin[];
}

/** A transaction that the node took. */
export interface Payment {
  readonly txid: string;
  /** Hugs. */
  readonly fee: Amount;
  /** Undefined when nobody waited for it. */
  readonly block: { readonly id: string; readonly height: number } | undefined;
  /** The first coin that it spends. */
  readonly first: SpendableCoin;
}

/** The first pause before coins are looked at again, and the longest. */
const POLL_MS_MIN = 10;
const POLL_MS_MAX = 500;

/** How long to try again while the account's coins are in other payments that are under way. */
const BUSY_MS = 15_000;
/** Refusals of a coin that another payment took between the look at the coins and the hand-in. */
const TAKEN: ReadonlySet<string> = new Set([
  'node/page-gone',
  'tx/coin-missing',
  'mempool/conflict',
  'mempool/replacement-fee-too-low',
  // An equal payment from the same coins is the same transaction, and nothing is handed in twice by one command.
  'mempool/known',
]);

/**
 * Builds, signs and hands in a transaction of one account, and waits for its block. Payments of one account that are
 * made at the same time take turns: whoever finds the coins taken looks again.
 */
export async function pay(
  connection: SigningConnection,
  account: SigningAccount,
  plan: PaymentPlan,
): Promise<Result<Payment>> {
  const deadlineMs = performance.now() + BUSY_MS;
  const opening = openingOf(account);
  for (let pauseMs = POLL_MS_MIN; ; pauseMs = Math.min(POLL_MS_MAX, pauseMs * 1.5)) {
    const coins = await spendableCoins(connection, opening);
    const payment = coins.ok ? await payFrom(coins.value.spendable, connection, account, plan) : coins;
    if (payment.ok || performance.now() >= deadlineMs) return payment;
    const { rule } = payment.error;
    const isTaken =
      TAKEN.has(rule) || (rule === 'wallet/insufficient-funds' && coins.ok && coins.value.isSpending);
    if (!isTaken) return payment;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** What {@link pay} would sign now. */
export async function planOnly(
  connection: SigningConnection,
  account: SigningAccount,
  plan: PaymentPlan,
): Promise<Result<PaymentReview>> {
  const found = await spendableCoins(connection, openingOf(account));
  if (!found.ok) return found;
  const coins = found.value.spendable;
  const unsigned = await buildPayment(coins, connection, account, plan);
  return unsigned.ok ? ok({ unsigned: unsigned.value, coins }) : unsigned;
}

async function payFrom(
  coins: readonly SpendableCoin[],
  connection: SigningConnection,
  account: SigningAccount,
  plan: PaymentPlan,
): Promise<Result<Payment>> {
  const { chainId, client } = connection;
  const built = await buildPayment(coins, connection, account, plan);
  if (!built.ok) return built;
  const reviewed = await plan.review?.({ unsigned: built.value, coins });
  if (reviewed?.ok === false) return reviewed;
  const signers = [account, ...(plan.cosigners ?? [])].map(({ secretKey }) => keySigner(secretKey));
  const signed = signTransaction(built.value, chainId, signers);
  if (!signed.ok) return signed;
  const handedIn = await handIn(client, signed.value);
  if (!handedIn.ok) return handedIn;
  const txid = handedIn.value;
  const spent = built.value.inputs[0] ?? NO_COIN;
  const { fee } = built.value;
  if (!plan.wait) return ok({ txid, fee, block: undefined, first: spent });
  const block = await waitForBlock(connection, txid);
  return block.ok ? ok({ txid, fee, block: block.value, first: spent }) : block;
}

async function buildPayment(
  coins: readonly SpendableCoin[],
  connection: SigningConnection,
  account: SigningAccount,
  plan: PaymentPlan,
): Promise<Result<UnsignedTransaction>> {
  const { cosigners = [], onlyCoins } = plan;
  const feePerGas =
    plan.feePerGas === undefined
      ? await estimateFeePerGas(connection, plan.targetBlocks)
      : ok(amount(plan.feePerGas));
  if (!feePerGas.ok) return feePerGas;
  const named = onlyCoins === undefined ? ok(undefined) : pickCoins(coins, onlyCoins);
  if (!named.ok) return named;
  const [first] = named.value ?? coins;
  // The first coin is spent in any case when an action or an id depends on it.
  const mustSpend = named.value ?? (plan.actions.length > 0 && first !== undefined ? [first] : []);
  return buildTransaction({
    spec: connection.spec,
    coins: named.value === undefined ? coins.slice(mustSpend.length) : [],
    mustSpend,
    outputs: first === undefined ? plan.outputs(NO_COIN) : plan.outputs(first),
    actions: plan.actions,
    authorities: [...(plan.isAuthority === true ? [account] : []), ...cosigners].map(openingOf),
    feePerGas: feePerGas.value,
    changeAddress: account.address,
  });
}

/** The coins that a person named, in their order. Refuses by `wallet/coin-unknown`. */
function pickCoins(
  coins: readonly SpendableCoin[],
  wanted: readonly Outpoint[],
): Result<readonly SpendableCoin[]> {
  const picked: SpendableCoin[] = [];
  for (const { txid, index } of wanted) {
    const coin = coins.find(({ outpoint }) => outpoint.index === index && equalBytes(outpoint.txid, txid));
    if (coin === undefined) return refuseWallet('wallet/coin-unknown', { got: `${toHex(txid)}:${index}` });
    picked.push(coin);
  }
  return ok(picked);
}

function openingOf({ publicKey }: SigningAccount): Opening {
  return { lock: { kind: 'key', publicKey }, path: 0 };
}

/** Stands for the first coin of an account that has none; building refuses then. */
const NO_COIN: SpendableCoin = {
  outpoint: { txid: new Uint8Array(32), index: 0 },
  asset: 0,
  amount: amount(0),
  opening: { lock: { kind: 'key', publicKey: new Uint8Array(32) }, path: 0 },
};

/** What the node estimates that a transaction should pay per gas to be in one of the next blocks. */
export async function estimateFeePerGas(
  { client }: Pick<SigningConnection, 'client'>,
  targetBlocks = 2,
): Promise<Result<Amount>> {
  const estimated = await client.call('tx_estimateFee', { targetBlocks });
  return estimated.ok ? ok(amount(estimated.value.feePerGas)) : estimated;
}
