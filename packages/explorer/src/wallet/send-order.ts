import {
  buildTransfer,
  type UnsignedTransaction,
} from '@calin/client/transaction-builder/build-transaction.ts';
import type { SpendableCoin } from '@calin/client/transaction-builder/opening.ts';
import { refuseWallet } from '@calin/client/transaction-builder/rules.ts';
import { type AssetUnits, parseAssetAmount } from '@calin/client/wallet/asset-units.ts';
import { buildPayment, keyOpening, type PaymentPlan } from '@calin/client/wallet/build-payment.ts';
import { isPaymentUri, type PaymentRequest, parsePaymentUri } from '@calin/client/wallet/payment-uri.ts';
import type { WalletChain } from '@calin/client/wallet/wallet-chain.ts';
import {
  addressInWallet,
  type WalletAccount,
  type WalletDocument,
} from '@calin/client/wallet/wallet-document.ts';
import { amount } from '@calin/core/base/amount.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { type Address, keyAddress, parseAddress } from '@calin/core/primitives/address.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';

/** How soon a payment should be in a block, with the blocks that the fee is estimated for. */
export const FEE_SPEEDS = [
  { speed: 'slow', targetBlocks: 10, words: 'within ten blocks' },
  { speed: 'normal', targetBlocks: 2, words: 'within two blocks' },
  { speed: 'fast', targetBlocks: 1, words: 'in the next block' },
] as const;

/** One of {@link FEE_SPEEDS}. */
export type FeeSpeed = (typeof FEE_SPEEDS)[number]['speed'];

/** What a person says about a payment. */
export interface SendOrder {
  readonly account: WalletAccount;
  readonly to: Address;
  readonly asset: number;
  /** In base units; `everything` for all that can be spent of the asset. */
  readonly amount: number | 'everything';
  readonly speed: FeeSpeed;
  /** Names of coins as {@link coinName} gives them; undefined lets the wallet choose. */
  readonly coins: ReadonlySet<string> | undefined;
  /** Blocks from now after which it can be in no block; undefined for never. */
  readonly expiryBlocks: number | undefined;
}

/** A coin by its outpoint: `TXID:INDEX`. */
export function coinName({ outpoint }: SpendableCoin): string {
  return `${toHex(outpoint.txid)}:${outpoint.index}`;
}

/**
 * Reads whom to pay: a name of the wallet, an address, or a payment request. Refuses by `wallet/payment-uri` or
 * `codec/address`.
 */
export function readRecipient(text: string, document: WalletDocument): Result<PaymentRequest> {
  const typed = text.trim();
  if (isPaymentUri(typed)) return parsePaymentUri(typed, document.addressPrefix);
  const named = addressInWallet(document, typed);
  if (named !== undefined) return ok({ address: named });
  const address = parseAddress(typed, document.addressPrefix);
  return address.ok ? ok({ address: address.value }) : address;
}

/** Reads how much to pay; `all` and `everything` stand for what there is. Refuses by `amount/…`. */
export function readAmount(text: string, units: AssetUnits): Result<number | 'everything'> {
  const typed = text.trim().toLowerCase();
  if (typed === 'everything' || typed === 'all') return ok('everything');
  return parseAssetAmount(typed, units);
}

/** Builds what is going to be signed, from the coins that the account can spend. Refuses by `wallet/…`. */
export function buildSend(
  chain: WalletChain,
  spendable: readonly SpendableCoin[],
  order: SendOrder,
): Promise<Result<UnsignedTransaction>> {
  const { account, to, asset, speed, coins, expiryBlocks } = order;
  const chosen = coins === undefined ? spendable : spendable.filter((coin) => coins.has(coinName(coin)));
  const ofAsset = chosen.filter((coin) => coin.asset === asset);
  const sum = ofAsset.reduce((total, coin) => total + coin.amount, 0);
  const isSweep = order.amount === 'everything' && asset === NATIVE_ASSET;
  const value = order.amount === 'everything' ? sum : order.amount;
  if (value === 0)
    return Promise.resolve(refuseWallet('wallet/insufficient-funds', { asset, got: 0, expected: 1 }));
  const plan: PaymentPlan = {
    // What is left after the fee goes to whoever is paid: that is everything.
    outputs: () => (isSweep ? [] : [{ asset, amount: amount(value), address: to }]),
    actions: [],
    feePerGas: undefined,
    targetBlocks: FEE_SPEEDS.find((one) => one.speed === speed)?.targetBlocks,
    onlyCoins: isSweep
      ? ofAsset.map(({ outpoint }) => outpoint)
      : coins === undefined
        ? undefined
        : chosen.map(({ outpoint }) => outpoint),
    ...(isSweep ? { restTo: to } : {}),
    ...(expiryBlocks === undefined ? {} : { expiryHeight: chain.status.head.height + expiryBlocks }),
  };
  return buildPayment(chain, spendable, account, plan);
}

/** Gas of a payment from one coin with change: what most payments take. */
export function usualGas(spec: Pick<ChainSpec, 'fees' | 'limits'>): number {
  const publicKey = new Uint8Array(32);
  const coin: SpendableCoin = {
    outpoint: { txid: new Uint8Array(32), index: 0 },
    asset: NATIVE_ASSET,
    amount: amount(2 ** 50),
    opening: keyOpening({ publicKey }),
  };
  const self = keyAddress(publicKey);
  const built = buildTransfer({
    spec,
    coins: [coin],
    to: self,
    amount: amount(1),
    feePerGas: amount(1),
    changeAddress: self,
  });
  return built.ok ? built.value.gas : 0;
}
