import { defineRules } from '../../base/rules.ts';

/** Refusals of votes, certificates and evidence. */
export const refuseVoting = defineRules({
  'consensus/vote-epoch': {
    message: 'The vote names another epoch than the one its height lies in.',
    help: 'Vote with the epoch of the height that is voted on.',
    banPoints: 50,
  },
  'consensus/vote-validators-unknown': {
    message: 'The validators of that epoch are not known here.',
    help: 'Send it again when the chain has come closer to that epoch.',
    retry: true,
  },
  'consensus/vote-stranger': {
    message: 'The vote or certificate names a validator that is not in the set of its epoch.',
    help: 'Only members of the validator set of the epoch vote.',
    banPoints: 50,
  },
  'consensus/vote-proposer': {
    message: 'The proposal is not by the validator whose round it is.',
    help: 'Propose in your own rounds only.',
    banPoints: 50,
  },
  'consensus/vote-signature': {
    message: 'A signature was not made by that validator over that vote.',
    help: 'Sign the vote with the key of the validator, for this chain.',
    banPoints: 100,
  },
  'consensus/certificate-weight': {
    message: 'The signers of the certificate weigh less than a quorum.',
    help: 'A certificate needs validators of more than two thirds of the weight of their set.',
    banPoints: 100,
  },
  'consensus/certificate-kind': {
    message: 'The certificate is of prevotes, which decide nothing.',
    help: 'Give the certificate of precommits.',
    banPoints: 20,
  },
  'consensus/link-invalid': {
    message: 'The vote does not lead from a checkpoint to a later one.',
    help: 'Source and target stand at multiples of the interval, the target at the greater height.',
    banPoints: 50,
  },
  'consensus/evidence-invalid': {
    message: 'The two votes do not contradict each other.',
    help: 'Evidence is two different votes of one validator that no honest one signs both of.',
    banPoints: 50,
  },
});
