import type { UnsignedTransaction } from '@calin/client/transaction-builder/build-transaction.ts';
import type { SpendableCoin } from '@calin/client/transaction-builder/opening.ts';
import { keySigner, signTransaction } from '@calin/client/transaction-builder/sign-transaction.ts';
import { buildPayment, keyOpening, type PaymentPlan } from '@calin/client/wallet/build-payment.ts';
import { handIn } from '@calin/client/wallet/hand-in.ts';
import { spendableCoins } from '@calin/client/wallet/spendable-coins.ts';
import type { Amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { SigningAccount } from '../accounts/find-account.ts';
import type { SigningConnection } from './connect.ts';
import { waitForBlock } from './wait-for-block.ts';

/** What a transaction of one account shall do. */
export interface PaymentOrder extends PaymentPlan {
  /** Their secrets sign too. */
  readonly cosigners?: readonly SigningAccount[];
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
  plan: PaymentOrder,
): Promise<Result<Payment>> {
  const deadlineMs = performance.now() + BUSY_MS;
  const opening = keyOpening(account);
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
  plan: PaymentOrder,
): Promise<Result<PaymentReview>> {
  const found = await spendableCoins(connection, keyOpening(account));
  if (!found.ok) return found;
  const coins = found.value.spendable;
  const unsigned = await buildPayment(connection, coins, account, plan);
  return unsigned.ok ? ok({ unsigned: unsigned.value, coins }) : unsigned;
}

async function payFrom(
  coins: readonly SpendableCoin[],
  connection: SigningConnection,
  account: SigningAccount,
  plan: PaymentOrder,
): Promise<Result<Payment>> {
  const { chainId } = connection;
  const built = await buildPayment(connection, coins, account, plan);
  if (!built.ok) return built;
  const reviewed = await plan.review?.({ unsigned: built.value, coins });
  if (reviewed?.ok === false) return reviewed;
  const signers = [account, ...(plan.cosigners ?? [])].map(({ secretKey }) => keySigner(secretKey));
  const signed = signTransaction(built.value, chainId, signers);
  if (!signed.ok) return signed;
  const handedIn = await handIn(connection, signed.value);
  if (!handedIn.ok) return handedIn;
  const txid = handedIn.value;
  const { fee, inputs } = built.value;
  const [first] = inputs;
  assert(first !== undefined, 'whatever is handed in spends a coin');
  if (!plan.wait) return ok({ txid, fee, block: undefined, first });
  const block = await waitForBlock(connection, txid);
  return block.ok ? ok({ txid, fee, block: block.value, first }) : block;
}
