import { buildTransaction } from '@calin/client/transaction-builder/build-transaction.ts';
import type { Opening, SpendableCoin } from '@calin/client/transaction-builder/opening.ts';
import { keySigner, signTransaction } from '@calin/client/transaction-builder/sign-transaction.ts';
import { type Amount, amount } from '@calin/core/base/amount.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { LedgerAction } from '@calin/core/ledger/actions/registry.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { Output } from '@calin/core/primitives/output.ts';
import type { SigningAccount } from '../accounts/find-account.ts';
import { refuseCli } from '../rules.ts';
import type { SigningConnection } from './connect.ts';

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
  /** Wait until it is in a block. */
  readonly wait: boolean;
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

/** Coins of an account that are looked at: pages of 1,000. */
const PAGES_MAX = 20;
const PAGE_COINS = 1000;
/** How long to wait for a block before saying that there is none yet. */
const WAIT_MS = 60_000;
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
    const coins = await readCoins(connection, account, opening);
    const payment = coins.ok ? await payFrom(coins.value.spendable, connection, account, plan) : coins;
    if (payment.ok || performance.now() >= deadlineMs) return payment;
    const { rule } = payment.error;
    const isTaken =
      TAKEN.has(rule) || (rule === 'wallet/insufficient-funds' && coins.ok && coins.value.isSpending);
    if (!isTaken) return payment;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function payFrom(
  coins: readonly SpendableCoin[],
  connection: SigningConnection,
  account: SigningAccount,
  plan: PaymentPlan,
): Promise<Result<Payment>> {
  const { spec, chainId, client } = connection;
  const { cosigners = [] } = plan;
  const feePerGas = plan.feePerGas === undefined ? await estimate(connection) : ok(amount(plan.feePerGas));
  if (!feePerGas.ok) return feePerGas;
  // The first coin is spent in any case when an action or an id depends on it.
  const [first] = coins;
  const mustSpend = plan.actions.length > 0 && first !== undefined ? [first] : [];
  const built = buildTransaction({
    spec,
    coins: coins.slice(mustSpend.length),
    mustSpend,
    outputs: first === undefined ? plan.outputs(NO_COIN) : plan.outputs(first),
    actions: plan.actions,
    authorities: [...(plan.isAuthority === true ? [account] : []), ...cosigners].map(openingOf),
    feePerGas: feePerGas.value,
    changeAddress: account.address,
  });
  if (!built.ok) return built;
  const signers = [account, ...cosigners].map(({ secretKey }) => keySigner(secretKey));
  const signed = signTransaction(built.value, chainId, signers);
  if (!signed.ok) return signed;
  const transaction = signed.value;
  const answer = await client.call('tx_submit', { transactions: [toHex(transaction.bytes)] });
  if (!answer.ok) return answer;
  const verdict = answer.value[0];
  if (verdict?.accepted !== true) return { ok: false, error: asRefusal(verdict?.refusal) };
  const txid = toHex(transaction.txid);
  const spent = built.value.inputs[0] ?? NO_COIN;
  const { fee } = built.value;
  if (!plan.wait) return ok({ txid, fee, block: undefined, first: spent });
  const block = await waitForBlock(connection, txid);
  return block.ok ? ok({ txid, fee, block: block.value, first: spent }) : block;
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

/** What the account can spend in the next block, the largest native coins first, and whether more is under way. */
async function readCoins(
  { client, network, status }: SigningConnection,
  account: SigningAccount,
  opening: Opening,
): Promise<Result<{ readonly spendable: readonly SpendableCoin[]; readonly isSpending: boolean }>> {
  let isSpending = false;
  const address = formatAddress(account.address, network.addressPrefix);
  const coins: SpendableCoin[] = [];
  let after: { readonly txid: string; readonly index: number } | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const params = { address, limit: PAGE_COINS, ...(after === undefined ? {} : { after }) };
    const answer = await client.call('account_getCoins', params);
    if (!answer.ok) return answer;
    for (const coin of answer.value.coins) {
      isSpending ||= coin.spentInPool;
      // The head may have moved since the status was read; only a reward has to wait for more than its block.
      if (coin.spentInPool || (coin.reward && coin.spendableHeight > status.head.height + 1)) continue;
      const outpoint = { txid: fromHex(coin.outpoint.txid), index: coin.outpoint.index };
      coins.push({ outpoint, asset: coin.asset, amount: amount(coin.amount), opening });
    }
    if (answer.value.next === null) break;
    after = answer.value.next;
  }
  const spendable = coins.toSorted(
    (a, b) => Number(a.asset !== 0) - Number(b.asset !== 0) || b.amount - a.amount,
  );
  return ok({ spendable, isSpending });
}

async function estimate({ client }: SigningConnection): Promise<Result<Amount>> {
  const estimated = await client.call('tx_estimateFee', { targetBlocks: 2 });
  return estimated.ok ? ok(amount(estimated.value.feePerGas)) : estimated;
}

async function waitForBlock(
  { client }: SigningConnection,
  txid: string,
): Promise<Result<{ id: string; height: number }>> {
  const deadlineMs = performance.now() + WAIT_MS;
  for (
    let pauseMs = POLL_MS_MIN;
    performance.now() < deadlineMs;
    pauseMs = Math.min(POLL_MS_MAX, pauseMs * 1.5)
  ) {
    const found = await client.call('tx_get', { txid });
    if (!found.ok) return found;
    const { block } = found.value;
    if (block !== null) return ok({ id: block.id, height: block.height });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return refuseCli('cli/not-included', { txid, waitedMs: WAIT_MS });
}

type VerdictRefusal = Pick<Refusal, 'rule' | 'message' | 'help' | 'retry'> & { readonly evidence?: unknown };

function asRefusal(refusal: VerdictRefusal | undefined): Refusal {
  if (refusal === undefined) return refuseCli('cli/not-found').error;
  const { rule, message, help, retry } = refusal;
  // The node's own evidence: plain values by its schema of refusals.
  return {
    rule,
    message,
    help,
    retry,
    banPoints: 0,
    evidence: (refusal.evidence ?? {}) as Refusal['evidence'],
  };
}
