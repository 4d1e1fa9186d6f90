import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { type MerkleProof, verifyMerkleProof } from '@calin/core/crypto/merkle.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import { parseReceipt, type Receipt, receiptLeaf } from '@calin/core/primitives/receipt.ts';
import { parseTransaction, type Transaction, transactionLeaf } from '@calin/core/primitives/transaction.ts';
import { refuseLight } from './rules.ts';

/** Checks that a transaction stands in a block that is followed, at the index of the path. */
export function proveTransaction(
  header: Header,
  bytes: Uint8Array,
  path: MerkleProof,
  chainId: Uint8Array,
): Result<Transaction> {
  const transaction = parseTransaction(bytes, chainId);
  if (!transaction.ok) return transaction;
  if (verifyMerkleProof(header.txRoot, transactionLeaf(transaction.value), path)) return transaction;
  return refuseLight('light/inclusion', { height: header.height, index: path.index });
}

/** Checks what a transaction did in a block that is followed: its receipt has the index of the transaction. */
export function proveReceipt(header: Header, bytes: Uint8Array, path: MerkleProof): Result<Receipt> {
  const receipt = parseReceipt(bytes);
  if (!receipt.ok) return receipt;
  if (verifyMerkleProof(header.receiptRoot, receiptLeaf(receipt.value), path)) return ok(receipt.value);
  return refuseLight('light/inclusion', { height: header.height, index: path.index });
}
