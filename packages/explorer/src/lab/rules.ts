import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of what somebody wants to do in the lab; what a node refuses is refused by the rules of the node. */
export const refuseLab = defineRules({
  'lab/value': {
    message: 'The text is no value of this field.',
    help: 'Numbers are whole and fit the bytes of the field; hashes are hexadecimal, addresses as they are shown.',
  },
  'lab/field-gone': {
    message: 'The bytes have no such field any more.',
    help: 'Undo the last change, or begin again.',
  },
  'lab/key-unknown': {
    message: 'The page does not have the key.',
    help: 'Only the keys of development chains are public; start one with “calin dev”.',
  },
  'lab/no-payment': {
    message: 'The block has no payment that the page could sign again.',
    help: 'Take a block with a payment of a development account, such as one of the faucet.',
  },
  'lab/not-here': {
    message: 'On this chain, or in this block, there is nothing to change in this way.',
    help: 'Take another block, or try something else.',
  },
  'lab/genesis': {
    message: 'The genesis block follows from the genesis file: nobody sends it, and nobody checks it.',
    help: 'Take a block above it.',
  },
  'lab/too-large': {
    message: 'The block is too large for the page.',
    help: 'Take a smaller one.',
  },
  'lab/stopped': {
    message: 'The work was stopped before it was done.',
    help: 'Begin it again, take the work as done, or undo the change.',
  },
  'lab/failed': {
    message: 'The page could not do this.',
    help: 'Load it again; if it stays so, the browser may be too old.',
  },
  'lab/other-chain': {
    message: 'The blocks of the node do not lead to the block that was asked for.',
    help: 'The chain was reorganised, or the node says what is not so. Load the page again.',
    retry: true,
  },
});
