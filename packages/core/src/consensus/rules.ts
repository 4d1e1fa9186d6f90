import { defineRules } from '../base/rules.ts';

/** Refusals of headers by the consensus of the chain, and of keys that cannot make blocks. */
export const refuseConsensus = defineRules({
  'consensus/time-not-later': {
    message: 'The time of the block is not later than that of its parent.',
    help: 'Make the block with a later time.',
    banPoints: 100,
  },
  'consensus/slot-not-later': {
    message: 'The slot of the block is not later than that of its parent.',
    help: 'Wait for the next slot of the producer.',
    banPoints: 100,
  },
  'consensus/wrong-producer': {
    message: 'The slot of the block belongs to another producer.',
    help: 'Only the authority whose turn it is makes the block of a slot.',
    banPoints: 100,
  },
  'consensus/seal-size': {
    message: 'The seal has the wrong length.',
    help: 'A signed seal is one Ed25519 signature of 64 bytes; a seal of work is a target and a nonce, 12 bytes.',
    banPoints: 100,
  },
  'consensus/seal-invalid': {
    message: 'The seal was not made by the producer over this header.',
    help: 'Seal the header after its last change, with the key of the producer.',
    banPoints: 100,
  },
  'consensus/target-wrong': {
    message: 'The seal names another target than the one that follows from the parent.',
    help: 'Work on the target that the difficulty schedule gives for this parent.',
    banPoints: 100,
  },
  'consensus/work-missing': {
    message: 'The hash of the header with its nonce is above the target.',
    help: 'Search for another nonce; any change of the header needs a new search.',
    banPoints: 100,
  },
  'consensus/not-a-producer': {
    message: 'This key may not make blocks on this chain.',
    help: 'Use the key of one of the authorities in the genesis file.',
  },
});
