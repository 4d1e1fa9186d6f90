import { lockOf } from '@calin/client/wallet/lock-file.ts';
import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { ok, type Refusal, type Result } from '@calin/core/base/result.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import type { LockJson } from '@calin/core/rpc/json/lock.ts';
import { readKey, readKeys } from './name-keys.ts';
import { refuseLock } from './rules.ts';

/** The kinds of locks that a page makes. */
export const LOCK_KINDS = ['multisig', 'timelock', 'htlc', 'recoverable'] as const;

/** One of {@link LOCK_KINDS}. */
export type LockKind = (typeof LOCK_KINDS)[number];

/** What a person has typed about a lock; only what its kind asks for is read. */
export interface LockDraft {
  readonly kind: LockKind;
  /** Accounts and public keys. */
  readonly keys: string;
  readonly threshold: string;
  readonly unit: 'height' | 'time';
  readonly height: string;
  /** As `datetime-local` gives it, such as `2027-01-31T12:00`: in the zone of the browser. */
  readonly time: string;
  readonly receiver: string;
  readonly sender: string;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly owner: string;
  readonly restBlocks: string;
}

/** A field that cannot be used, and why. */
export interface DraftFault {
  readonly field: Exclude<keyof LockDraft, 'kind' | 'unit'>;
  readonly refusal: Refusal;
}

/** A lock, or the field that keeps it from being one. */
export type DraftOutcome =
  | { readonly ok: true; readonly lock: Lock }
  | { readonly ok: false; readonly fault: DraftFault };

/** A form that nobody has filled in. */
export const EMPTY_DRAFT: LockDraft = {
  kind: 'multisig',
  keys: '',
  threshold: '2',
  unit: 'height',
  height: '',
  time: '',
  receiver: '',
  sender: '',
  sha256: '',
  owner: '',
  restBlocks: '',
};

const HEIGHT_MAX = 2 ** 32 - 1;
const KEYS_MAX = 16;

/** Makes the lock that a person has described. */
export function readDraft(draft: LockDraft, document: Pick<WalletDocument, 'accounts'>): DraftOutcome {
  const form = new Form(draft, document);
  const json = describe(form, draft);
  if (form.fault !== undefined) return { ok: false, fault: form.fault };
  const lock = lockOf(json);
  // What is left to go wrong is a set of keys: one stands twice, or more must sign than there are.
  return lock.ok
    ? { ok: true, lock: lock.value }
    : { ok: false, fault: { field: 'keys', refusal: lock.error } };
}

function describe(form: Form, { kind, unit }: LockDraft): LockJson {
  switch (kind) {
    case 'multisig':
      return { kind, threshold: form.number('threshold', 1, KEYS_MAX), publicKeys: form.keys() };
    case 'timelock': {
      const from = unit === 'height' ? form.number('height', 0, HEIGHT_MAX) : form.moment();
      return { kind, unit: unit === 'height' ? 'height' : 'timeMs', from, inner: innerOf(form) };
    }
    case 'htlc':
      return {
        kind,
        receiver: form.key('receiver'),
        sender: form.key('sender'),
        refundHeight: form.number('height', 0, HEIGHT_MAX),
        sha256: form.hash(),
      };
    case 'recoverable':
      return {
        kind,
        owner: form.key('owner'),
        guardians: form.keys(),
        threshold: form.number('threshold', 1, KEYS_MAX),
        restBlocks: form.number('restBlocks', 0, HEIGHT_MAX),
      };
  }
}

function innerOf(form: Form): Extract<LockJson, { kind: 'key' | 'multisig' }> {
  const publicKeys = form.keys();
  const threshold = form.number('threshold', 1, KEYS_MAX);
  const [only] = publicKeys;
  return publicKeys.length === 1 && only !== undefined && threshold === 1
    ? { kind: 'key', publicKey: only }
    : { kind: 'multisig', threshold, publicKeys };
}

/** Reads the fields of a draft and remembers the first one that cannot be used. */
class Form {
  readonly #draft: LockDraft;
  readonly #document: Pick<WalletDocument, 'accounts'>;
  fault: DraftFault | undefined;

  constructor(draft: LockDraft, document: Pick<WalletDocument, 'accounts'>) {
    this.#draft = draft;
    this.#document = document;
  }

  key(field: 'receiver' | 'sender' | 'owner'): string {
    const key = this.#take(field, readKey(this.#draft[field], this.#document));
    return key === undefined ? '' : toHex(key);
  }

  keys(): string[] {
    return (this.#take('keys', readKeys(this.#draft.keys, this.#document)) ?? []).map(toHex);
  }

  number(field: 'threshold' | 'height' | 'restBlocks', min: number, max: number): number {
    return this.#take(field, readNumber(this.#draft[field], min, max)) ?? min;
  }

  moment(): number {
    return this.#take('time', readMoment(this.#draft.time)) ?? 0;
  }

  hash(): string {
    return this.#take('sha256', readHash(this.#draft.sha256)) ?? '';
  }

  #take<T>(field: DraftFault['field'], read: Result<T>): T | undefined {
    if (read.ok) return read.value;
    this.fault ??= { field, refusal: read.error };
    return undefined;
  }
}

/** 32 bytes in hexadecimal, in small letters. Refuses by `page/hash`. */
export function readHash(text: string): Result<string> {
  const hex = text.trim().toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? ok(hex) : refuseLock('page/hash', { got: text.slice(0, 80) });
}

function readNumber(text: string, min: number, max: number): Result<number> {
  const value = /^\s*[0-9]{1,10}\s*$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return ok(value);
  return refuseLock('page/number', { got: text.slice(0, 80), expected: `${min} to ${max}` });
}

function readMoment(text: string): Result<number> {
  const timeMs = text === '' ? Number.NaN : Date.parse(text);
  return Number.isSafeInteger(timeMs) && timeMs >= 0
    ? ok(timeMs)
    : refuseLock('page/time', { got: text.slice(0, 80) });
}
