import { unreachable } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { type Lock, spendPaths } from '@calin/core/primitives/lock.ts';
import type { SpendPath } from '@calin/core/primitives/locks/spend-path.ts';

/** What people call the paths of each kind of lock, in the order of its paths. */
const NAMES: Readonly<Record<Lock['kind'], readonly string[]>> = {
  key: ['key'],
  multisig: ['keys'],
  timelock: ['keys'],
  htlc: ['claim', 'refund'],
  recoverable: ['owner', 'guardians'],
};

/** The name of a path of a lock. */
export function nameOfPath(lock: Lock, path: number): string {
  return NAMES[lock.kind][path] ?? `path ${path}`;
}

/** The names of the paths of a lock, in the order of its paths. */
export function pathNames(lock: Lock): readonly string[] {
  return spendPaths(lock).map((_, path) => nameOfPath(lock, path));
}

/** Who opens a path, and when, in words. */
export function describePath({ publicKeys, threshold, condition }: SpendPath): string {
  const keys = publicKeys.map(toHex);
  const who = keys.length === 1 ? `key ${keys[0]}` : `${threshold} of ${keys.length} keys: ${keys.join(' ')}`;
  switch (condition.kind) {
    case 'none':
      return who;
    case 'height':
      return `from height ${condition.heightMin} on, ${who}`;
    case 'time':
      return `from ${new Date(condition.timeMsMin).toISOString()} on, ${who}`;
    case 'age':
      return `when a coin has rested ${condition.blocksMin} blocks, ${who}`;
    case 'preimage':
      return `with the secret whose SHA-256 is ${toHex(condition.sha256)}, ${who}`;
    default:
      return unreachable(condition);
  }
}
