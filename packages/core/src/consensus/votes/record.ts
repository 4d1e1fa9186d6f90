import { assert } from '../../base/assert.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { encodeLinkVote, type Link, readLinkVote } from './link.ts';

/** What a validator must know after a crash so that it does not contradict itself, and can go on. */
export interface LinkRecord {
  /** The last link that it signed, or was about to. */
  readonly link: Link;
  /**
   * The certificate that justifies the source of the link; undefined for the genesis block. The validator votes from no
   * lower source again, so others must be able to learn why.
   */
  readonly certificate: Uint8Array | undefined;
}

/** The bytes of a record: a vote without its signer, then the certificate to the end. */
export function encodeLinkRecord({ link, certificate = new Uint8Array(0) }: LinkRecord): Uint8Array {
  const writer = new Writer(148 + certificate.length);
  writer.bytes(encodeLinkVote({ ...link, member: 0, signature: new Uint8Array(64) }));
  return writer.bytes(certificate).finish();
}

/**
 * Reads a record that this program wrote.
 *
 * @throws AssertionError when it is malformed: a validator that does not know what it signed must not go on
 */
export function decodeLinkRecord(bytes: Uint8Array): LinkRecord {
  const reader = new Reader(bytes);
  const { epoch, source, target } = readLinkVote(reader);
  const certificate = reader.left > 0 ? reader.take(reader.left) : undefined;
  assert(reader.failure === undefined, 'a malformed record of a link');
  return { link: { epoch, source, target }, certificate };
}
