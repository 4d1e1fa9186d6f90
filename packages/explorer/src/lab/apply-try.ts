import { devAccounts } from '@calin/client/keys/dev-accounts.ts';
import type { Amount } from '@calin/core/base/amount.ts';
import { HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import { concatBytes, equalBytes } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { createBlock, parseBlock } from '@calin/core/primitives/block.ts';
import { type Header, headerId } from '@calin/core/primitives/header.ts';
import { NATIVE_ASSET, type Output } from '@calin/core/primitives/output.ts';
import { createTransaction, type Transaction } from '@calin/core/primitives/transaction.ts';
import { findField, layoutBlock } from './block-fields.ts';
import { findDevKey } from './dev-keys.ts';
import { flipBit, withByte, withField } from './edit-bytes.ts';
import { changeTransactions, signAgain, withTransactionRoot } from './repairs.ts';
import { refuseLab } from './rules.ts';
import { TRIES, type TryName } from './tries.ts';

/** The block that something is tried on, and where it stands. */
export interface TryPlace {
  /** The block as the node has it. */
  readonly bytes: Uint8Array;
  readonly chainId: Uint8Array;
  readonly prefix: string;
  readonly parent: Header;
  /** What each transaction paid; in hugs, 0 for the reward. */
  readonly fees: readonly number[];
  /** True where producers sign in turn. */
  readonly isInTurn: boolean;
}

/** A block that was changed, before it is sealed. */
export interface Tried {
  readonly bytes: Uint8Array;
  /** It is to be sealed again. */
  readonly isToSeal: boolean;
}

const DAY_MS = 86_400_000;
/** More than anybody has on a development chain. */
const FORTUNE = 1_000_000 * HUGS_PER_CALIN;

/** Makes a change that {@link TRIES} proposes. Refuses by `lab/…` where it cannot be made. */
export function applyTry(name: TryName, place: TryPlace): Result<Tried> {
  const { needs } = TRIES.find((one) => one.name === name) as (typeof TRIES)[number];
  if (needs === 'turns' && !place.isInTurn) return refuseLab('lab/not-here');
  const changed = CHANGES[name](place);
  return changed.ok ? ok({ bytes: changed.value, isToSeal: SEALED.has(name) }) : changed;
}

/** The position of the payment that is changed: the first of which the page has all keys; undefined without one. */
export function findPayment(transactions: readonly Transaction[]): number | undefined {
  const found = transactions.findIndex(
    ({ witnesses, outputs }, i) =>
      i > 0 &&
      outputs[0]?.asset === NATIVE_ASSET &&
      witnesses.every(({ lock }) => lock.kind === 'key' && findDevKey(lock.publicKey) !== undefined),
  );
  return found === -1 ? undefined : found;
}

const SEALED: ReadonlySet<TryName> = new Set<TryName>([
  ...(['base-fee', 'gas', 'reward', 'receipts', 'state-root'] as const),
  ...(['order', 'zero-output', 'same-input', 'expired', 'no-coin', 'twice'] as const),
  ...(['stolen', 'overspend', 'no-fee', 'redirect'] as const),
]);

const CHANGES: Readonly<Record<TryName, (place: TryPlace) => Result<Uint8Array>>> = {
  'cut-off': ({ bytes }) => ok(bytes.slice(0, -1)),
  'extra-byte': ({ bytes }) => ok(concatBytes(bytes, Uint8Array.of(0))),
  version: (place) => write(place, 'header.version', '2'),
  'huge-number': ({ bytes }) => {
    const field = findField(layoutBlock(bytes), 'header.gasUsed');
    return field === undefined ? refuseLab('lab/not-here') : ok(withByte(bytes, field.end - 1, 1));
  },
  'wrong-parent': ({ bytes }) => flipBit(bytes, 'header.parent'),
  'wrong-height': (place) => write(place, 'header.height', String(place.parent.height + 2)),
  'far-future': (place) => addTo(place, 'header.timeMs', DAY_MS),
  past: (place) => write(place, 'header.timeMs', String(place.parent.timeMs)),
  'other-producer': (place) =>
    changeHeader(place, (header) => ({ ...header, producer: otherAddress([header.producer]) })),
  header: ({ bytes }) => flipBit(bytes, 'header.stateRoot'),
  'base-fee': (place) => addTo(place, 'header.baseFee', 1),
  'no-reward': ({ bytes, chainId }) => changeTransactions(bytes, chainId, () => ok([])),
  amount: (place) => changePayment(place, (tx) => ok(payMore(tx, HUGS_PER_CALIN, place)), 'as it is'),
  order: (place) => changeList(place, (transactions) => ok(transactions.toReversed())),
  'zero-output': (place) => signedChange(place, (tx) => withOutput(tx, { amount: 0 as Amount })),
  'same-input': (place) =>
    signedChange(place, (tx) => ({ ...tx, inputs: [...tx.inputs, ...tx.inputs.slice(0, 1)] })),
  // A last height of 0 would mean that there is none.
  expired: (place) =>
    place.parent.height === 0
      ? refuseLab('lab/not-here')
      : signedChange(place, (tx) => ({ ...tx, expiryHeight: place.parent.height })),
  'no-coin': (place) =>
    signedChange(place, (tx) => ({
      ...tx,
      inputs: tx.inputs.with(0, { txid: headerId(place.parent), index: 0 }),
    })),
  twice: (place) => changePayment(place, (tx) => ok([tx, tx])),
  stolen: (place) => changePayment(place, (tx) => signAsOther(tx, place.chainId)),
  overspend: (place) => signedChange(place, (tx) => payMoreTo(tx, FORTUNE)),
  'no-fee': (place) => signedChange(place, (tx, position) => payMoreTo(tx, place.fees[position] ?? 0)),
  redirect: (place) =>
    changePayment(place, (tx) =>
      ok([
        rebuild(withOutput(tx, { address: otherAddress(tx.outputs.map(({ address }) => address)) }), place),
      ]),
    ),
  gas: (place) => addTo(place, 'header.gasUsed', 1),
  reward: (place) =>
    changeList(place, ([reward, ...others]) =>
      reward?.outputs[0] === undefined
        ? refuseLab('lab/not-here')
        : ok([rebuild(payMoreTo(reward, HUGS_PER_CALIN), place), ...others]),
    ),
  receipts: ({ bytes }) => flipBit(bytes, 'header.receiptRoot'),
  'state-root': ({ bytes }) => flipBit(bytes, 'header.stateRoot'),
};

function write({ bytes, prefix }: TryPlace, path: string, text: string): Result<Uint8Array> {
  return withField(bytes, path, text, prefix);
}

/** Adds to a number of the header. */
function addTo(
  place: TryPlace,
  path: 'header.timeMs' | 'header.baseFee' | 'header.gasUsed',
  plus: number,
): Result<Uint8Array> {
  const name = path.slice('header.'.length) as 'timeMs' | 'baseFee' | 'gasUsed';
  return changeHeader(place, (header) => ({ ...header, [name]: header[name] + plus }));
}

function changeHeader({ bytes, chainId }: TryPlace, change: (header: Header) => Header): Result<Uint8Array> {
  const block = parseBlock(bytes, chainId);
  if (!block.ok) return block;
  return ok(createBlock(change(block.value.header), block.value.transactions).bytes);
}

/** Changes the transactions, and the root after them. */
function changeList(
  { bytes, chainId }: TryPlace,
  change: (transactions: readonly Transaction[]) => Result<readonly Transaction[]>,
): Result<Uint8Array> {
  const changed = changeTransactions(bytes, chainId, change);
  return changed.ok ? withTransactionRoot(changed.value, chainId) : changed;
}

/** Puts one or more transactions in the place of the payment. */
function changePayment(
  place: TryPlace,
  change: (tx: Transaction, position: number) => Result<readonly Transaction[]>,
  root: 'follows' | 'as it is' = 'follows',
): Result<Uint8Array> {
  const swap = (transactions: readonly Transaction[]) => {
    const position = findPayment(transactions);
    if (position === undefined) return refuseLab('lab/no-payment');
    const changed = change(transactions[position] as Transaction, position);
    return changed.ok ? ok(transactions.toSpliced(position, 1, ...changed.value)) : changed;
  };
  return root === 'follows' ? changeList(place, swap) : changeTransactions(place.bytes, place.chainId, swap);
}

/** Changes the payment and has its owner sign it. */
function signedChange(
  place: TryPlace,
  change: (tx: Transaction, position: number) => Transaction,
): Result<Uint8Array> {
  return changePayment(place, (tx, position) => {
    const signed = signAgain(change(tx, position), place.chainId);
    return signed.ok ? ok([signed.value]) : signed;
  });
}

function payMore(tx: Transaction, more: number, place: TryPlace): readonly Transaction[] {
  return [rebuild(payMoreTo(tx, more), place)];
}

function payMoreTo(tx: Transaction, more: number): Transaction {
  return withOutput(tx, { amount: ((tx.outputs[0]?.amount ?? 0) + more) as Amount });
}

/** The same transaction with another first output; bytes and id are still those of before. */
function withOutput(tx: Transaction, change: Partial<Output>): Transaction {
  const [first, ...others] = tx.outputs;
  return first === undefined ? tx : { ...tx, outputs: [{ ...first, ...change }, ...others] };
}

/** The bytes and the id of what a transaction says now; its signatures stay. */
function rebuild(tx: Transaction, { chainId }: TryPlace): Transaction {
  return createTransaction(tx, tx.witnesses, chainId);
}

function signAsOther(tx: Transaction, chainId: Uint8Array): Result<readonly Transaction[]> {
  const [first, ...others] = tx.witnesses;
  if (first?.lock.kind !== 'key') return refuseLab('lab/no-payment');
  const { publicKey } = first.lock;
  const thief = devAccounts().find((account) => !equalBytes(account.publicKey, publicKey));
  if (thief === undefined) return refuseLab('lab/not-here');
  const lock = { kind: 'key', publicKey: thief.publicKey } as const;
  const signed = signAgain({ ...tx, witnesses: [{ ...first, lock }, ...others] }, chainId);
  return signed.ok ? ok([signed.value]) : signed;
}

/** The address of a development account that is none of these. */
function otherAddress(addresses: readonly Uint8Array[]): Uint8Array {
  const other = devAccounts().find(({ address }) => !addresses.some((one) => equalBytes(one, address)));
  return (other ?? (devAccounts()[0] as { readonly address: Uint8Array })).address;
}
