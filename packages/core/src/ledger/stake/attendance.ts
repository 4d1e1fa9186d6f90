import { assert } from '../../base/assert.ts';
import { OK, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Attendance } from '../../primitives/judge.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { type ValidatorSet, validatorIndex } from '../../primitives/validator-set.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';
import { refuseStake } from './rules.ts';

/**
 * How often the members of a set have signed in an epoch. Record: epoch u32, certificates u32, height u32, number of
 * members u32, then signed u32 for each in the order of the set.
 */
export interface AttendanceCount {
  readonly epoch: number;
  /** Certificates that were counted. */
  readonly certificates: number;
  /** Of the block that the last one is of. */
  readonly height: number;
  /** For each member of the set, how many of the certificates it signed. */
  readonly signed: readonly number[];
}

const KEY = new Uint8Array(0);

/** The count of an epoch; undefined while no certificate of it was counted. */
export function readAttendance(view: StateView, epoch: number): AttendanceCount | undefined {
  const value = view.value(NAMESPACE.attendance, KEY);
  if (value === undefined) return undefined;
  const reader = new Reader(value);
  const head = { epoch: reader.u32(), certificates: reader.u32(), height: reader.u32() };
  const members = reader.count(reader.u32(), VALIDATORS_MAX, 4);
  const count = reader.finish({ ...head, signed: Array.from({ length: members }, () => reader.u32()) });
  assert(count.ok, 'malformed count of attendance');
  return count.value.epoch === epoch ? count.value : undefined;
}

/**
 * Counts a certificate of the present epoch. Each is of a later block than the one before, so nobody is counted twice.
 * Refuses by `certificate/…`.
 *
 * @param set - of the present epoch
 * @param block - the height of the block that holds it
 */
export function countAttendance(
  overlay: Overlay,
  set: ValidatorSet,
  block: number,
  { epoch, height, signers }: Attendance,
): Result<undefined> {
  if (epoch !== set.epoch) return refuseStake('certificate/epoch', { got: epoch, expected: set.epoch });
  const before = readAttendance(overlay, epoch);
  if (height >= block || (before !== undefined && height <= before.height)) {
    return refuseStake('certificate/height', { got: height, expected: (before?.height ?? 0) + 1 });
  }
  const present = new Set<number>();
  for (const signer of signers) {
    const index = validatorIndex(set, signer);
    if (index === undefined || present.has(index)) return refuseStake('certificate/not-a-validator');
    present.add(index);
  }
  const signed = set.members.map((_, i) => (before?.signed[i] ?? 0) + (present.has(i) ? 1 : 0));
  write(overlay, { epoch, certificates: (before?.certificates ?? 0) + 1, height, signed });
  return OK;
}

function write(overlay: Overlay, { epoch, certificates, height, signed }: AttendanceCount): void {
  const writer = new Writer(16 + 4 * signed.length);
  writer.u32(epoch).u32(certificates).u32(height).u32(signed.length);
  for (const count of signed) writer.u32(count);
  overlay.setValue(NAMESPACE.attendance, KEY, writer.finish());
}
