import { isPaymentUri, type PaymentRequest } from '@calin/client/wallet/payment-uri.ts';
import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import type { Result } from '@calin/core/base/result.ts';
import { readRecipient } from '../../../wallet/send-order.ts';
import { refuseLock } from './rules.ts';

/**
 * Whom a person means: the name of an account, a lock, a contact or a watched address, an address, or a payment
 * request.
 * Refuses by `page/receiver`, or as {@link readRecipient} does what looks like an address or a request and is none.
 */
export function findReceiver(text: string, document: WalletDocument): Result<PaymentRequest> {
  const found = readRecipient(text, document);
  const wanted = text.trim();
  // Names are shorter, and hold no prefix with the digit that ends it.
  const isAddress = wanted.length > 40 || wanted.toLowerCase().startsWith(`${document.addressPrefix}1`);
  if (found.ok || isAddress || isPaymentUri(wanted)) return found;
  return refuseLock('page/receiver', { got: wanted.slice(0, 80) });
}
