import type { Amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Offence } from '../../primitives/judge.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';
import { CONVICTIONS_MAX } from './limits.ts';
import { permilleOf } from './share-math.ts';

/**
 * One line of what a validator was convicted of. The log stays for ever: it keeps the key from serving again and says
 * what stake that had left the pool before still has to pay. Layout: count u8, then for each line epoch u32,
 * offence u8 (1 double-sign, 2 lock-break, 3 surround), permille u16, height u32, id 32.
 */
export interface ConvictionRecord {
  /** In whose name the offender signed. */
  readonly epoch: number;
  readonly offence: Offence;
  /** What it cost, in thousandths. */
  readonly permille: number;
  /** Of the block that held the evidence. */
  readonly height: number;
  /** Of the evidence. */
  readonly id: Hash;
}

/** What is liable for offences although it is no longer, or not only, a part of the offender's pool. */
export interface Liability {
  /** The epoch in which it left the offender's pool: it counted in sets up to the next epoch. */
  readonly epoch: number;
  /** Lines of the log that it had paid for when it left. */
  readonly convictions: number;
}

const OFFENCE_TAGS: Readonly<Record<Offence, number>> = { 'double-sign': 1, 'lock-break': 2, surround: 3 };
const OFFENCES: readonly (Offence | undefined)[] = [undefined, 'double-sign', 'lock-break', 'surround'];

/** The log of a validator; empty when it was never convicted. */
export function readConvictions(view: StateView, publicKey: PublicKey): readonly ConvictionRecord[] {
  const value = view.value(NAMESPACE.conviction, publicKey);
  if (value === undefined) return [];
  const reader = new Reader(value);
  const count = reader.count(reader.u8(), CONVICTIONS_MAX, 43);
  const lines = Array.from({ length: count }, (): ConvictionRecord => {
    const epoch = reader.u32();
    const offence = OFFENCES[reader.u8()];
    assert(offence !== undefined, 'an unknown offence in a log');
    return { epoch, offence, permille: reader.u16(), height: reader.u32(), id: reader.hash() };
  });
  const log = reader.finish(lines);
  assert(log.ok, 'malformed log of convictions');
  return log.value;
}

/** Sets the log of a validator. */
export function writeConvictions(
  overlay: Overlay,
  publicKey: PublicKey,
  log: readonly ConvictionRecord[],
): void {
  assert(log.length <= CONVICTIONS_MAX, 'a log that is too long');
  const writer = new Writer(1 + 43 * log.length).u8(log.length);
  for (const { epoch, offence, permille, height, id } of log) {
    writer.u32(epoch).u8(OFFENCE_TAGS[offence]).u16(permille).u32(height).hash(id);
  }
  overlay.setValue(NAMESPACE.conviction, publicKey, writer.finish());
}

/** What convictions since it left the pool leave of something that is liable; rounded down after each. */
export function keptOf(
  value: Amount,
  { epoch, convictions }: Liability,
  log: readonly ConvictionRecord[],
): Amount {
  let kept = value;
  for (let i = convictions; i < log.length; i++) {
    const line = log[i] as ConvictionRecord;
    if (line.epoch <= epoch + 1) kept = permilleOf(kept, 1000 - line.permille);
  }
  return kept;
}

/**
 * The first epoch in which what left a pool is liable no more: the last set it counted in was that of `epoch` + 1, and
 * offences can be shown for `unbondingEpochs` after.
 */
export function freeFrom(epoch: number, unbondingEpochs: number): number {
  return epoch + 2 + unbondingEpochs;
}
