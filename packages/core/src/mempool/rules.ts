import { defineRules } from '../base/rules.ts';

/**
 * Refusals of the pool. They are this node's policy, so none bans: another node may have had more room, or may not
 * have seen the other transaction. What the chain's rules refuse keeps the ledger's id (`tx/…`, `token/…`).
 */
export const refuseMempool = defineRules({
  'mempool/known': {
    message: 'The transaction is in the pool already.',
    help: 'Nothing is to be done: it waits for a block.',
  },
  'mempool/conflict': {
    message: 'The transaction spends both a coin and an output of another transaction that spends this coin.',
    help: 'Leave out one of the two inputs: a transaction cannot replace what it builds on.',
  },
  'mempool/fee-too-low': {
    message: 'The fee is below what the pool asks for at present.',
    help: 'Pay at least the expected fee, or send the transaction in a package with a child that pays for both.',
    retry: true,
  },
  'mempool/replacement-fee-too-low': {
    message:
      'The pool holds transactions that spend the same coins, and this one does not pay enough to replace them.',
    help: 'Pay at least the expected fee: more per gas than each replaced one, and more than all of them together.',
  },
  'mempool/replaces-too-many': {
    message: 'The transaction would replace too many others.',
    help: 'Wait until some of them are in a block, or spend fewer contested coins.',
    retry: true,
  },
  'mempool/too-many-ancestors': {
    message: 'The transaction builds on too many others that wait for a block.',
    help: 'Send it again when some of them are in a block, or spend coins that are in a block.',
    retry: true,
  },
  'mempool/too-many-descendants': {
    message: 'Too many waiting transactions build on one that this one builds on.',
    help: 'Send it again when some of them are in a block, or spend coins that are in a block.',
    retry: true,
  },
  'mempool/chain-too-large': {
    message: 'The transaction and the waiting ones it is chained to have too many bytes.',
    help: 'Send it again when some of them are in a block, or spend coins that are in a block.',
    retry: true,
  },
  'mempool/full': {
    message: 'The pool is full of transactions that pay more.',
    help: 'Pay more per gas than the expected rate, or send it again later.',
    retry: true,
  },
  'mempool/package-shape': {
    message: 'The package is not one transaction preceded by what it builds on.',
    help: 'Send 1 to 25 transactions, parents first, and only such that the last one depends on.',
  },
});
