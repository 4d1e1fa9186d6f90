import { toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { array, integer, nullable, object, optional } from '../../base/schema.ts';
import { parseAddress } from '../../primitives/address.ts';
import { addressField, defaulted, hashField, heightField } from '../json/fields.ts';
import { defineQuery } from '../method.ts';
import { EXAMPLE_ADDRESS } from './examples.ts';

const ENTRIES_MAX = 100;
const ENTRIES = 50;

/** The transactions of an address in blocks, newest first. */
export const accountGetHistory = defineQuery({
  name: 'account_getHistory',
  summary: 'Lists the transactions in blocks that paid to an address or spent from it, newest first.',
  description:
    'Entries are numbered from 0 for the oldest. For the next page give `next` of the last one as `before`; it is null on the last page.',
  params: object('Whose history, and which page.', {
    address: addressField('The address.'),
    limit: defaulted(integer('Entries on the page.', 1, ENTRIES_MAX), ENTRIES),
    before: optional(integer('Only entries with a smaller number.')),
  }),
  result: object('A page of the history.', {
    total: integer('Entries that the address has.'),
    entries: array(
      'Newest first.',
      object('One transaction.', {
        index: integer('Number of the entry.'),
        txid: hashField('Id of the transaction.'),
        height: heightField('Height of its block.'),
        position: integer('Its position in the block; 0 is the reward.'),
      }),
      ENTRIES_MAX,
    ),
    next: nullable(integer('The number to give as before; null on the last page.')),
  }),
  errors: ['codec/address', 'node/no-index', 'history/damaged'],
  example: { address: EXAMPLE_ADDRESS, limit: 10 },
  readsIndex: true,
  run(view, { address: text, limit = ENTRIES, before }) {
    const address = parseAddress(text, view.spec.addressPrefix);
    if (!address.ok) return address;
    const found = view.history(address.value, limit, before);
    if (!found.ok) return found;
    const { total, entries } = found.value;
    const last = entries.at(-1)?.index ?? 0;
    return ok({
      total,
      entries: entries.map(({ index, txid, height, position }) => ({
        index,
        txid: toHex(txid),
        height,
        position,
      })),
      next: last > 0 ? last : null,
    });
  },
});
