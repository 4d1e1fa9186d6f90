import { toHex } from '@calin/core/base/bytes.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { addressOf, formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import type { UnsignedTransaction } from '../transaction-builder/build-transaction.ts';
import type { SpendableCoin } from '../transaction-builder/opening.ts';
import type { PartialTransaction } from '../transaction-builder/partial-transaction.ts';
import { assetUnits } from './asset-units.ts';
import {
  type ExplainableTransaction,
  explainTransaction,
  type WalletKnowledge,
} from './explain-transaction.ts';
import type { ExplainWarning } from './explain-warnings.ts';
import { statementWords, warningWords } from './explain-words.ts';
import type { WalletChain } from './wallet-chain.ts';

/** For whom a transaction is explained: what the wallet knows without asking anybody. */
export interface Reader extends Pick<WalletKnowledge, 'ownKeys' | 'ownAddresses' | 'names'> {
  /** Keys whose earlier payments are looked at, to tell new addresses from old ones. */
  readonly payingKeys: readonly PublicKey[];
}

/** What a transaction does, in words. */
export interface ToldTransaction {
  readonly statements: readonly string[];
  /** What to look at twice, the gravest first. */
  readonly warnings: readonly { readonly id: ExplainWarning['id']; readonly words: string }[];
}

/** Transactions that are looked at for earlier payments: a page of each index. */
const PAGE = 100;
/** Coins of an address that are looked at. */
const COINS = 1000;

/**
 * Explains a payment from the coins of its payer.
 *
 * @param coins - all that the payer could have spent
 */
export function explainPayment(
  { body, openings, inputs }: UnsignedTransaction,
  coins: readonly SpendableCoin[],
  reader: Reader,
  chain: WalletChain,
): Promise<ToldTransaction> {
  const holdings = new Map<number, number>();
  for (const { asset, amount } of coins) holdings.set(asset, (holdings.get(asset) ?? 0) + amount);
  const transaction = { chainId: chain.chainId, body, coins: inputs, openings };
  return explain(transaction, reader, chain, { holdings, inputsKnown: true });
}

/** Explains a partially signed transaction; what its inputs hold is asked of the node. */
export async function explainPartial(
  partial: PartialTransaction,
  reader: Reader,
  chain: WalletChain,
): Promise<ToldTransaction> {
  const inputsKnown = await inputsAreKnown(partial, chain);
  return explain(partial, reader, chain, { holdings: undefined, inputsKnown });
}

async function explain(
  transaction: ExplainableTransaction,
  reader: Reader,
  chain: WalletChain,
  known: Pick<WalletKnowledge, 'holdings' | 'inputsKnown'>,
): Promise<ToldTransaction> {
  const { client, network, chainId, spec } = chain;
  const { ownKeys, ownAddresses, names } = reader;
  const fee = await client.call('tx_estimateFee', { targetBlocks: 2 });
  const knowledge: WalletKnowledge = {
    chainId,
    spec,
    addressPrefix: network.addressPrefix,
    ownKeys,
    ownAddresses,
    names,
    paidAddresses: await paidAddresses(transaction, reader, chain),
    tokens: await knownTokens(transaction, chain),
    typicalFeePerGas: fee.ok ? fee.value.feePerGas : undefined,
    ...known,
  };
  const { statements, warnings } = explainTransaction(transaction, knowledge);
  return {
    statements: statements.map((statement) => statementWords(statement, knowledge)),
    warnings: warnings.map((warning) => ({ id: warning.id, words: warningWords(warning, knowledge) })),
  };
}

async function knownTokens({ coins, body }: ExplainableTransaction, chain: WalletChain) {
  const tokens = new Map<number, { symbol: string; decimals: number }>();
  for (const asset of new Set([...coins, ...body.outputs].map((one) => one.asset))) {
    const units = await assetUnits(asset, chain);
    if (units.ok) tokens.set(asset, units.value);
  }
  return tokens;
}

/**
 * Addresses without a name that one of the paying keys has paid, as the last transactions of both sides tell. Where the
 * node keeps no index nothing is known, and the warning about a new address says so.
 */
async function paidAddresses(
  { body }: ExplainableTransaction,
  { payingKeys, names }: Reader,
  { client, network }: WalletChain,
): Promise<ReadonlySet<string>> {
  const format = (address: Uint8Array) => formatAddress(address, network.addressPrefix);
  const own = payingKeys.map((key) => format(keyAddress(key)));
  const unnamed = new Set(body.outputs.map(({ address }) => format(address)));
  const paid = new Set<string>();
  const sent = new Set<string>();
  for (const address of own) {
    const activity = await client.call('account_getActivity', { address, limit: PAGE });
    if (activity.ok) for (const entry of activity.value.entries) if (entry.sent > 0) sent.add(entry.txid);
  }
  if (sent.size === 0) return paid;
  for (const address of unnamed) {
    if (names.has(address) || own.includes(address)) continue;
    const history = await client.call('account_getHistory', { address, limit: PAGE });
    if (history.ok && history.value.entries.some(({ txid }) => sent.has(txid))) paid.add(address);
  }
  return paid;
}

/** True when the node says of every input what the maker claims. */
async function inputsAreKnown(
  { body, coins: claims, openings }: PartialTransaction,
  { client, network }: WalletChain,
): Promise<boolean> {
  const held = new Map<string, { asset: number; amount: number }>();
  for (const { lock } of openings) {
    const address = formatAddress(addressOf(lock), network.addressPrefix);
    const answer = await client.call('account_getCoins', { address, limit: COINS });
    if (!answer.ok) return false;
    for (const { outpoint, asset, amount } of answer.value.coins)
      held.set(`${outpoint.txid}:${outpoint.index}`, { asset, amount });
  }
  return body.inputs.every(({ txid, index }, i) => {
    const coin = held.get(`${toHex(txid)}:${index}`);
    return coin !== undefined && coin.asset === claims[i]?.asset && coin.amount === claims[i]?.amount;
  });
}
