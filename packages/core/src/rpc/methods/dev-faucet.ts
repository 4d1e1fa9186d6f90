import { object } from '../../base/schema.ts';
import { addressField, hashField, unitsField } from '../json/fields.ts';
import { defineHostMethod } from '../method.ts';
import { EXAMPLE_ADDRESS } from './examples.ts';

/** Pays from the host's development account. */
export const devFaucet = defineHostMethod({
  name: 'dev_faucet',
  summary: 'Pays native coins to an address from an account of the development chain.',
  description: 'Answered when the payment is in the pool; the host signs it.',
  params: object('Whom to pay, and how much.', {
    address: addressField('Who gets the coins.'),
    amount: unitsField('Hugs; 10^8 are 1 CALIN.'),
  }),
  result: object('The payment.', { txid: hashField('Id of the transaction.') }),
  errors: ['rpc/dev-only', 'codec/address', 'node/busy', 'node/not-alive'],
  example: { address: EXAMPLE_ADDRESS, amount: 100_000_000 },
  devOnly: true,
});
