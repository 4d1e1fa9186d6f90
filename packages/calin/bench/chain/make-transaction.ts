import { amount } from '@calin/core/base/amount.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  transactionId,
} from '@calin/core/primitives/transaction.ts';
import type { TableCoin } from './coin-table.ts';
import { type BenchKey, signFast } from './keys.ts';

/** Who gets how much. */
export interface Payment {
  /** Number of the key. */
  readonly owner: number;
  readonly amount: number;
}

/** Spends one coin by the key that owns it; what the payments leave is the fee. */
export function makeTransaction(
  chainId: Uint8Array,
  owners: readonly BenchKey[],
  coin: TableCoin,
  payments: readonly Payment[],
): Transaction {
  const from = owners[coin.owner] as BenchKey;
  const body = {
    expiryHeight: 0,
    inputs: [{ txid: coin.txid, index: coin.index }],
    outputs: payments.map((payment) => ({
      asset: NATIVE_ASSET,
      amount: amount(payment.amount),
      address: (owners[payment.owner] as BenchKey).address,
    })),
    actions: [],
    witnessCount: 1,
  };
  const signature = signFast(transactionId(encodeBody(body), chainId), from);
  const lock = { kind: 'key', publicKey: from.publicKey } as const;
  const witness = { lock, path: 0, signers: [0], signatures: [signature], preimage: undefined };
  return createTransaction(body, [witness], chainId);
}
