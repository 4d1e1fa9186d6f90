import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of what a wallet is asked to build, sign or join. */
export const refuseWallet = defineRules({
  'wallet/insufficient-funds': {
    message: 'The coins do not hold enough of an asset.',
    help: 'Send less, or add coins of the asset named in the evidence; the fee is paid in the native coin (asset 0).',
  },
  'wallet/too-many-inputs': {
    message: 'The amount is spread over more coins than one transaction can spend.',
    help: 'Join coins first by sending some of them to yourself, or send less.',
  },
  'wallet/too-many-outputs': {
    message: 'The transaction would have more than 255 outputs, the change included.',
    help: 'Split it into several.',
  },
  'wallet/too-large': {
    message: 'The transaction would have more bytes or gas than the chain allows.',
    help: 'Split it: fewer inputs, outputs or actions in each.',
  },
  'wallet/output-zero': {
    message: 'An output has amount 0.',
    help: 'Leave it out; the smallest amount is 1.',
  },
  'wallet/amount-too-large': {
    message: 'The amounts of one asset add up to more than 2^53 − 1.',
    help: 'No asset has more: check the amounts, and the source of the coins.',
  },
  'wallet/coin-repeated': {
    message: 'Two coins are the same output of the same transaction.',
    help: 'Name each coin once.',
  },
  'wallet/opening-mismatch': {
    message: 'Two coins of one address are to be opened in different ways.',
    help: 'One witness opens all coins of an address: choose one path.',
  },
  'wallet/coin-unknown': {
    message: 'A coin that was named cannot be spent.',
    help: 'It is spent, not mature, locked, or of another address: "calin coins ACCOUNT" lists those that can be.',
  },
  'wallet/payment-uri': {
    message: 'This is not a payment request of Calin.',
    help: 'It reads calin:ADDRESS?amount=1.5&label=… as docs/reference/wallet-file.md says; the evidence has the reason.',
  },
  'wallet/document': {
    message: 'The wallet cannot be as it would be.',
    help: 'The evidence says what is wrong: such as a name that is taken, or an address of another network.',
  },
  'wallet/backup': {
    message: 'The file is not a backup of a wallet.',
    help: 'Backups are written by "calin wallet backup"; docs/reference/wallet-file.md describes them.',
  },
  'wallet/name-unknown': {
    message: 'The wallet has no contact and no watched address of this name.',
    help: 'See "calin wallet show" for the names.',
  },
  'wallet/fee-rate': {
    message: 'The fee per gas is so high that no transaction could pay it.',
    help: 'It is in hugs per unit of gas; ask the node for an estimate.',
  },
  'wallet/missing-signature': {
    message: 'Signatures are missing.',
    help: 'Let as many of the named keys sign as the evidence says, then join their signatures.',
  },
  'wallet/missing-preimage': {
    message: 'The secret of a hash lock is missing.',
    help: 'Add the 32 bytes whose SHA-256 the lock names.',
  },
  'wallet/wrong-preimage': {
    message: 'The secret does not have the SHA-256 that the lock names, or the path asks for none.',
    help: 'Show the 32 bytes that belong to this lock.',
  },
  'wallet/signature-invalid': {
    message: 'A signature does not fit its key and the transaction.',
    help: 'Sign again; the signature may be for another transaction or another chain.',
  },
  'wallet/message': {
    message: 'The message is too long, or is no well-formed text.',
    help: 'Sign the hash of a long text; "calin notarise" makes one.',
  },
  'wallet/message-format': {
    message: 'This is no signed message.',
    help: 'Give the whole text that "calin message sign" has printed.',
  },
  'wallet/message-signature': {
    message: 'The address did not sign this message.',
    help: 'Check that text and signature are whole: a space or line end more is another message.',
  },
  'wallet/lock': {
    message: 'A set of keys makes no lock.',
    help: 'Name each key once, and let at most as many of them sign as there are.',
  },
  'wallet/lock-file': {
    message: 'This is no file of a lock.',
    help: 'Give a file that "calin lock" has written.',
  },
  'wallet/too-early': {
    message: 'The lock does not open yet by this path.',
    help: 'Wait for the height or the time in the evidence (milliseconds since 1970), or take another path.',
    retry: true,
  },
  'wallet/unknown-key': {
    message: 'The key opens none of the locks of this transaction.',
    help: 'Use a key of the paths that the transaction takes.',
  },
  'wallet/other-transaction': {
    message: 'The two belong to different transactions, chains or paths.',
    help: 'Join only copies of one and the same unsigned transaction.',
  },
  'wallet/format': {
    message: 'The bytes are not a partially signed transaction of this version.',
    help: 'It begins with the four letters "cpst" and the version 1.',
  },
});
