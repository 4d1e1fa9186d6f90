import { unreachable } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import type { SpendCondition, SpendPath } from '@calin/core/primitives/locks/spend-path.ts';
import { formatMoment } from '../../../words/format-time.ts';
import { formatCount } from '../../../words/format-units.ts';
import { shorten } from '../../../words/shorten.ts';

/** What a lock is called, and what it is for. */
export const KIND_WORDS: Readonly<Record<Lock['kind'], readonly [name: string, purpose: string]>> = {
  key: ['One key', 'One key signs.'],
  multisig: ['Several keys', 'Several people, or several devices, have to agree to every payment.'],
  timelock: ['A time', 'Nobody spends before a height or a moment, its owner neither.'],
  htlc: [
    'A secret',
    'Whoever shows a secret is paid; if nobody does, the coins go back. For exchanges between chains.',
  ],
  recoverable: ['Guardians', 'You spend alone. If your key is lost, people you trust bring the coins back.'],
};

const PATH_WORDS: Readonly<Record<Lock['kind'], readonly string[]>> = {
  key: ['With the key'],
  multisig: ['Together'],
  timelock: ['When it opens'],
  htlc: ['Claim with the secret', 'Take back'],
  recoverable: ['The owner', 'Rescue by guardians'],
};

/** A way to spend from a lock, in a word or two. */
export function pathTitle(lock: Lock, path: number): string {
  return PATH_WORDS[lock.kind][path] ?? `Path ${path}`;
}

/** How many of the keys of a path sign. */
export function signersWords({ threshold, publicKeys }: SpendPath): string {
  const keys = publicKeys.length;
  if (keys === 1) return 'This key signs:';
  return threshold === keys ? `All of these ${keys} keys sign:` : `${threshold} of these ${keys} keys sign:`;
}

/** What else has to be, as a sentence; undefined when nothing has. */
export function conditionWords(condition: SpendCondition): string | undefined {
  switch (condition.kind) {
    case 'none':
      return undefined;
    case 'height':
      return `In block ${formatCount(condition.heightMin)} and later.`;
    case 'time':
      return `In blocks from ${formatMoment(condition.timeMsMin)} on.`;
    case 'age':
      return `Each coin, once it has rested for ${formatCount(condition.blocksMin)} blocks.`;
    case 'preimage':
      return `With the secret whose SHA-256 is ${shorten(toHex(condition.sha256))}.`;
    default:
      return unreachable(condition);
  }
}
