import { fromHex, toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { array, hex, integer, object } from '../../base/schema.ts';
import { headerId } from '../../primitives/header.ts';
import { encodeReceipt, RECEIPT_BYTES } from '../../primitives/receipt.ts';
import { refusePrunedBlock } from '../json/block-selector.ts';
import { hashField } from '../json/fields.ts';
import { headerJson, presentHeader } from '../json/header.ts';
import { defineQuery } from '../method.ts';
import { refuseRpc } from '../rules.ts';
import { EXAMPLE_ID } from './examples.ts';

/** The path from a transaction to the root in its header. */
export const txGetProof = defineQuery({
  name: 'tx_getProof',
  summary: 'Proves that a transaction is in a block, and what it did there.',
  description:
    'The leaf is the hash of the whole transaction (bytes of tx_get) in the domain tx-leaf; with the siblings, from the leaf upwards, it leads to txRoot of the header. The receipt leads to receiptRoot in the same way, with the domain receipt-leaf. See docs/reference/encodings.md.',
  params: object('Which transaction.', { txid: hashField('Its id.') }),
  result: object('The proof.', {
    header: headerJson,
    index: integer('Position of the transaction in the block.'),
    size: integer('Transactions in the block.', 1),
    siblings: array('The other halves on the way from the leaf to the root.', hashField('Hash.'), 32),
    receipt: hex('What it did: txid 32, gasUsed u64, fee u64, burned u64.', { bytes: RECEIPT_BYTES }),
    receiptSiblings: array('The way of the receipt, which has the same index.', hashField('Hash.'), 32),
  }),
  errors: ['rpc/transaction-unknown', 'rpc/transaction-waiting', 'rpc/block-pruned', 'node/no-index'],
  example: { txid: EXAMPLE_ID },
  readsIndex: true,
  run(view, { txid }) {
    const found = view.transactionProof(fromHex(txid));
    if (found === undefined) {
      const pruned = refusePrunedBlock(view, view.transactionHeight(fromHex(txid)));
      if (pruned !== undefined) return pruned;
      const isWaiting = view.transaction(fromHex(txid)) !== undefined;
      if (isWaiting) return refuseRpc('rpc/transaction-waiting', { got: txid });
      const index = view.checkIndex();
      return index.ok ? refuseRpc('rpc/transaction-unknown', { got: txid }) : index;
    }
    const { header, proof, receipt, receiptProof } = found;
    const { index, size, siblings } = proof;
    return ok({
      header: presentHeader(headerId(header), header, view.spec.addressPrefix),
      index,
      size,
      siblings: siblings.map(toHex),
      receipt: toHex(encodeReceipt(receipt)),
      receiptSiblings: receiptProof.siblings.map(toHex),
    });
  },
});
