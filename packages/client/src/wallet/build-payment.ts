import { type Amount, amount } from '@calin/core/base/amount.ts';
import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import type { LedgerAction } from '@calin/core/ledger/actions/registry.ts';
import { type Address, keyAddress } from '@calin/core/primitives/address.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import type { Output } from '@calin/core/primitives/output.ts';
import { buildTransaction, type UnsignedTransaction } from '../transaction-builder/build-transaction.ts';
import type { Opening, SpendableCoin } from '../transaction-builder/opening.ts';
import { refuseWallet } from '../transaction-builder/rules.ts';
import type { WalletChain } from './wallet-chain.ts';

/** Whoever signs with one key. */
export interface KeyHolder {
  readonly publicKey: PublicKey;
}

/** What a transaction of one account shall do. */
export interface PaymentPlan {
  /** What it creates; may depend on its first coin, from which a new token gets its id. */
  outputs(first: SpendableCoin): readonly Output[];
  readonly actions: readonly LedgerAction[];
  /** True when the account must also agree as the authority of an action, such as a minter. */
  readonly isAuthority?: boolean;
  /** Others who must agree to actions, in the order of the actions, such as the key of a new validator. */
  readonly cosigners?: readonly KeyHolder[];
  /** Hugs per gas; the node's estimate when undefined. */
  readonly feePerGas: number | undefined;
  /** Blocks within which the estimate is for; 2 when undefined. */
  readonly targetBlocks?: number | undefined;
  /** Spend these coins, all of them and no others; the account's choice when undefined. */
  readonly onlyCoins?: readonly Outpoint[] | undefined;
  /** Where everything goes that is left; back to the account when undefined. */
  readonly restTo?: Address | undefined;
  /** Last height at which a block may hold it; none when undefined. */
  readonly expiryHeight?: number | undefined;
}

/**
 * Builds the transaction of a plan. Refuses by `wallet/…`, and by whatever the node refuses an estimate with.
 *
 * @param coins - what the account can spend, the largest native coins first; see spendableCoins
 * @param account - whose coins they are, and where everything goes that is left
 */
export async function buildPayment(
  chain: Pick<WalletChain, 'client' | 'spec'>,
  coins: readonly SpendableCoin[],
  account: KeyHolder,
  plan: PaymentPlan,
): Promise<Result<UnsignedTransaction>> {
  const { cosigners = [], onlyCoins } = plan;
  const feePerGas =
    plan.feePerGas === undefined
      ? await estimateFeePerGas(chain, plan.targetBlocks)
      : ok(amount(plan.feePerGas));
  if (!feePerGas.ok) return feePerGas;
  const named = onlyCoins === undefined ? ok(undefined) : pickCoins(coins, onlyCoins);
  if (!named.ok) return named;
  const [first] = named.value ?? coins;
  // The first coin is spent in any case when an action or an id depends on it.
  const mustSpend = named.value ?? (plan.actions.length > 0 && first !== undefined ? [first] : []);
  return buildTransaction({
    spec: chain.spec,
    coins: named.value === undefined ? coins.slice(mustSpend.length) : [],
    mustSpend,
    outputs: plan.outputs(first ?? NO_COIN),
    actions: plan.actions,
    authorities: [...(plan.isAuthority === true ? [account] : []), ...cosigners].map(keyOpening),
    feePerGas: feePerGas.value,
    changeAddress: plan.restTo ?? keyAddress(account.publicKey),
    expiryHeight: plan.expiryHeight ?? 0,
  });
}

/** How the holder of a key opens its address. */
export function keyOpening({ publicKey }: KeyHolder): Opening {
  return { lock: { kind: 'key', publicKey }, path: 0 };
}

/** What the node estimates that a transaction should pay per gas to be in one of the next blocks. */
export async function estimateFeePerGas(
  { client }: Pick<WalletChain, 'client'>,
  targetBlocks = 2,
): Promise<Result<Amount>> {
  const estimated = await client.call('tx_estimateFee', { targetBlocks });
  return estimated.ok ? ok(amount(estimated.value.feePerGas)) : estimated;
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

/** Stands for the first coin of an account that has none; building refuses then. */
const NO_COIN: SpendableCoin = {
  outpoint: { txid: new Uint8Array(32), index: 0 },
  asset: 0,
  amount: amount(0),
  opening: { lock: { kind: 'key', publicKey: new Uint8Array(32) }, path: 0 },
};
