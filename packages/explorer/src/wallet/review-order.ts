import type { UnsignedTransaction } from '@calin/client/transaction-builder/build-transaction.ts';
import type { SpendableCoin } from '@calin/client/transaction-builder/opening.ts';
import {
  createPartial,
  finalisePartial,
  type PartialTransaction,
} from '@calin/client/transaction-builder/partial-transaction.ts';
import {
  explainPartial,
  explainPayment,
  type ToldTransaction,
} from '@calin/client/wallet/explain-on-chain.ts';
import { handIn } from '@calin/client/wallet/hand-in.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { readerOf } from './reader.ts';
import type { OpenWallet } from './wallet-context.tsx';

/** Something that is to be signed. */
export interface ReviewOrder {
  /** What the person wants, as a heading such as `Send 5 CALIN`. */
  readonly title: string;
  readonly what:
    | {
        /** A payment from coins of an own account. */
        readonly kind: 'payment';
        readonly unsigned: UnsignedTransaction;
        /** All coins that the account could have spent. */
        readonly coins: readonly SpendableCoin[];
      }
    /** A file on its way from signer to signer; what its inputs hold is asked of the node. */
    | { readonly kind: 'partial'; readonly partial: PartialTransaction };
  /** True to hand it in once it is signed, which it must then be wholly; false to give the signed file back. */
  readonly isSent: boolean;
}

/** What came of it. */
export interface ReviewOutcome {
  readonly partial: PartialTransaction;
  /** Undefined when it was not handed in. */
  readonly txid: string | undefined;
}

/** Warnings that need more than a glance: what is signed is not what it seems, or nobody can say what it is. */
const GRAVE: ReadonlySet<string> = new Set(['foreign-chain', 'unknown-action', 'inputs-short']);

/** True when a person has to say that they sign it all the same. */
export function isGrave({ warnings }: ToldTransaction): boolean {
  return warnings.some(({ id }) => GRAVE.has(id));
}

/** What an order does, in words. */
export function tell({ what }: ReviewOrder, { document, chain }: OpenWallet): Promise<ToldTransaction> {
  if (what.kind === 'partial') return explainPartial(what.partial, readerOf(document, what.partial), chain);
  return explainPayment(what.unsigned, what.coins, readerOf(document, what.unsigned), chain);
}

/** Signs an order that a person has agreed to, and hands it in if that was the order. */
export async function carryOut(
  { what, isSent }: ReviewOrder,
  { session, chain }: OpenWallet,
): Promise<Result<ReviewOutcome>> {
  const partial = what.kind === 'partial' ? what.partial : createPartial(what.unsigned, chain.chainId);
  const signed = await session.sign(partial);
  if (!signed.ok) return signed;
  if (!isSent) return ok({ partial: signed.value, txid: undefined });
  const whole = finalisePartial(signed.value);
  if (!whole.ok) return whole;
  const txid = await handIn(chain, whole.value);
  return txid.ok ? ok({ partial: signed.value, txid: txid.value }) : txid;
}
