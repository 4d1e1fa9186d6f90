import { toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { array, integer, object } from '../../base/schema.ts';
import { defaulted, hashField, unitsField } from '../json/fields.ts';
import { defineQuery } from '../method.ts';

const ENTRIES_MAX = 1000;
const ENTRIES = 100;

/** What waits for a block. */
export const mempoolGet = defineQuery({
  name: 'mempool_get',
  summary: 'Lists what waits for a block, in the order in which a producer would take it.',
  description: 'Each node has its own pool, so two nodes may answer differently.',
  params: object('How much to list.', {
    limit: defaulted(integer('Most transactions to list.', 0, ENTRIES_MAX), ENTRIES),
  }),
  result: object('The pool.', {
    transactions: integer('Transactions that wait.'),
    bytes: integer('Their bytes.'),
    entries: array(
      'The best of them.',
      object('One transaction.', {
        txid: hashField('Its id.'),
        fee: unitsField('Hugs that it pays.'),
        gas: integer('Gas that it needs.'),
        bytes: integer('Its bytes.'),
      }),
      ENTRIES_MAX,
    ),
  }),
  errors: [],
  example: { limit: 10 },
  run(view, { limit = ENTRIES }) {
    const entries = view.pool(limit).map(({ transaction, fee, gas }) => ({
      txid: toHex(transaction.txid),
      fee,
      gas,
      bytes: transaction.bytes.length,
    }));
    return ok({ ...view.status().mempool, entries });
  },
});
