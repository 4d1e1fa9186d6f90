import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { sign } from '@calin/core/crypto/signature.ts';
import { createBlock, parseBlock, transactionRoot } from '@calin/core/primitives/block.ts';
import { createTransaction, type Transaction } from '@calin/core/primitives/transaction.ts';
import type { Witness } from '@calin/core/primitives/witness.ts';
import { findDevKey } from './dev-keys.ts';
import { withField } from './edit-bytes.ts';
import { refuseLab } from './rules.ts';

/** What to do so that a rule does not refuse any more. */
export type Repair =
  | { readonly kind: 'seal' }
  | { readonly kind: 'sign'; readonly transaction: number }
  /** Write what the rule expects into a field. */
  | { readonly kind: 'write'; readonly path: string; readonly name: string; readonly text: string };

/** Fields that a rule compares with what it expects, and says so in its evidence. */
const WRITTEN: Readonly<Record<string, readonly [path: string, name: string]>> = {
  'block/base-fee': ['header.baseFee', 'base fee'],
  'block/gas-used-mismatch': ['header.gasUsed', 'gas used'],
  'block/receipt-root-mismatch': ['header.receiptRoot', 'receipt root'],
  'block/reward-amount': ['tx.0.output.0.amount', 'amount of the reward'],
  'block/state-root-mismatch': ['header.stateRoot', 'state root'],
  'block/tx-root-mismatch': ['header.txRoot', 'transaction root'],
  'chain/height-not-next': ['header.height', 'height'],
  'chain/time-early': ['header.timeMs', 'time'],
  'chain/time-too-far': ['header.timeMs', 'time'],
  'consensus/time-not-later': ['header.timeMs', 'time'],
};
const SEALED: ReadonlySet<string> = new Set([
  'consensus/seal-invalid',
  'consensus/seal-size',
  'consensus/target-wrong',
  'consensus/work-missing',
]);

/** How what a rule refuses can be made to fit; undefined where only a person can say what was meant. */
export function repairFor({ rule, evidence }: Refusal): Repair | undefined {
  const { expected, transaction } = evidence;
  if (SEALED.has(rule)) return { kind: 'seal' };
  if (rule === 'tx/signature-invalid' && typeof transaction === 'number')
    return { kind: 'sign', transaction };
  const [path, name] = WRITTEN[rule] ?? [];
  if (path === undefined || name === undefined) return undefined;
  return typeof expected === 'number' || typeof expected === 'string'
    ? { kind: 'write', path, name, text: String(expected) }
    : undefined;
}

/** What a repair is called on its button. */
export function nameRepair(repair: Repair, isWork: boolean): string {
  if (repair.kind === 'seal') return isWork ? 'Do the work again' : 'Seal it again';
  return repair.kind === 'sign' ? 'Sign the transaction again' : `Write the ${repair.name} that is expected`;
}

/** Does a repair that takes no work. Refuses by `lab/…`, or as the block is no block. */
export function repairBytes(
  bytes: Uint8Array,
  repair: Exclude<Repair, { readonly kind: 'seal' }>,
  place: { readonly chainId: Uint8Array; readonly prefix: string },
): Result<Uint8Array> {
  if (repair.kind === 'write') return withField(bytes, repair.path, repair.text, place.prefix);
  return changeTransactions(bytes, place.chainId, (transactions) => {
    const tx = transactions[repair.transaction];
    if (tx === undefined) return refuseLab('lab/not-here');
    const signed = signAgain(tx, place.chainId);
    return signed.ok ? ok(transactions.with(repair.transaction, signed.value)) : signed;
  });
}

/** The same block with other transactions; its header stays as it is. */
export function changeTransactions(
  bytes: Uint8Array,
  chainId: Uint8Array,
  change: (transactions: readonly Transaction[]) => Result<readonly Transaction[]>,
): Result<Uint8Array> {
  const block = parseBlock(bytes, chainId);
  if (!block.ok) return block;
  const changed = change(block.value.transactions);
  return changed.ok ? ok(createBlock(block.value.header, changed.value).bytes) : changed;
}

/** The same block whose header commits to the transactions that are there. */
export function withTransactionRoot(bytes: Uint8Array, chainId: Uint8Array): Result<Uint8Array> {
  const block = parseBlock(bytes, chainId);
  if (!block.ok) return block;
  const { header, transactions } = block.value;
  return ok(createBlock({ ...header, txRoot: transactionRoot(transactions) }, transactions).bytes);
}

/** A transaction whose witnesses sign what it says now. Refuses by `lab/key-unknown`. */
export function signAgain(tx: Transaction, chainId: Uint8Array): Result<Transaction> {
  const witnesses: Witness[] = [];
  const { txid } = createTransaction(tx, tx.witnesses, chainId);
  for (const witness of tx.witnesses) {
    const key = witness.lock.kind === 'key' ? findDevKey(witness.lock.publicKey) : undefined;
    if (key === undefined) return refuseLab('lab/key-unknown', { of: 'the owner of the coins' });
    witnesses.push({ ...witness, signatures: [sign(txid, key.secretKey)] });
  }
  return ok(createTransaction(tx, witnesses, chainId));
}
