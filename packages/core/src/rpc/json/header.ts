import { toHex } from '../../base/bytes.ts';
import { hex, type Infer, integer, object } from '../../base/schema.ts';
import type { Hash } from '../../crypto/hash.ts';
import { formatAddress } from '../../primitives/address.ts';
import type { Header } from '../../primitives/header.ts';
import { SEAL_BYTES_MAX } from '../../primitives/limits.ts';
import { addressField, hashField, heightField, unitsField } from './fields.ts';

/** A header as JSON, with the id that follows from it. */
export const headerJson = object('The header of a block.', {
  id: hashField('Id of the block: the hash of this header.'),
  version: integer('Version of the header.', 1, 0xffff_ffff),
  height: heightField('Number of the block; the genesis block has 0.'),
  parent: hashField('Id of the block before; for the genesis block the hash of the spec.'),
  timeMs: integer('Milliseconds since 1970.'),
  producer: addressField('Who made the block.'),
  txRoot: hashField('Merkle root of the transactions.'),
  receiptRoot: hashField('Merkle root of the receipts.'),
  stateRoot: hashField('Root of the state after the block.'),
  gasUsed: integer('Gas of all transactions.'),
  baseFee: unitsField('Hugs burned per gas in this block.'),
  seal: hex('Bytes that only the consensus reads.', { bytesMax: SEAL_BYTES_MAX }),
});

/** See {@link headerJson}. */
export type HeaderJson = Infer<typeof headerJson>;

/** A header with its hashes in hexadecimal. */
export function presentHeader(id: Hash, header: Header, prefix: string): HeaderJson {
  const { version, height, timeMs, gasUsed, baseFee } = header;
  return {
    id: toHex(id),
    version,
    height,
    parent: toHex(header.parent),
    timeMs,
    producer: formatAddress(header.producer, prefix),
    txRoot: toHex(header.txRoot),
    receiptRoot: toHex(header.receiptRoot),
    stateRoot: toHex(header.stateRoot),
    gasUsed,
    baseFee,
    seal: toHex(header.seal),
  };
}
