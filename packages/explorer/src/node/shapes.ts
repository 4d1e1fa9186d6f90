import type { MethodResult } from '@calin/client/rpc/rpc-client.ts';

/** What `node_status` answers. */
export type NodeStatus = MethodResult<'node_status'>;
/** A block with its transactions and receipts. */
export type FullBlock = MethodResult<'chain_getBlock'>;
/** A header as JSON. */
export type HeaderJson = FullBlock['header'];
/** A transaction, and where it is. */
export type FoundTransaction = MethodResult<'tx_get'>;
/** A transaction as JSON. */
export type TransactionJson = FoundTransaction['transaction'];
/** One of its outputs. */
export type OutputJson = TransactionJson['outputs'][number];
/** One of its actions. */
export type ActionJson = TransactionJson['actions'][number];
/** One of its witnesses. */
export type WitnessJson = TransactionJson['witnesses'][number];
/** What it did. */
export type ReceiptJson = NonNullable<FoundTransaction['block']>['receipt'];
/** What an address holds of one asset. */
export type BalanceJson = MethodResult<'account_getBalance'>['balances'][number];
/** A coin of an address. */
export type CoinJson = MethodResult<'account_getCoins'>['coins'][number];
/** What waits. */
export type MempoolJson = MethodResult<'mempool_get'>;
/** A token. */
export type TokenJson = MethodResult<'token_get'>;
/** What all nodes of the chain share. */
export type GenesisJson = MethodResult<'chain_getGenesis'>;
/** A peer of the node. */
export type PeerJson = MethodResult<'net_peers'>['peers'][number];
/** Blocks beside the best branch. */
export type SidesJson = MethodResult<'chain_getSides'>;
/** Some blocks of a chart. */
export type SeriesPoint = MethodResult<'chart_getSeries'>['points'][number];
/** What a transaction did to an asset for an address. */
export type ActivityJson = MethodResult<'account_getActivity'>['entries'][number];
/** What a search has found. */
export type SearchResultJson = MethodResult<'search_find'>['results'][number];
/** The validators of an epoch, and the candidates. */
export type ValidatorsJson = MethodResult<'stake_getValidators'>;
/** What an address holds, and the head after which it does; null when the chain went on while the node answered. */
export interface Holdings {
  readonly balances: readonly BalanceJson[];
  readonly coins: readonly CoinJson[];
  /** What to ask for more coins after; null when these are all. */
  readonly next: { readonly txid: string; readonly index: number } | null;
  readonly at: { readonly height: number; readonly id: string } | null;
}
