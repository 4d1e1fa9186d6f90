import { integer, nullable, string } from '../../base/schema.ts';
import { addressField, assetField, hashField, heightField, unitsField } from './fields.ts';

/** What every method says of a token. */
export const tokenFields = {
  asset: assetField('Asset id.'),
  symbol: string('1 to 12 of A-Z and 0-9.', { lengthMax: 12 }),
  name: string('Its name; may be empty.', { lengthMax: 64 }),
  decimals: integer('Digits shown after the point.', 0, 18),
  supply: unitsField('Base units that exist.'),
  supplyMax: unitsField('Most base units that may exist at a time.'),
  minter: nullable(addressField('Who may mint; null when nobody may.')),
  height: heightField('Height of the block that created it.'),
  txid: hashField('The transaction that created it.'),
};
