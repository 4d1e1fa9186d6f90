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
    message: 'The slot or round of the block belongs to another producer.',
    help: 'Only the validator whose turn it is makes the block of a slot or round.',
    banPoints: 100,
  },
  'consensus/seal-size': {
    message: 'The seal has the wrong length.',
    help: 'A signed seal is the claim of the turn, if there is one, and an Ed25519 signature of 64 bytes; a seal of work is a target and a nonce, 12 bytes.',
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
    help: 'Use the key of one of the authorities in the genesis file, or of a validator of the epoch.',
  },
  'consensus/not-a-validator': {
    message: 'The producer of the block is not among the validators of its epoch.',
    help: 'Make blocks in the epochs whose validator set holds the key.',
    banPoints: 100,
  },
  'consensus/validators-unknown': {
    message: 'The validators of the epoch are not known here.',
    help: 'Send it again when the chain has come closer to that epoch.',
    retry: true,
  },
  'consensus/round-too-high': {
    message: 'The seal claims a round that no height comes to.',
    help: 'Claim the round in which the votes asked for the block.',
    banPoints: 100,
  },
  'consensus/draw-invalid': {
    message: 'The proof in the seal does not hold for the key of the producer and the slot.',
    help: 'Prove the lottery of the slot with the key of the producer.',
    banPoints: 100,
  },
  'consensus/draw-lost': {
    message: 'The producer did not win the lottery of the slot.',
    help: 'Make blocks in slots whose lottery the key wins.',
    banPoints: 100,
  },
  'consensus/headers-compatible': {
    message: 'The two headers do not show that their producer signed twice in one turn.',
    help: 'Evidence is two different headers of one producer for one slot, or for one height and round.',
    banPoints: 50,
  },
  'consensus/evidence-kind': {
    message: 'The consensus of this chain knows no such evidence.',
    help: 'Give votes where validators vote, and headers where they make the blocks.',
    banPoints: 20,
  },
  'consensus/certificate-none': {
    message: 'The consensus of this chain has no certificates.',
    help: 'Certificates exist where blocks become final by votes.',
    banPoints: 20,
  },
});
