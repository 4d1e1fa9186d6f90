import {
  buildTransaction,
  type UnsignedTransaction,
} from '@calin/client/transaction-builder/build-transaction.ts';
import type { SpendableCoin } from '@calin/client/transaction-builder/opening.ts';
import { keySigner, signTransaction } from '@calin/client/transaction-builder/sign-transaction.ts';
import { amount, HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { sign } from '@calin/core/crypto/signature.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import { NATIVE_ASSET, type Output } from '@calin/core/primitives/output.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  transactionId,
} from '@calin/core/primitives/transaction.ts';
import { coinOutpoint } from '@calin/core/state/coin.ts';
import { stateCoins } from '@calin/core/state/world-state.ts';
import type { PracticeKey } from './practice-key.ts';
import type { PracticeNode } from './practice-node.ts';

/** A payment of practice coins. */
export interface PracticePayment {
  readonly from: PracticeKey;
  /** Coins that are all spent. */
  readonly coins: readonly SpendableCoin[];
  readonly to: Address;
  /** In CALIN; everything less the fee when left out. */
  readonly calin?: number;
}

/** Hugs per gas that practice payments offer: twice the base fee of a quiet development chain. */
const FEE_PER_GAS = amount(2);

/** The coins that a key can spend after the head of a node, the largest first. */
export function coinsOf(
  { chain }: PracticeNode,
  { address, publicKey }: PracticeKey,
): readonly SpendableCoin[] {
  const coins: SpendableCoin[] = [];
  for (const { key, coin } of stateCoins(chain.state)) {
    if (!equalBytes(coin.address, address)) continue;
    const opening = { lock: { kind: 'key', publicKey }, path: 0 } as const;
    coins.push({ outpoint: coinOutpoint(key, coin), asset: coin.asset, amount: coin.amount, opening });
  }
  return coins.toSorted((a, b) => b.amount - a.amount);
}

/** An output of the native coin. */
export function outputOf(to: Address, calin: number): Output {
  return { asset: NATIVE_ASSET, amount: amount(Math.round(calin * HUGS_PER_CALIN)), address: to };
}

/** Builds a payment as a wallet does; refuses like one, when the coins are not enough. */
function build(
  { spec }: PracticeNode,
  { from, coins, to, calin }: PracticePayment,
): Result<UnsignedTransaction> {
  return buildTransaction({
    spec,
    coins: [],
    mustSpend: coins,
    outputs: calin === undefined ? [] : [outputOf(to, calin)],
    feePerGas: FEE_PER_GAS,
    // Change is what is left, so all of it is change to whom is paid.
    changeAddress: calin === undefined ? to : from.address,
  });
}

/** Builds and signs a payment as a wallet does. */
export function pay(node: PracticeNode, payment: PracticePayment): Result<Transaction> {
  const unsigned = build(node, payment);
  if (!unsigned.ok) return unsigned;
  return signTransaction(unsigned.value, node.chain.chainId, [keySigner(payment.from.secretKey)]);
}

/** Signs a transaction with any outputs, which no wallet would build: the ledger is to say something of it. */
export function signOutputs(
  { chain }: PracticeNode,
  { publicKey, secretKey }: PracticeKey,
  coins: readonly SpendableCoin[],
  outputs: readonly Output[],
): Transaction {
  const inputs = coins.map(({ outpoint }) => outpoint);
  const body = { expiryHeight: 0, inputs, outputs, actions: [], witnessCount: 1 };
  const signature = sign(transactionId(encodeBody(body), chain.chainId), secretKey);
  const lock = { kind: 'key', publicKey } as const;
  const witness = { lock, path: 0, signers: [0], signatures: [signature], preimage: undefined };
  return createTransaction(body, [witness], chain.chainId);
}

/** The same transaction with other outputs, under the signatures of the old ones. */
export function withOutputs(
  { chain }: PracticeNode,
  transaction: Transaction,
  outputs: readonly Output[],
): Transaction {
  return createTransaction({ ...transaction, outputs }, transaction.witnesses, chain.chainId);
}
