import { equalBytes, fromHex, toHex } from '@calin/core/base/bytes.ts';
import { OK, ok, type Result } from '@calin/core/base/result.ts';
import { choice, hex, type Infer, integer, object, string } from '@calin/core/base/schema.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { type Hash, hash } from '@calin/core/crypto/hash.ts';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES, verifySignature } from '@calin/core/crypto/signature.ts';
import { formatAddress, keyAddress, parseAddress } from '@calin/core/primitives/address.ts';
import { refuseWallet } from '../transaction-builder/rules.ts';
import type { TransactionSigner } from '../transaction-builder/sign-transaction.ts';

/** Characters of a message: some ten pages. */
const MESSAGE_LENGTH_MAX = 65_536;
/** Characters of a whole text: JSON writes a character of the message in six at most. */
const TEXT_LENGTH_MAX = 6 * MESSAGE_LENGTH_MAX + 1024;

const messageSchema = object('A message and who signed it.', {
  kind: choice('What the text is.', ['calin-signed-message']),
  version: integer('Version of the format.', 1, 1),
  message: string('What was signed.', { lengthMax: MESSAGE_LENGTH_MAX }),
  address: string('Address of the signer, bech32m.', { lengthMax: 90 }),
  publicKey: hex('The key of that address.', { bytes: PUBLIC_KEY_BYTES }),
  signature: hex('Its signature.', { bytes: SIGNATURE_BYTES }),
});

/** A message and who signed it, with the fields of the text that travels. */
export type SignedMessage = Infer<typeof messageSchema>;

/**
 * Signs a message with the key of an address. What is signed is a hash of a domain of its own, so that no message can
 * be a transaction, a vote or a seal.
 *
 * @param message - well-formed text of at most 65,536 characters; refused by `wallet/message`
 * @param prefix - of the network's addresses
 */
export function signMessage(
  message: string,
  signer: TransactionSigner,
  prefix: string,
): Result<SignedMessage> {
  if (message.length > MESSAGE_LENGTH_MAX || !message.isWellFormed())
    return refuseWallet('wallet/message', { got: message.length, expected: MESSAGE_LENGTH_MAX });
  return ok({
    kind: 'calin-signed-message',
    version: 1,
    message,
    address: formatAddress(keyAddress(signer.publicKey), prefix),
    publicKey: toHex(signer.publicKey),
    signature: toHex(signer.sign(messageHash(message))),
  });
}

/**
 * Checks that the key of the address signed the message. Refuses by `wallet/message-signature`.
 *
 * @param prefix - of the network's addresses: an address of another network is refused by `codec/address`
 */
export function verifyMessage(signed: SignedMessage, prefix: string): Result<undefined> {
  const address = parseAddress(signed.address, prefix);
  if (!address.ok) return address;
  const publicKey = fromHex(signed.publicKey);
  const signature = fromHex(signed.signature);
  const isSigned =
    equalBytes(address.value, keyAddress(publicKey)) &&
    verifySignature({ publicKey, message: messageHash(signed.message), signature });
  return isSigned ? OK : refuseWallet('wallet/message-signature', { address: signed.address });
}

/** The text of a signed message: JSON with a line end. */
export function formatSignedMessage(signed: SignedMessage): string {
  return `${JSON.stringify(signed, undefined, 2)}\n`;
}

/** Reads the text of a signed message without checking the signature. Refuses by `wallet/message-format`. */
export function parseSignedMessage(text: string): Result<SignedMessage> {
  if (text.length > TEXT_LENGTH_MAX)
    return refuseWallet('wallet/message-format', { got: text.length, expected: TEXT_LENGTH_MAX });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuseWallet('wallet/message-format', { why: 'it is not JSON' });
  }
  const parsed = messageSchema.parse(json, 'message');
  if (parsed.ok && parsed.value.message.isWellFormed()) return parsed;
  const why = parsed.ok ? 'the message is no well-formed text' : parsed.error.message;
  return refuseWallet('wallet/message-format', { why, ...(parsed.ok ? {} : parsed.error.evidence) });
}

function messageHash(message: string): Hash {
  return hash('message', utf8Bytes(message));
}
