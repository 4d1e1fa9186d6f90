import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of what a person types about locks and transactions that several sign. */
export const refuseLock = defineRules({
  'page/key': {
    message: 'This is neither an account of this wallet nor a public key.',
    help: 'A public key has 64 of the digits 0-9 and a-f. The others find theirs beside each account in their wallets.',
  },
  'page/number': {
    message: 'This is not a number that can stand here.',
    help: 'Write a whole number that is neither too small nor too large; the evidence says from where to where.',
  },
  'page/time': {
    message: 'This is no moment that can be meant.',
    help: 'Choose a day and a time.',
  },
  'page/hash': {
    message: 'This is not a hash or a secret.',
    help: 'It has 64 of the digits 0-9 and a-f.',
  },
  'page/receiver': {
    message: 'Nobody is known by this name, and it is no address of this network.',
    help: 'Give an address, or the name of an account, a lock or a contact of this wallet.',
  },
  'page/request-differs': {
    message: 'The payment request asks for something else.',
    help: 'Leave the amount as the request has it, or pay to its address without the request.',
  },
  'page/partial-chain': {
    message: 'This transaction is one of another chain.',
    help: 'Open it on the page of a node of its chain; a signature of this wallet would be for that chain.',
  },
  'page/partial': {
    message: 'This is no transaction that somebody has begun to sign.',
    help: 'Open a file that ends in .cpst, or paste the text that the other wallet has shown.',
  },
});
