import { amount } from '@calin/core/base/amount.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  transactionId,
} from '@calin/core/primitives/transaction.ts';
import type { TableCoin } from './coin-table.ts';
import type { Owner } from './owners.ts';

/** Who gets how much. */
export interface Payment {
  /** Number of the owner. */
  readonly owner: number;
  readonly amount: number;
}

/** Spends one coin for its owner; what the payments leave is the fee. */
export function makeTransaction(
  chainId: Uint8Array,
  owners: readonly Owner[],
  coin: TableCoin,
  payments: readonly Payment[],
): Transaction {
  const from = owners[coin.owner] as Owner;
  const body = {
    expiryHeight: 0,
    inputs: [{ txid: coin.txid, index: coin.index }],
    outputs: payments.map((payment) => ({
      asset: NATIVE_ASSET,
      amount: amount(payment.amount),
      address: (owners[payment.owner] as Owner).address,
    })),
    actions: [],
    witnessCount: 1,
  };
  const signatures = from.sign(transactionId(encodeBody(body), chainId));
  const { lock, signers } = from;
  const witness = { lock, path: 0, signers, signatures, preimage: undefined };
  return createTransaction(body, [witness], chainId);
}
