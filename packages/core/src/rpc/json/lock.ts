import { unreachable } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { array, choice, hex, type Infer, integer, object, type Schema, variant } from '../../base/schema.ts';
import { LOCK_KEYS_MAX } from '../../primitives/limits.ts';
import type { Lock } from '../../primitives/lock.ts';
import { hashField, heightField } from './fields.ts';

const keyField = (description: string) => hex(description, { bytes: 32 });
const keysField = (description: string) => array(description, keyField('Public key.'), LOCK_KEYS_MAX);
const thresholdField = integer('How many of the keys must sign.', 1, LOCK_KEYS_MAX);

const keyLock = object('One key signs.', {
  kind: choice('Kind of the lock.', ['key']),
  publicKey: keyField('Ed25519 public key.'),
});

const multisigLock = object('Several of a set of keys sign.', {
  kind: choice('Kind of the lock.', ['multisig']),
  threshold: thresholdField,
  publicKeys: keysField('Ed25519 public keys in ascending order.'),
});

/** The locks that may stand inside a timelock. */
type InnerLockJson = Infer<typeof keyLock> | Infer<typeof multisigLock>;

const timelock = object('The inner lock opens from a height or a time on.', {
  kind: choice('Kind of the lock.', ['timelock']),
  unit: choice('Whether `from` is a height or milliseconds since 1970.', ['height', 'timeMs']),
  from: integer('First height or header time at which the coin can be spent.'),
  inner: variant<InnerLockJson>('kind', { key: keyLock, multisig: multisigLock }),
});

const htlc = object('The receiver claims with a secret, or the sender takes back from a height on.', {
  kind: choice('Kind of the lock.', ['htlc']),
  sha256: hashField('SHA-256 of the 32-byte secret.'),
  receiver: keyField('Public key of the receiver.'),
  sender: keyField('Public key of the sender.'),
  refundHeight: heightField('First height at which the sender can take the coin back.'),
});

const recoverable = object('The owner signs, or guardians do once the coin has rested.', {
  kind: choice('Kind of the lock.', ['recoverable']),
  owner: keyField('Public key of the owner.'),
  threshold: thresholdField,
  guardians: keysField('Public keys of the guardians in ascending order.'),
  restBlocks: heightField('Blocks the coin must rest before guardians can spend it.'),
});

/** A lock as JSON. */
export type LockJson =
  | InnerLockJson
  | Infer<typeof timelock>
  | Infer<typeof htlc>
  | Infer<typeof recoverable>;

/** The schema of {@link LockJson}. */
export const lockJson: Schema<LockJson> = variant<LockJson>('kind', {
  key: keyLock,
  multisig: multisigLock,
  timelock,
  htlc,
  recoverable,
});

/** A lock with its keys in hexadecimal. */
export function presentLock(lock: Lock): LockJson {
  switch (lock.kind) {
    case 'key':
    case 'multisig':
      return presentInner(lock);
    case 'timelock':
      return { kind: 'timelock', unit: lock.unit, from: lock.from, inner: presentInner(lock.inner) };
    case 'htlc': {
      const { kind, sha256, receiver, sender, refundHeight } = lock;
      return { kind, sha256: toHex(sha256), receiver: toHex(receiver), sender: toHex(sender), refundHeight };
    }
    case 'recoverable': {
      const { kind, owner, threshold, guardians, restBlocks } = lock;
      return { kind, owner: toHex(owner), threshold, guardians: guardians.map(toHex), restBlocks };
    }
    default:
      return unreachable(lock);
  }
}

function presentInner(lock: Extract<Lock, { kind: 'key' | 'multisig' }>): InnerLockJson {
  if (lock.kind === 'key') return { kind: 'key', publicKey: toHex(lock.publicKey) };
  return { kind: 'multisig', threshold: lock.threshold, publicKeys: lock.publicKeys.map(toHex) };
}
