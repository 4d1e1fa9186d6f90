import { toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { array, choice, type Infer, object, optional } from '../../base/schema.ts';
import type { Block } from '../../primitives/block.ts';
import {
  blockSelector,
  readBlockSelection,
  refusePrunedBlock,
  refuseUnknownBlock,
} from '../json/block-selector.ts';
import { defaulted, hashField } from '../json/fields.ts';
import { headerJson, presentHeader } from '../json/header.ts';
import { presentReceipt, presentTransaction, receiptJson, transactionJson } from '../json/transaction.ts';
import { FULL_BLOCK_BYTES_MAX } from '../limits.ts';
import { defineQuery } from '../method.ts';
import type { NodeView } from '../node-view.ts';
import { refuseRpc } from '../rules.ts';

/** More than the smallest transactions of the largest block. */
const TRANSACTIONS_MAX = 1_000_000;

const blockJson = object('A block.', {
  header: headerJson,
  txids: array('Ids of the transactions; the first is the reward.', hashField('Id.'), TRANSACTIONS_MAX),
  transactions: optional(array('The transactions; if asked for.', transactionJson, TRANSACTIONS_MAX)),
  receipts: optional(array('What each transaction did; if asked for.', receiptJson, TRANSACTIONS_MAX)),
});

/** A block, with ids or with everything. */
export const chainGetBlock = defineQuery({
  name: 'chain_getBlock',
  summary: 'Gives a block by height, by id, or the head or the last final one.',
  description:
    'Without any of height, id and at it is the head. A node in pruned mode has the headers of all blocks and the rest of the last ones. Receipts and full transactions come for blocks of up to 4 MiB; larger ones can be read by ids and tx_get.',
  params: object('Which block.', {
    ...blockSelector,
    transactions: defaulted(choice('What to tell of the transactions.', ['ids', 'full']), 'ids'),
  }),
  result: blockJson,
  errors: ['rpc/block-selector', 'rpc/block-unknown', 'rpc/block-pruned', 'rpc/response-too-large'],
  example: { height: 0, transactions: 'full' },
  run(view, params) {
    const at = readBlockSelection(params);
    if (!at.ok) return at;
    const block = view.block(at.value);
    if (block === undefined) {
      const height = view.header(at.value)?.header.height;
      return refusePrunedBlock(view, height) ?? refuseUnknownBlock(params);
    }
    const isFull = params.transactions === 'full';
    if (isFull && block.bytes.length > FULL_BLOCK_BYTES_MAX) {
      return refuseRpc('rpc/response-too-large', { got: block.bytes.length, expected: FULL_BLOCK_BYTES_MAX });
    }
    const brief = {
      header: presentHeader(block.id, block.header, view.spec.addressPrefix),
      txids: block.transactions.map(({ txid }) => toHex(txid)),
    };
    return ok(isFull ? { ...brief, ...presentContents(block, view) } : brief);
  },
});

/** Blocks on a side branch were never executed here or have no receipts any more: then there are none to show. */
function presentContents(
  block: Block,
  view: NodeView,
): Pick<Infer<typeof blockJson>, 'transactions' | 'receipts'> {
  const receipts = view.receipts(block.id)?.map(presentReceipt);
  const transactions = block.transactions.map((one) => presentTransaction(one, view.spec.addressPrefix));
  return receipts === undefined ? { transactions } : { transactions, receipts };
}
