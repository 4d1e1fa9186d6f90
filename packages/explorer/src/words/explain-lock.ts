import type { WitnessJson } from '../node/shapes.ts';
import { formatMoment } from './format-time.ts';
import { formatCount } from './format-units.ts';

type Lock = WitnessJson['lock'];

/** What a lock asks for, in a sentence. */
export function explainLock(lock: Lock): string {
  switch (lock.kind) {
    case 'key':
      return 'One key signs.';
    case 'multisig':
      return `${lock.threshold} of ${lock.publicKeys.length} keys sign together.`;
    case 'timelock': {
      const from = lock.unit === 'height' ? `block ${formatCount(lock.from)}` : formatMoment(lock.from);
      return `Closed before ${from}; from then on: ${explainLock(lock.inner as Lock)}`;
    }
    case 'htlc':
      return `The receiver claims with a secret; from block ${formatCount(lock.refundHeight)} on the sender can take it back.`;
    case 'recoverable':
      return `The owner signs, or ${lock.threshold} of ${lock.guardians.length} guardians once the coin has rested for ${formatCount(lock.restBlocks)} blocks.`;
  }
}
