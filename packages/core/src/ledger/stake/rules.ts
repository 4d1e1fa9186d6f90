import { defineRules } from '../../base/rules.ts';

/** Refusals of what moves stake, changes validators, or tells of what they did. */
export const refuseStake = defineRules({
  'stake/none': {
    message: 'The chain does not choose its validators by stake.',
    help: 'See consensus.validators of the genesis file.',
    banPoints: 20,
  },
  'stake/amount-zero': {
    message: 'An action moves no stake at all.',
    help: 'Give at least 1.',
    banPoints: 20,
  },
  'stake/validator-unknown': {
    message: 'No validator has this key.',
    help: 'Check the key; a validator exists from the transaction on that bonds it, until all stake has left.',
    retry: true,
  },
  'stake/validator-exists': {
    message: 'A validator has this key already.',
    help: 'Delegate to it, or bond another key.',
  },
  'stake/key-weak': {
    message: 'The key of the validator is not one that only its owner can sign for.',
    help: 'Use the public key of a fresh key pair.',
    banPoints: 20,
  },
  'stake/convicted': {
    message: 'The validator was convicted of an offence and never serves again.',
    help: 'Bond another key.',
  },
  'stake/commission': {
    message: 'The commission is above what the chain allows.',
    help: 'Choose at most the expected thousandths.',
    banPoints: 20,
  },
  'stake/not-owner': {
    message: 'Somebody else owns the validator.',
    help: 'The first input must belong to its owner.',
  },
  'stake/bond-too-small': {
    message: 'The owner of the validator would have less than the least bond in it.',
    help: 'Bond at least what is expected, or take everything out.',
  },
  'stake/pools-full': {
    message: 'There are as many candidates as a chain can have.',
    help: 'Delegate to one of them, or wait until one leaves.',
    retry: true,
  },
  'stake/pool-closed': {
    message: 'The validator takes no stake: its owner has left, or it was convicted of an offence.',
    help: 'Choose another validator.',
  },
  'stake/too-little': {
    message: 'The amount buys too few shares: rounding would take a noticeable part of it.',
    help: 'Delegate more at a time.',
  },
  'stake/dust': {
    message: 'So few shares would be left that they are not worth a record.',
    help: 'Take all of them, or leave at least the expected number.',
  },
  'stake/shares-missing': {
    message: 'The owner has fewer shares of this validator.',
    help: 'Take at most what it has.',
  },
  'stake/tied': {
    message: 'The shares came from another validator and still answer for its offences.',
    help: 'Wait until the epochs of unbonding have passed since they were moved.',
    retry: true,
  },
  'stake/ties-full': {
    message: 'The delegation answers for as many other validators as one can.',
    help: 'Wait until the epochs of unbonding have passed since the first move.',
    retry: true,
  },
  'stake/same-validator': {
    message: 'Stake would be moved to where it is.',
    help: 'Name another validator.',
    banPoints: 20,
  },
  'stake/unbondings-full': {
    message: 'As many parts of stake rest for this owner as can.',
    help: 'Withdraw those whose time has come.',
    retry: true,
  },
  'stake/unbonding-unknown': {
    message: 'Nothing rests for this owner that left this validator in this epoch.',
    help: 'See what rests for it; the first input must be its own.',
  },
  'stake/resting': {
    message: 'The stake has not rested long enough.',
    help: 'Withdraw it in the expected epoch or later.',
    retry: true,
  },
  'stake/withdraw-amount': {
    message: 'The stake is not worth what the action says.',
    help: 'Name exactly what is expected: what left the pool, less what later convictions cost.',
  },
  'stake/not-jailed': {
    message: 'The validator is not in jail.',
    help: 'Nothing has to be done.',
  },
  'stake/jailed': {
    message: 'The validator stays in jail for longer.',
    help: 'Try again in the expected epoch; one convicted of an offence stays for ever.',
    retry: true,
  },
  'stake/reward-owner': {
    message: 'The reward of the block pays somebody else than the validator has named.',
    help: 'Pay the address in the record of the validator; its owner can change it.',
    banPoints: 100,
  },

  // What the consensus tells.
  'evidence/no-judge': {
    message: 'The consensus of this chain cannot read evidence or certificates.',
    help: 'Only chains whose validators sign blocks or votes can hold them.',
    banPoints: 20,
  },
  'evidence/epoch': {
    message: 'The offence was in an epoch that is too old or has not begun.',
    help: 'Show it while the stake of that epoch is still bonded or unbonding.',
  },
  'evidence/not-a-validator': {
    message: 'The offender was not a validator in that epoch.',
    help: 'Check the key and the epoch.',
    banPoints: 20,
  },
  'evidence/known': {
    message: 'The validator was convicted of this offence in this epoch before.',
    help: 'Nothing has to be done.',
  },
  'evidence/full': {
    message: 'The validator was convicted as often as one can be.',
    help: 'Nothing has to be done: it does not serve any more.',
  },
  'evidence/claim': {
    message: 'The sender claims more than its part of what the offence costs.',
    help: 'Claim at most what is expected.',
  },
  'certificate/epoch': {
    message: 'The certificate is not of the present epoch.',
    help: 'Certificates count in their own epoch.',
    retry: true,
  },
  'certificate/height': {
    message: 'The certificate is not of a block between the last one that counted and this one.',
    help: 'Send a later one.',
  },
  'certificate/reward-only': {
    message: 'A certificate stands in a transaction that is no reward.',
    help: 'Leave it to those who make blocks: the reward of each may hold one, for nothing.',
    banPoints: 20,
  },
  'certificate/not-a-validator': {
    message: 'The certificate names a signer who is not a validator of its epoch, or names one twice.',
    help: 'Check it against the set of its epoch.',
    banPoints: 20,
  },

  // Authorities.
  'authority/none': {
    message: 'The authorities of this chain do not change, or it has none.',
    help: 'See consensus.validators of the genesis file.',
    banPoints: 20,
  },
  'authority/not-one': {
    message: 'The voter is not an authority.',
    help: 'Only those who are, or will be in the next set, can vote.',
  },
  'authority/vote-useless': {
    message: 'The vote would change nothing.',
    help: 'Add a key that is not an authority, or remove one that is; the last one stays.',
  },
  'authority/vote-repeated': {
    message: 'The authority has cast this vote already.',
    help: 'It counts until the end of the epoch after the one in which the first such vote was cast.',
  },
  'authority/vote-often': {
    message: 'The authority has voted in this block before.',
    help: 'Vote again in a later one.',
    retry: true,
  },
  'authority/full': {
    message: 'There are as many authorities as a set can have.',
    help: 'Remove one first.',
  },
});
