import type { PartialTransaction } from '@calin/client/transaction-builder/partial-transaction.ts';
import {
  type ExplainableTransaction,
  explainTransaction,
  type WalletKnowledge,
} from '@calin/client/wallet/explain-transaction.ts';
import { statementWords, warningWords } from '@calin/client/wallet/explain-words.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { addressOf, formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import type { AccountPlace } from '../accounts/find-account.ts';
import { confirmed, isTerminal } from '../accounts/password.ts';
import type { CommandIo } from '../command.ts';
import { printable } from '../output.ts';
import { refuseCli } from '../rules.ts';
import { assetUnits } from './asset.ts';
import type { SigningConnection } from './connect.ts';
import { readNames } from './names.ts';
import type { PaymentReview } from './pay.ts';

/** Where a transaction is explained, and for whom. */
export interface ReviewPlace {
  readonly connection: SigningConnection;
  readonly place: AccountPlace;
  /** Keys of who signs, beside those of the keystore. */
  readonly ownKeys: readonly PublicKey[];
}

/** Where it is shown before it is signed. */
export interface AskingPlace extends ReviewPlace {
  readonly io: CommandIo;
  /** False when the person said --yes. */
  readonly isAsked: boolean;
}

/** What a transaction does, in words. */
export interface ToldTransaction {
  readonly statements: readonly string[];
  readonly warnings: readonly { readonly id: string; readonly words: string }[];
}

/** Transactions that are looked at for earlier payments: a page of each index. */
const PAGE = 100;
/** Coins of an address that are looked at. */
const COINS = 1000;

/** Explains a payment of one account from its own coins. */
export function explainPayment(
  { unsigned, coins }: PaymentReview,
  where: ReviewPlace,
): Promise<Result<ToldTransaction>> {
  const holdings = new Map<number, number>();
  for (const { asset, amount } of coins) holdings.set(asset, (holdings.get(asset) ?? 0) + amount);
  const { body, openings, inputs } = unsigned;
  const transaction = { chainId: where.connection.chainId, body, coins: inputs, openings };
  return explain(transaction, where, { holdings, inputsKnown: true });
}

/** Explains a partially signed transaction; what its inputs hold is asked of the node. */
export async function explainPartial(
  partial: PartialTransaction,
  where: ReviewPlace,
): Promise<Result<ToldTransaction>> {
  const inputsKnown = await inputsAreKnown(partial, where);
  return explain(partial, where, { holdings: undefined, inputsKnown });
}

/** Shows a partially signed transaction to a person, who agrees or not. */
export async function reviewPartial(
  partial: PartialTransaction,
  where: AskingPlace,
): Promise<Result<undefined>> {
  if (!mustAsk(where)) return ok(undefined);
  const told = await explainPartial(partial, where);
  return told.ok ? agree(told.value, where.io) : told;
}

/** Shows a payment to a person, who agrees or not. */
export async function reviewPayment(review: PaymentReview, where: AskingPlace): Promise<Result<undefined>> {
  if (!mustAsk(where)) return ok(undefined);
  const told = await explainPayment(review, where);
  return told.ok ? agree(told.value, where.io) : told;
}

/** Lines for a person: what it does, then what to look at. */
export function formatTold({ statements, warnings }: ToldTransaction): string {
  return [...statements, ...warnings.map(({ words }) => `! ${words}`)].join('\n');
}

function mustAsk({ isAsked, io }: AskingPlace): boolean {
  return isAsked && !io.isJson && isTerminal();
}

async function agree(told: ToldTransaction, io: CommandIo): Promise<Result<undefined>> {
  io.note(printable(formatTold(told)));
  return (await confirmed('Sign it?')) ? ok(undefined) : refuseCli('cli/declined');
}

async function explain(
  transaction: ExplainableTransaction,
  where: ReviewPlace,
  known: Pick<WalletKnowledge, 'holdings' | 'inputsKnown'>,
): Promise<Result<ToldTransaction>> {
  const { connection, place } = where;
  const local = readNames(place);
  if (!local.ok) return local;
  const fee = await connection.client.call('tx_estimateFee', { targetBlocks: 2 });
  const { addressPrefix } = connection.network;
  const knowledge: WalletKnowledge = {
    chainId: connection.chainId,
    spec: connection.spec,
    addressPrefix,
    ownKeys: [...local.value.ownKeys, ...where.ownKeys],
    ownAddresses: local.value.ownAddresses,
    names: local.value.names,
    paidAddresses: await paidAddresses(transaction, where, local.value.names),
    tokens: await knownTokens(transaction, connection),
    typicalFeePerGas: fee.ok ? fee.value.feePerGas : undefined,
    ...known,
  };
  const { statements, warnings } = explainTransaction(transaction, knowledge);
  return ok({
    statements: statements.map((statement) => statementWords(statement, knowledge)),
    warnings: warnings.map((warning) => ({ id: warning.id, words: warningWords(warning, knowledge) })),
  });
}

async function knownTokens({ coins, body }: ExplainableTransaction, connection: SigningConnection) {
  const tokens = new Map<number, { symbol: string; decimals: number }>();
  for (const asset of new Set([...coins, ...body.outputs].map((one) => one.asset))) {
    const units = await assetUnits(asset, connection);
    if (units.ok) tokens.set(asset, units.value);
  }
  return tokens;
}

/**
 * Addresses without a name that one of the own keys has paid, as the last transactions of both sides tell. Where the
 * node keeps no index nothing is known, and the warning about a new address says so.
 */
async function paidAddresses(
  { body }: ExplainableTransaction,
  { connection, ownKeys }: ReviewPlace,
  names: ReadonlyMap<string, string>,
): Promise<ReadonlySet<string>> {
  const { client, network } = connection;
  const format = (address: Uint8Array) => formatAddress(address, network.addressPrefix);
  const own = ownKeys.map((key) => format(keyAddress(key)));
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
  { connection }: ReviewPlace,
): Promise<boolean> {
  const { client, network } = connection;
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
