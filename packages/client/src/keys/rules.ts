import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of words and paths that a person typed. */
export const refuseKeys = defineRules({
  'keys/mnemonic-length': {
    message: 'The phrase has the wrong number of words.',
    help: 'A phrase has 12, 15, 18, 21 or 24 words, with a space between them.',
  },
  'keys/mnemonic-word': {
    message: 'A word of the phrase is not in the list of BIP-39.',
    help: 'Compare the word named in the evidence with your note; the first four letters of a word decide.',
  },
  'keys/mnemonic-checksum': {
    message: 'The words are known, but together they are no phrase: one is wrong or two are swapped.',
    help: 'Compare every word and the order with your note.',
  },
  'keys/path': {
    message: 'The derivation path is malformed.',
    help: "Write it as m/44'/1'/0'/0': every step below 2147483648 and with an apostrophe.",
  },
});
