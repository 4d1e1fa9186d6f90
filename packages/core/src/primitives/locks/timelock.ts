import { unreachable } from '../../base/assert.ts';
import type { Reader } from '../../codec/reader.ts';
import type { Writer } from '../../codec/writer.ts';
import { type KeyLock, readKeyLock, writeKeyLock } from './key.ts';
import { type MultisigLock, readMultisigLock, writeMultisigLock } from './multisig.ts';
import type { SpendCondition, SpendPath } from './spend-path.ts';

/**
 * The inner lock opens from a height or a time on. 12 + inner bytes: tag 3, unit u8 (0 height, 1 time), zero u16,
 * from u64, then the inner lock (key or multisig: no deeper nesting).
 */
export interface TimelockLock {
  readonly kind: 'timelock';
  readonly unit: 'height' | 'timeMs';
  /** The first height, or the first header time in milliseconds since 1970, at which the coin can be spent. */
  readonly from: number;
  readonly inner: KeyLock | MultisigLock;
}

const UNITS = ['height', 'timeMs'] as const;

/** Writes what follows the tag. */
export function writeTimelockLock(writer: Writer, lock: TimelockLock): void {
  writer.u8(UNITS.indexOf(lock.unit)).u16(0).u53(lock.from);
  if (lock.inner.kind === 'key') writeKeyLock(writer.u8(1), lock.inner);
  else writeMultisigLock(writer.u8(2), lock.inner);
}

/** Reads what follows the tag. */
export function readTimelockLock(reader: Reader): TimelockLock {
  const unit = UNITS[reader.u8()];
  if (unit === undefined) reader.fail('codec/unknown-tag', { field: 'timelock unit' });
  reader.canonical(reader.u16() === 0, 'the unused bytes of a timelock are zero');
  const from = reader.u53();
  return { kind: 'timelock', unit: unit ?? 'height', from, inner: readInner(reader) };
}

/** The one path of the inner lock, from the height or time on. */
export function timelockPaths(lock: TimelockLock): readonly SpendPath[] {
  const { inner } = lock;
  const condition = timelockCondition(lock);
  if (inner.kind === 'key') return [{ publicKeys: [inner.publicKey], threshold: 1, condition }];
  if (inner.kind === 'multisig')
    return [{ publicKeys: inner.publicKeys, threshold: inner.threshold, condition }];
  return unreachable(inner);
}

function timelockCondition(lock: TimelockLock): SpendCondition {
  return lock.unit === 'height'
    ? { kind: 'height', heightMin: lock.from }
    : { kind: 'time', timeMsMin: lock.from };
}

function readInner(reader: Reader): KeyLock | MultisigLock {
  const tag = reader.u8();
  if (tag === 2) return readMultisigLock(reader);
  if (tag !== 1) reader.fail('codec/unknown-tag', { field: 'lock inside a timelock', got: tag });
  return readKeyLock(reader);
}
