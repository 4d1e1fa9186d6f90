import { fromHex, toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { integer, nullable, object } from '../../base/schema.ts';
import { refusePrunedBlock } from '../json/block-selector.ts';
import { hashField, heightField } from '../json/fields.ts';
import { presentReceipt, presentTransaction, receiptJson, transactionJson } from '../json/transaction.ts';
import { defineQuery } from '../method.ts';
import type { FoundTransaction } from '../node-view.ts';
import { refuseRpc } from '../rules.ts';
import { EXAMPLE_ID } from './examples.ts';

/** A transaction, wherever it is. */
export const txGet = defineQuery({
  name: 'tx_get',
  summary: 'Gives a transaction and says where it is: in a block, or waiting.',
  description:
    'Transactions in blocks are found on nodes that keep the index, as nodes do unless told otherwise. confirmations counts the block and those after it on the best branch.',
  params: object('Which transaction.', { txid: hashField('Its id.') }),
  result: object('The transaction and its place.', {
    transaction: transactionJson,
    block: nullable(
      object('Its block; null while it waits.', {
        id: hashField('Id of the block.'),
        height: heightField('Height of the block.'),
        position: integer('Position in the block; 0 is the reward.'),
        confirmations: integer('Blocks from its own to the head.'),
        receipt: receiptJson,
      }),
    ),
  }),
  errors: ['rpc/transaction-unknown', 'rpc/block-pruned', 'node/no-index'],
  example: { txid: EXAMPLE_ID },
  readsIndex: true,
  run(view, { txid }) {
    const found = view.transaction(fromHex(txid));
    if (found === undefined) {
      const index = view.checkIndex();
      if (!index.ok) return index;
      const pruned = refusePrunedBlock(view, view.transactionHeight(fromHex(txid)));
      return pruned ?? refuseRpc('rpc/transaction-unknown', { got: txid });
    }
    const transaction = presentTransaction(found.transaction, view.spec.addressPrefix);
    return ok({ transaction, block: presentPlace(found.block, view.status().head.header.height) });
  },
});

function presentPlace(block: FoundTransaction['block'], headHeight: number) {
  if (block === undefined) return null;
  const { id, height, position, receipt } = block;
  const confirmations = headHeight - height + 1;
  return { id: toHex(id), height, position, confirmations, receipt: presentReceipt(receipt) };
}
