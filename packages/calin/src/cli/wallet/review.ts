import type { PartialTransaction } from '@calin/client/transaction-builder/partial-transaction.ts';
import {
  explainPartial,
  explainPayment,
  type Reader,
  type ToldTransaction,
} from '@calin/client/wallet/explain-on-chain.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import type { AccountPlace } from '../accounts/find-account.ts';
import { confirmed, isTerminal } from '../accounts/password.ts';
import type { CommandIo } from '../command.ts';
import { printable } from '../output.ts';
import { refuseCli } from '../rules.ts';
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

/** Explains a payment of one account from its own coins. */
export async function tellPayment(
  { unsigned, coins }: PaymentReview,
  where: ReviewPlace,
): Promise<Result<ToldTransaction>> {
  const reader = readerOf(where);
  return reader.ok ? ok(await explainPayment(unsigned, coins, reader.value, where.connection)) : reader;
}

/** Explains a partially signed transaction; what its inputs hold is asked of the node. */
export async function tellPartial(
  partial: PartialTransaction,
  where: ReviewPlace,
): Promise<Result<ToldTransaction>> {
  const reader = readerOf(where);
  return reader.ok ? ok(await explainPartial(partial, reader.value, where.connection)) : reader;
}

/** Shows a partially signed transaction to a person, who agrees or not. */
export async function reviewPartial(
  partial: PartialTransaction,
  where: AskingPlace,
): Promise<Result<undefined>> {
  if (!mustAsk(where)) return ok(undefined);
  const told = await tellPartial(partial, where);
  return told.ok ? agree(told.value, where.io) : told;
}

/** Shows a payment to a person, who agrees or not. */
export async function reviewPayment(review: PaymentReview, where: AskingPlace): Promise<Result<undefined>> {
  if (!mustAsk(where)) return ok(undefined);
  const told = await tellPayment(review, where);
  return told.ok ? agree(told.value, where.io) : told;
}

/** Lines for a person: what it does, then what to look at. */
export function formatTold({ statements, warnings }: ToldTransaction): string {
  return [...statements, ...warnings.map(({ words }) => `! ${words}`)].join('\n');
}

function readerOf({ place, ownKeys }: ReviewPlace): Result<Reader> {
  const local = readNames(place);
  if (!local.ok) return local;
  const { names, ownAddresses } = local.value;
  return ok({ names, ownAddresses, ownKeys: [...local.value.ownKeys, ...ownKeys], payingKeys: ownKeys });
}

function mustAsk({ isAsked, io }: AskingPlace): boolean {
  return isAsked && !io.isJson && isTerminal();
}

async function agree(told: ToldTransaction, io: CommandIo): Promise<Result<undefined>> {
  io.note(printable(formatTold(told)));
  return (await confirmed('Sign it?')) ? ok(undefined) : refuseCli('cli/declined');
}
