import { defineRules } from '../base/rules.ts';

const SEE = 'See docs/reference/genesis.md.';

/** Refusals of a genesis file. Each names the field by `path`; a file is refused for its first fault. */
export const refuseGenesis = defineRules({
  'genesis/type': {
    message: 'A field of the genesis file has the wrong type.',
    help: `Write the expected type; numbers stand without quotes. ${SEE}`,
  },
  'genesis/missing': {
    message: 'The genesis file lacks a field that has no default.',
    help: `Add the expected field. ${SEE}`,
  },
  'genesis/unknown-field': {
    message: 'The genesis file has a field that does not exist.',
    help: `Check its spelling and where it stands, or remove it. ${SEE}`,
  },
  'genesis/range': {
    message: 'A value of the genesis file is outside its range.',
    help: `Choose a value within the range in the evidence. ${SEE}`,
  },
  'genesis/choice': {
    message: 'A value of the genesis file is none of the allowed ones.',
    help: `Use one of the expected values. ${SEE}`,
  },
  'genesis/consensus-combination': {
    message: 'This way of making blocks does not go together with this way of making them final.',
    help: `Choose one of the expected kinds. ${SEE}`,
  },
  'genesis/consensus-validators': {
    message: 'The validators of the chain come from where its consensus cannot take them.',
    help: `Let consensus.validators be of an expected kind, or leave it out where that says none. ${SEE}`,
  },
  'genesis/authority-missing': {
    message: 'The chain has no authority, so nobody could make a block.',
    help: 'List the public key of at least one authority.',
  },
  'genesis/authority-repeated': {
    message: 'An authority is listed twice.',
    help: 'Name each key once; whoever should have more turns needs more keys.',
  },
  'genesis/authority-key': {
    message: 'An authority is not a public key that only its owner can sign for.',
    help: 'Give the 32-byte Ed25519 public key of a fresh key pair, in hexadecimal.',
  },
  'genesis/stake-missing': {
    message: 'The chain chooses its validators by stake and begins with none.',
    help: 'List at least one validator in consensus.validators.stakes.',
  },
  'genesis/stake-repeated': {
    message: 'A validator is listed twice.',
    help: 'Name each key once and add its amounts.',
  },
  'genesis/stake-key': {
    message: 'The key of a validator is not a public key that only its owner can sign for.',
    help: 'Give the 32-byte Ed25519 public key of a fresh key pair, in hexadecimal.',
  },
  'genesis/stake-below-minimum': {
    message: 'A validator of the first epochs has less stake than the chain asks for.',
    help: 'Raise its amount or lower consensus.validators.bondMin.',
  },
  'genesis/stake-commission': {
    message: 'A validator of the first epochs takes a higher commission than the chain allows.',
    help: 'Lower its commission or raise consensus.validators.commissionPermilleMax.',
  },
  'genesis/epoch-too-short': {
    message: 'An epoch has too few blocks for what has to become final within it.',
    help: `Raise consensus.validators.epochBlocks to the expected number, or lower interval, lag or depth of finality. ${SEE}`,
  },
  'genesis/dev-prefix': {
    message: 'A development chain must not use the address prefix of the main or the test network.',
    help: 'Use the prefix dcal or one of your own, or set dev to false.',
  },
  'genesis/base-fee': {
    message: 'The initial base fee is below the lowest base fee.',
    help: 'Raise fees.baseFeeInitial or lower fees.baseFeeMin.',
  },
  'genesis/gas-target': {
    message: 'The gas target of a block is above its gas limit, so the base fee could never rise.',
    help: 'Set fees.blockGasTarget to at most limits.blockGasMax; half of it is usual.',
  },
  'genesis/gas-limit': {
    message: 'A block has too little gas for a single transfer.',
    help: 'Raise limits.blockGasMax or lower the gas prices.',
  },
  'genesis/transaction-limit': {
    message: 'The largest transaction would not fit into the largest block.',
    help: 'Lower limits.transactionBytesMax or raise limits.blockBytesMax.',
  },
  'genesis/reward': {
    message: 'The reward of the first block is above the cap.',
    help: 'Lower economy.reward or raise economy.cap.',
  },
  'genesis/schedule': {
    message: 'A decay must multiply the reward by less than one.',
    help: 'Choose a numerator below the denominator, or the schedule "constant".',
  },
  'genesis/address': {
    message: 'An allocation or a stake has a text that is not an address.',
    help: 'Check it for typing errors; the checksum at its end does not match or its length is wrong.',
  },
  'genesis/address-network': {
    message: 'An allocation or a stake has an address of another network.',
    help: 'Addresses start with the addressPrefix of this file.',
  },
  'genesis/allocations-over-cap': {
    message: 'The allocations and stakes add up to more than the cap.',
    help: 'Lower the amounts or raise economy.cap; amounts are in hugs, 10^8 for one CALIN.',
  },
});
