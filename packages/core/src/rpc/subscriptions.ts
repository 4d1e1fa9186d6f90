import { equalBytes, fromHex, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Notification } from '../node/effects.ts';
import { type Address, addressOf, parseAddress } from '../primitives/address.ts';
import type { Block } from '../primitives/block.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { presentTransaction } from './json/transaction.ts';
import { subscribeMethod } from './methods/subscribe.ts';
import type { NodeView } from './node-view.ts';
import { refuseRpc } from './rules.ts';

/** What a subscriber wants to hear of. */
export type Topic =
  | { readonly kind: 'heads' }
  | { readonly kind: 'transactions' }
  | { readonly kind: 'address'; readonly address: Address };

/** What `subscribe` asks for. */
export interface SubscriptionWish {
  readonly topic: Topic;
  /** The head that the subscriber knows: what came after it is told first. */
  readonly after: Hash | undefined;
}

/**
 * Reads the parameters of `subscribe`: `{topic: 'heads'}`, `{topic: 'transactions'}` or `{topic: 'address', address}`,
 * each with the id of a block as `after` or without. Refuses by `json/…`, `rpc/topic` or `codec/address`.
 *
 * @param prefix - of the network's addresses
 */
export function parseSubscription(params: unknown, prefix: string): Result<SubscriptionWish> {
  const parsed = subscribeMethod.params.parse(params, 'params');
  if (!parsed.ok) return parsed;
  const { topic: kind, address: text, after: known } = parsed.value;
  if ((kind === 'address') !== (text !== undefined)) return refuseRpc('rpc/topic', { got: kind });
  const after = known === undefined ? undefined : fromHex(known);
  if (kind !== 'address') return ok({ topic: { kind }, after });
  const address = parseAddress(text ?? '', prefix);
  return address.ok ? ok({ topic: { kind, address: address.value }, after }) : address;
}

/** The news of a node as a subscriber of the topic gets it, or undefined when it does not concern the topic. */
export function presentNotification(
  topic: Topic,
  notification: Notification,
  view: NodeView,
): SubscriptionNews | undefined {
  return notification.kind === 'head'
    ? presentHead(topic, notification)
    : presentPooled(topic, notification.transaction, view);
}

/** The text that travels: a JSON-RPC notification with the subscription it belongs to. */
export function notificationText(subscription: string, result: SubscriptionNews): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'subscription', params: { subscription, result } });
}

/** What a subscriber is told; see docs/reference/rpc.md#subscriptions. */
export type SubscriptionNews =
  | {
      readonly kind: 'head';
      readonly id: string;
      readonly height: number;
      readonly timeMs: number;
      /** Blocks of the old branch that were taken back. */
      readonly reverted: number;
      /** Ids of the transactions that came into the chain since the last head, rewards left out. */
      readonly txids: readonly string[];
    }
  /** A transaction came into the pool. */
  | { readonly kind: 'transaction'; readonly transaction: ReturnType<typeof presentTransaction> };

/** A head that was reached, and what came into the chain with it. */
export type HeadNews = Omit<Extract<Notification, { kind: 'head' }>, 'kind' | 'head'> & {
  readonly head: Pick<Block, 'id' | 'header'>;
};

/** A head as a subscriber of the topic gets it, or undefined when it does not concern the topic. */
export function presentHead(
  topic: Topic,
  { head, reverted, transactions }: HeadNews,
): SubscriptionNews | undefined {
  if (topic.kind === 'transactions') return undefined;
  const own =
    topic.kind === 'heads' ? transactions() : transactions().filter((one) => concerns(one, topic.address));
  // After a reorganisation every address may have lost something, so it is told even if nothing new concerns it.
  if (topic.kind === 'address' && own.length === 0 && reverted === 0) return undefined;
  const txids = own.map(({ txid }) => toHex(txid));
  const { height, timeMs } = head.header;
  return { kind: 'head', id: toHex(head.id), height, timeMs, reverted, txids };
}

function presentPooled(topic: Topic, transaction: Transaction, view: NodeView): SubscriptionNews | undefined {
  if (topic.kind === 'heads') return undefined;
  if (topic.kind === 'address' && !concerns(transaction, topic.address)) return undefined;
  return { kind: 'transaction', transaction: presentTransaction(transaction, view.spec.addressPrefix) };
}

/** True when the transaction pays to the address, spends from it or needs its consent. */
function concerns(transaction: Transaction, address: Address): boolean {
  return (
    transaction.outputs.some((output) => equalBytes(output.address, address)) ||
    signersOf(transaction).some((signer) => equalBytes(signer, address))
  );
}

/** Addresses of the witnesses. Many subscribers ask about the same transaction, and each address costs a hash. */
const signers = new WeakMap<Transaction, readonly Address[]>();

function signersOf(transaction: Transaction): readonly Address[] {
  const known = signers.get(transaction);
  if (known !== undefined) return known;
  const found = transaction.witnesses.map(({ lock }) => addressOf(lock));
  signers.set(transaction, found);
  return found;
}
