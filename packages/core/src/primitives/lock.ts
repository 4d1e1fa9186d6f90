import { unreachable } from '../base/assert.ts';
import type { Reader } from '../codec/reader.ts';
import type { Writer } from '../codec/writer.ts';
import { type HtlcLock, htlcPaths, readHtlcLock, writeHtlcLock } from './locks/htlc.ts';
import { type KeyLock, keyPaths, readKeyLock, writeKeyLock } from './locks/key.ts';
import { type MultisigLock, multisigPaths, readMultisigLock, writeMultisigLock } from './locks/multisig.ts';
import {
  type RecoverableLock,
  readRecoverableLock,
  recoverablePaths,
  writeRecoverableLock,
} from './locks/recoverable.ts';
import type { SpendPath } from './locks/spend-path.ts';
import { readTimelockLock, type TimelockLock, timelockPaths, writeTimelockLock } from './locks/timelock.ts';

/** Says who may spend a coin. A closed set: every kind has a file in locks/ and a tag on the wire. */
export type Lock = KeyLock | MultisigLock | TimelockLock | HtlcLock | RecoverableLock;

/** Tags on the wire: key 1, multisig 2, timelock 3, htlc 4, recoverable 5. 6 is kept for contracts. */
export function writeLock(writer: Writer, lock: Lock): void {
  switch (lock.kind) {
    case 'key':
      writeKeyLock(writer.u8(1), lock);
      break;
    case 'multisig':
      writeMultisigLock(writer.u8(2), lock);
      break;
    case 'timelock':
      writeTimelockLock(writer.u8(3), lock);
      break;
    case 'htlc':
      writeHtlcLock(writer.u8(4), lock);
      break;
    case 'recoverable':
      writeRecoverableLock(writer.u8(5), lock);
      break;
    default:
      unreachable(lock);
  }
}

/** Reads the lock that starts at the reader's offset. */
export function readLock(reader: Reader): Lock {
  const tag = reader.u8();
  switch (tag) {
    case 1:
      return readKeyLock(reader);
    case 2:
      return readMultisigLock(reader);
    case 3:
      return readTimelockLock(reader);
    case 4:
      return readHtlcLock(reader);
    case 5:
      return readRecoverableLock(reader);
    default:
      reader.fail('codec/unknown-tag', { field: 'lock', got: tag });
      return readKeyLock(reader);
  }
}

/** The ways to open a lock; a witness names one by its position. */
export function spendPaths(lock: Lock): readonly SpendPath[] {
  switch (lock.kind) {
    case 'key':
      return keyPaths(lock);
    case 'multisig':
      return multisigPaths(lock);
    case 'timelock':
      return timelockPaths(lock);
    case 'htlc':
      return htlcPaths(lock);
    case 'recoverable':
      return recoverablePaths(lock);
    default:
      return unreachable(lock);
  }
}
