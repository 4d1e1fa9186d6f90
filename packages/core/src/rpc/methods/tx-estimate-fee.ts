import { multiplyAmounts } from '../../base/amount.ts';
import { fromHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { hex, integer, nullable, object, optional } from '../../base/schema.ts';
import { gasOf } from '../../ledger/transaction-gas.ts';
import { TRANSACTION_BYTES_MAX } from '../../primitives/limits.ts';
import { parseTransaction } from '../../primitives/transaction.ts';
import { defaulted, unitsField } from '../json/fields.ts';
import { defineQuery } from '../method.ts';

const TARGET_BLOCKS = 2;

/** What a transaction should pay. */
export const txEstimateFee = defineQuery({
  name: 'tx_estimateFee',
  summary: 'Says what to pay per gas to be in one of the next blocks.',
  description:
    'The pool is put into blocks as a producer would. Given a transaction (its signatures may be zeros), it also says its gas and the whole fee. The estimate holds if nothing more comes in; pay more to be safe.',
  params: object('How fast, and for what.', {
    targetBlocks: defaulted(integer('Within how many blocks.', 1, 25), TARGET_BLOCKS),
    transaction: optional(hex('An encoded transaction.', { bytesMax: TRANSACTION_BYTES_MAX })),
  }),
  result: object('The estimate.', {
    feePerGas: unitsField('Hugs per gas; at least the base fee.'),
    baseFee: unitsField('Hugs per gas that the next block burns.'),
    poolTransactions: integer('Transactions that wait.'),
    gas: nullable(integer('Gas of the transaction; null when none was given.')),
    fee: nullable(
      unitsField('Hugs to pay in all; null when no transaction was given or no amount is that large.'),
    ),
  }),
  errors: ['codec/truncated', 'codec/trailing-bytes', 'codec/not-canonical', 'codec/limit'],
  example: { targetBlocks: 1 },
  run(view, { targetBlocks = TARGET_BLOCKS, transaction }) {
    const { feePerGas, baseFee, poolTransactions } = view.estimateFee(targetBlocks);
    const rate = { feePerGas, baseFee, poolTransactions };
    if (transaction === undefined) return ok({ ...rate, gas: null, fee: null });
    const parsed = parseTransaction(fromHex(transaction), view.chainId);
    if (!parsed.ok) return parsed;
    const gas = gasOf(view.spec, parsed.value);
    return ok({ ...rate, gas, fee: multiplyAmounts(gas, feePerGas) ?? null });
  },
});
