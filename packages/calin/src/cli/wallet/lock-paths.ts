import { unreachable } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { type Lock, spendPaths } from '@calin/core/primitives/lock.ts';
import type { SpendPath } from '@calin/core/primitives/locks/spend-path.ts';
import { refuseCli } from '../rules.ts';

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

/** The path of a lock that a person named; the first one when none is. */
export function findPath(lock: Lock, name: string | undefined): Result<number> {
  const names = spendPaths(lock).map((_, path) => nameOfPath(lock, path));
  const path = name === undefined ? 0 : names.indexOf(name);
  if (path >= 0) return ok(path);
  return refuseCli('cli/option-value', {
    option: '--by',
    got: (name ?? '').slice(0, 80),
    expected: names.join(', '),
  });
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
