import type { PartialTransaction } from '@calin/client/transaction-builder/partial-transaction.ts';
import { type AssetUnits, assetUnits, parseAssetAmount } from '@calin/client/wallet/asset-units.ts';
import { estimateFeePerGas } from '@calin/client/wallet/build-payment.ts';
import type { PaymentRequest } from '@calin/client/wallet/payment-uri.ts';
import { type LockSpending, spendFromLock } from '@calin/client/wallet/spend-from-lock.ts';
import type { WalletChain } from '@calin/client/wallet/wallet-chain.ts';
import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { fromHex } from '@calin/core/base/bytes.ts';
import { ok, type Refusal, type Result } from '@calin/core/base/result.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import { findReceiver } from './find-receiver.ts';
import { readHash } from './lock-draft.ts';
import { refuseLock } from './rules.ts';

/** What a person has typed about a payment from a lock. */
export interface SpendDraft {
  /** Position among the paths of the lock. */
  readonly path: number;
  readonly to: string;
  readonly asset: number;
  readonly amount: string;
  /** All native coins less the fee; the amount is not read then. */
  readonly isEverything: boolean;
  /** Of a hash lock, in hexadecimal; may be left out and added later. */
  readonly secret: string;
  /** Blocks within which it should be in one. */
  readonly targetBlocks: number;
}

/** The field that keeps a payment from being made; `whole` when it is none of them alone. */
export interface SpendFault {
  readonly field: 'to' | 'amount' | 'secret' | 'whole';
  readonly refusal: Refusal;
}

/** A transaction to be signed, or why there is none. */
export type SpendOutcome =
  | { readonly ok: true; readonly partial: PartialTransaction }
  | { readonly ok: false; readonly fault: SpendFault };

/** Makes the transaction that a person has described, from what the lock holds now. */
export async function spendLock(
  lock: Lock,
  draft: SpendDraft,
  document: WalletDocument,
  chain: WalletChain,
): Promise<SpendOutcome> {
  const request = findReceiver(draft.to, document);
  if (!request.ok) return fault('to', request.error);
  const secret = draft.secret.trim() === '' ? ok(undefined) : readHash(draft.secret);
  if (!secret.ok) return fault('secret', secret.error);
  const units = await assetUnits(draft.asset, chain);
  if (!units.ok) return fault('whole', units.error);
  const output = readOutput(draft, request.value, units.value);
  if (!output.ok) return fault('amount', output.error);
  const feePerGas = await estimateFeePerGas(chain, draft.targetBlocks);
  if (!feePerGas.ok) return fault('whole', feePerGas.error);
  const partial = await spendFromLock(chain, {
    opening: { lock, path: draft.path },
    preimage: secret.value === undefined ? undefined : fromHex(secret.value),
    output: output.value,
    feePerGas: feePerGas.value,
  });
  if (partial.ok) return { ok: true, partial: partial.value };
  const { error } = partial;
  if (error.rule === 'wallet/wrong-preimage') return fault('secret', error);
  return fault(error.rule === 'wallet/insufficient-funds' ? 'amount' : 'whole', error);
}

function readOutput(
  { asset, amount: text, isEverything }: SpendDraft,
  { address, amountText, asset: asked = NATIVE_ASSET }: PaymentRequest,
  units: AssetUnits,
): Result<LockSpending['output']> {
  const typed = text.trim();
  const isOther = amountText !== undefined && (isEverything || asked !== asset);
  if (isOther) return refuseLock('page/request-differs', { expected: amountText });
  if (isEverything && asset === NATIVE_ASSET) return ok({ everything: address });
  const amount = parseAssetAmount(typed, units);
  if (!amount.ok) return amount;
  const wanted = amountText === undefined ? amount : parseAssetAmount(amountText, units);
  if (!wanted.ok) return wanted;
  if (wanted.value === amount.value) return ok({ asset, amount: amount.value, address });
  return refuseLock('page/request-differs', { got: typed, expected: amountText ?? null });
}

function fault(field: SpendFault['field'], refusal: Refusal): SpendOutcome {
  return { ok: false, fault: { field, refusal } };
}
