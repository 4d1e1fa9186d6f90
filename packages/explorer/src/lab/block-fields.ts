import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import { Reader } from '@calin/core/codec/reader.ts';
import { ACTION_BODY_BYTES_MAX } from '@calin/core/primitives/action.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { readLock, spendPaths } from '@calin/core/primitives/lock.ts';

/** How the bytes of a field are shown and written. */
export type FieldKind = 'number' | 'time' | 'amount' | 'hash' | 'address' | 'bytes';

/** Some bytes of a block that mean something. */
export interface Field {
  /** Its place, such as `header.parent` or `tx.1.output.0.amount`. */
  readonly path: string;
  readonly name: string;
  readonly kind: FieldKind;
  /** The first byte, and the one after the last. */
  readonly start: number;
  readonly end: number;
}

/** Fields that belong together: the header, one transaction. */
export interface FieldGroup {
  readonly key: string;
  readonly title: string;
  readonly fields: readonly Field[];
}

/** The fields of a block as far as its bytes can be read. */
export interface BlockLayout {
  readonly groups: readonly FieldGroup[];
  /** Where reading ended: the length of the block when all is in order. */
  readonly end: number;
}

/** Transactions of which the fields are told: 256 KiB of the smallest payments are not many more. */
const GROUPS_MAX = 2_000;

/** Walks over the bytes of a block; after the first field that does not fit, nothing more is taken. */
class FieldWalker {
  readonly bytes: Uint8Array;
  at = 0;
  isStuck = false;
  fields: Field[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  take(path: string, name: string, kind: FieldKind, length: number): void {
    if (this.isStuck || this.at + length > this.bytes.length) {
      this.isStuck = true;
      return;
    }
    if (length > 0) this.fields.push({ path, name, kind, start: this.at, end: this.at + length });
    this.at += length;
  }

  /** Takes a number of 1, 2, 3, 4 or 8 bytes, and says what it is. */
  number(path: string, name: string, length: number, kind: FieldKind = 'number'): number {
    const start = this.at;
    this.take(path, name, kind, length);
    return this.isStuck ? 0 : Number(littleEndian(this.bytes.subarray(start, start + length)));
  }

  padding(path: string, start: number): void {
    this.take(`${path}.padding`, 'padding', 'bytes', (4 - ((this.at - start) % 4)) % 4);
  }

  /** The fields since the last group. */
  group(key: string, title: string): FieldGroup {
    const { fields } = this;
    this.fields = [];
    return { key, title, fields };
  }
}

/** The fields of a block, in the order of its bytes; see the layouts in core/primitives. */
export function layoutBlock(bytes: Uint8Array): BlockLayout {
  const walker = new FieldWalker(bytes);
  walkHeader(walker);
  const count = walker.number('count', 'transactions', 4);
  const groups = [walker.group('header', 'Header')];
  for (let i = 0; i < Math.min(count, GROUPS_MAX) && !walker.isStuck && walker.at < bytes.length; i++) {
    walkTransaction(walker, `tx.${i}`);
    groups.push(walker.group(`tx.${i}`, i === 0 ? 'Reward' : `Transaction ${i}`));
  }
  return { groups, end: walker.at };
}

/** The field at a path; undefined when the bytes do not go so far. */
export function findField({ groups }: BlockLayout, path: string): Field | undefined {
  for (const { fields } of groups) {
    const found = fields.find((field) => field.path === path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The field that a byte belongs to. */
export function fieldAt({ groups }: BlockLayout, offset: number): Field | undefined {
  for (const { fields } of groups) {
    const found = fields.find(({ start, end }) => start <= offset && offset < end);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The paths of the fields that say something else than in the block before, or that it does not have. */
export function changedFields(layout: BlockLayout, bytes: Uint8Array, before: Uint8Array): Set<string> {
  const known = new Map(
    layoutBlock(before)
      .groups.flatMap(({ fields }) => fields)
      .map((f) => [f.path, f]),
  );
  const changed = new Set<string>();
  for (const { path, start, end } of layout.groups.flatMap(({ fields }) => fields)) {
    const old = known.get(path);
    const isSame =
      old !== undefined && equalBytes(bytes.subarray(start, end), before.subarray(old.start, old.end));
    if (!isSame) changed.add(path);
  }
  return changed;
}

/** What a field says, as a text that {@link parseFieldText} reads. */
export function fieldText(bytes: Uint8Array, { kind, start, end }: Field, prefix: string): string {
  const value = bytes.subarray(start, end);
  if (kind === 'address') return formatAddress(value, prefix);
  return kind === 'hash' || kind === 'bytes' ? toHex(value) : littleEndian(value).toString();
}

function walkHeader(walker: FieldWalker): void {
  const start = walker.at;
  walker.number('header.version', 'version', 4);
  walker.number('header.height', 'height', 4);
  walker.number('header.timeMs', 'time', 8, 'time');
  walker.number('header.gasUsed', 'gas used', 8);
  walker.number('header.baseFee', 'base fee', 8);
  walker.take('header.parent', 'parent', 'hash', 32);
  walker.take('header.producer', 'producer', 'address', 32);
  walker.take('header.txRoot', 'transaction root', 'hash', 32);
  walker.take('header.receiptRoot', 'receipt root', 'hash', 32);
  walker.take('header.stateRoot', 'state root', 'hash', 32);
  const sealBytes = walker.number('header.sealBytes', 'seal bytes', 4);
  walker.take('header.seal', 'seal', 'bytes', sealBytes);
  walker.padding('header', start);
}

function walkTransaction(walker: FieldWalker, path: string): void {
  walker.number(`${path}.version`, 'version', 1);
  const inputs = walker.number(`${path}.inputs`, 'inputs', 1);
  const outputs = walker.number(`${path}.outputs`, 'outputs', 1);
  const witnesses = walker.number(`${path}.witnesses`, 'witnesses', 1);
  walker.number(`${path}.expiryHeight`, 'last height', 4);
  const actionBytes = walker.number(`${path}.actionBytes`, 'action bytes', 4);
  for (let i = 0; i < inputs && !walker.isStuck; i++) {
    walker.take(`${path}.input.${i}.txid`, `input ${i}: transaction`, 'hash', 32);
    walker.number(`${path}.input.${i}.index`, `input ${i}: output`, 4);
  }
  for (let i = 0; i < outputs && !walker.isStuck; i++) {
    walker.number(`${path}.output.${i}.asset`, `output ${i}: asset`, 8);
    walker.number(`${path}.output.${i}.amount`, `output ${i}: amount`, 8, 'amount');
    walker.take(`${path}.output.${i}.address`, `output ${i}: address`, 'address', 32);
  }
  walkActions(walker, path, actionBytes);
  for (let i = 0; i < witnesses && !walker.isStuck; i++) walkWitness(walker, `${path}.witness.${i}`, i);
}

function walkActions(walker: FieldWalker, path: string, byteLength: number): void {
  const end = walker.at + byteLength;
  for (let i = 0; walker.at < end && !walker.isStuck; i++) {
    const start = walker.at;
    walker.number(`${path}.action.${i}.tag`, `action ${i}: kind`, 1);
    const length = walker.number(`${path}.action.${i}.length`, `action ${i}: bytes`, 3);
    walker.take(
      `${path}.action.${i}.body`,
      `action ${i}: body`,
      'bytes',
      Math.min(length, ACTION_BODY_BYTES_MAX),
    );
    walker.padding(`${path}.action.${i}`, start);
  }
  if (walker.at > end) walker.isStuck = true;
}

function walkWitness(walker: FieldWalker, path: string, position: number): void {
  const name = (part: string) => `witness ${position}: ${part}`;
  const spendPath = walker.number(`${path}.path`, name('way of spending'), 1);
  walker.number(`${path}.zero`, name('unused'), 1);
  const signers = walker.number(`${path}.signers`, name('who signs'), 2);
  if (walker.isStuck) return;
  const reader = new Reader(walker.bytes, walker.at);
  const lock = readLock(reader);
  walker.isStuck = reader.failure !== undefined;
  if (lock.kind === 'key') {
    walker.take(`${path}.lock`, name('lock'), 'bytes', 4);
    walker.take(`${path}.key`, name('public key'), 'hash', 32);
  } else walker.take(`${path}.lock`, name('lock'), 'bytes', reader.offset - walker.at);
  const way = walker.isStuck ? undefined : spendPaths(lock)[spendPath];
  if (way === undefined) walker.isStuck = true;
  if (way?.condition.kind === 'preimage') walker.take(`${path}.preimage`, name('secret'), 'bytes', 32);
  for (let i = 0; i < 16 && !walker.isStuck; i++) {
    if ((signers >> i) % 2 === 1) walker.take(`${path}.signature.${i}`, name('signature'), 'bytes', 64);
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}
