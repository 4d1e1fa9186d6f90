import { addressInWallet, type WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { type Address, parseAddress } from '@calin/core/primitives/address.ts';
import { refuseLock } from './rules.ts';

/**
 * Whom a person means: the name of an account, a lock, a contact or a watched address, or an address. Refuses by
 * `page/receiver`, or by `codec/address` what looks like an address and is none.
 */
export function findReceiver(text: string, document: WalletDocument): Result<Address> {
  const wanted = text.trim();
  const known = addressInWallet(document, wanted);
  if (known !== undefined) return ok(known);
  // Names are shorter, and hold no prefix with the digit that ends it.
  const isAddress = wanted.length > 40 || wanted.toLowerCase().startsWith(`${document.addressPrefix}1`);
  return isAddress
    ? parseAddress(wanted, document.addressPrefix)
    : refuseLock('page/receiver', { got: wanted.slice(0, 80) });
}
