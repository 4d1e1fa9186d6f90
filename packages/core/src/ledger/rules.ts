import type { Failure } from '../base/result.ts';
import { defineRules } from '../base/rules.ts';

/**
 * Refusals of transactions and blocks by the ledger. Points are given where no honest sender can be wrong: a rule
 * that depends on the bytes alone, or on coins that can never change. `retry` marks what time can heal.
 */
export const refuseLedger = defineRules({
  // The shape of a transaction: needs no state.
  'tx/too-large': {
    message: 'The transaction has more bytes than the chain allows.',
    help: 'Split it: fewer inputs, outputs or actions in each.',
    banPoints: 20,
  },
  'tx/no-inputs': {
    message: 'The transaction spends no coin.',
    help: 'Add at least one input; only the reward transaction of a block has none.',
    banPoints: 20,
  },
  'tx/input-repeated': {
    message: 'Two inputs name the same coin.',
    help: 'Name each coin once.',
    banPoints: 20,
  },
  'tx/output-zero': {
    message: 'An output has amount 0.',
    help: 'Leave it out; the smallest amount is 1.',
    banPoints: 20,
  },
  'tx/gas-too-high': {
    message: 'The transaction uses more gas than a whole block may.',
    help: 'Split it: fewer signatures, outputs or actions in each.',
    banPoints: 20,
  },
  'tx/sum-too-large': {
    message: 'The amounts of one asset add up to more than 2^53 − 1.',
    help: 'Split the transaction; a sum is at most 9007199254740991 base units.',
    banPoints: 20,
  },

  // Witnesses and locks.
  'tx/witness-missing': {
    message: 'The next witness does not open the address that must agree.',
    help: 'Give one witness for each distinct address, in the order in which inputs, then actions, first need it.',
    banPoints: 20,
  },
  'tx/witness-unused': {
    message: 'The transaction carries a witness that nothing needs.',
    help: 'Remove it, and announce as many witnesses as there are addresses that must agree.',
    banPoints: 20,
  },
  'tx/signature-invalid': {
    message: 'A signature does not fit its key and the transaction.',
    help: 'Sign the txid again, with the chain id of this chain; see docs/reference/ledger.md.',
    banPoints: 50,
  },
  'tx/preimage-wrong': {
    message: 'The secret shown does not have the SHA-256 that the lock names.',
    help: 'Show the 32-byte secret that belongs to this lock.',
    banPoints: 20,
  },
  'tx/height-too-low': {
    message: 'The lock opens at a later height.',
    help: 'Send it again when the chain has reached the expected height.',
    retry: true,
  },
  'tx/time-too-early': {
    message: 'The lock opens at a later time.',
    help: 'Send it again once a block has a header time of at least the expected one.',
    retry: true,
  },
  'tx/age-too-low': {
    message: 'The coin has not rested for as many blocks as this way of spending asks.',
    help: 'Send it again when enough blocks lie on top of the coin, or spend as the owner.',
    retry: true,
  },
  'tx/age-without-coin': {
    message: 'An action is authorised by a way of spending that asks how long a coin has rested.',
    help: 'An authority has no coin that could rest: let the owner of the address agree.',
    banPoints: 20,
  },

  // Coins and time.
  'tx/expired': {
    message: 'The block is later than the last height the transaction allows.',
    help: 'Make and sign it again with a later expiry height, or with 0 for none.',
  },
  'tx/coin-missing': {
    message: 'An input names a coin that does not exist.',
    help: 'It was spent before, or the transaction that creates it has not arrived yet.',
    retry: true,
  },
  'tx/coin-spent': {
    message: 'An input names a coin that an earlier transaction of the same block spends.',
    help: 'Choose another coin; two transactions cannot spend one.',
  },
  'tx/coin-immature': {
    message: 'An input names a reward that is too young to be spent.',
    help: 'Wait until it is as many blocks old as expected.',
    retry: true,
  },

  // Amounts.
  'tx/asset-imbalance': {
    message: 'Of an issued asset, inputs and minted amount differ from outputs and burned amount.',
    help: 'Make both sides equal: return the rest to yourself, or burn it with an action.',
    banPoints: 20,
  },
  'tx/native-overspent': {
    message: 'The outputs and burned amount of the native coin exceed its inputs.',
    help: 'Spend more coins, or send less.',
    banPoints: 20,
  },
  'tx/fee-too-low': {
    message: 'The fee does not cover gas × base fee.',
    help: 'Leave at least the expected surplus; the base fee can also fall in a later block.',
    retry: true,
  },

  // Actions.
  'action/unknown': {
    message: 'No action has this tag.',
    help: 'See the tags in docs/reference/ledger.md; a newer version may know it.',
    banPoints: 10,
  },
  'data/note': {
    message: 'The note is longer than 256 bytes or is not valid UTF-8.',
    help: 'Shorten it, or notarise the hash of a longer text.',
    banPoints: 20,
  },
  'data/already-notarised': {
    message: 'This author has notarised this hash before.',
    help: 'The first entry stands for ever: prove that one.',
  },
  'token/symbol': {
    message: 'The symbol is not 1 to 12 of the letters A-Z and digits 0-9.',
    help: 'Choose another symbol; it need not be unique.',
    banPoints: 20,
  },
  'token/name': {
    message: 'The name is longer than 64 bytes, not valid UTF-8, or holds control characters.',
    help: 'Shorten it, and use only characters that can be seen.',
    banPoints: 20,
  },
  'token/decimals': {
    message: 'The token shows more than 18 decimals.',
    help: 'Choose 0 to 18.',
    banPoints: 20,
  },
  'token/supply-range': {
    message: 'The maximum supply is 0, or the initial supply is above it.',
    help: 'Choose a maximum of 1 to 9007199254740991 and at most that to begin with.',
    banPoints: 20,
  },
  'token/amount-zero': {
    message: 'A token action mints or burns nothing.',
    help: 'Give an amount of at least 1.',
    banPoints: 20,
  },
  'token/id-taken': {
    message: 'Another token has the id that the first input gives.',
    help: 'Put another coin first among the inputs.',
  },
  'token/unknown': {
    message: 'No token has this id.',
    help: 'Check the id; a token exists from the transaction on that creates it.',
    retry: true,
  },
  'token/not-mintable': {
    message: 'The token has no minter: its supply can never grow.',
    help: 'Create another token with a minter.',
    banPoints: 20,
  },
  'token/supply-exceeded': {
    message: 'The supply would exceed the maximum set when the token was created.',
    help: 'Mint less; burned units can be minted again.',
  },
  'token/burn-too-large': {
    message: 'More would be burned than exists.',
    help: 'Burn at most what the inputs hold.',
    banPoints: 20,
  },

  // Blocks.
  'block/base-fee': {
    message: 'The header does not name the base fee that follows from the parent.',
    help: 'See the base fee rule in docs/reference/ledger.md.',
    banPoints: 100,
  },
  'block/too-large': {
    message: 'The block, without its seal, has more bytes than the chain allows.',
    help: 'Leave transactions for the next block.',
    banPoints: 100,
  },
  'block/gas-exceeded': {
    message: 'The transactions use more gas than a block may.',
    help: 'Leave transactions for the next block.',
    banPoints: 100,
  },
  'block/tx-root-mismatch': {
    message: 'The transaction root of the header is not that of the transactions.',
    help: 'The header belongs to other transactions, or one was changed.',
    banPoints: 100,
  },
  'block/gas-used-mismatch': {
    message: 'The gas in the header is not what the transactions use.',
    help: 'Count the gas of all transactions; of the reward, that of its actions.',
    banPoints: 100,
  },
  'block/receipt-root-mismatch': {
    message: 'The receipt root of the header is not that of the receipts.',
    help: 'Execute the block again on the state after its parent.',
    banPoints: 100,
  },
  'block/state-root-mismatch': {
    message: 'The state root of the header is not that of the state after the block.',
    help: 'Execute the block again on the state after its parent.',
    banPoints: 100,
  },
  'block/reward-missing': {
    message: 'The block has no transactions; the first one must be the reward.',
    help: 'Add the reward transaction, with no outputs if nothing is due.',
    banPoints: 100,
  },
  'block/reward-shape': {
    message: 'The first transaction is not a reward: it spends, pays another asset or has another expiry.',
    help: 'A reward has only native outputs of at least 1 and the height of its block as expiry.',
    banPoints: 100,
  },
  'block/reward-actions': {
    message: 'The reward does something that rewards cannot do, or too much of it.',
    help: 'A reward holds at most 4 pieces of evidence of 4,096 bytes and one certificate; see docs/reference/ledger.md.',
    banPoints: 100,
  },
  'block/reward-amount': {
    message: 'The reward does not pay exactly the block reward, the tips and what its evidence claims.',
    help: 'Pay the scheduled reward plus the fees that are not burned.',
    banPoints: 100,
  },
});

/**
 * The refusal of a block for one of its transactions: the same rule, but final, because the block says on which
 * state the transaction must hold, and with the transaction's position as evidence.
 */
export function refuseInBlock(failure: Failure, transaction: number): Failure {
  const { error } = failure;
  const evidence = { ...error.evidence, transaction };
  return { ok: false, error: { ...error, evidence, banPoints: 100, retry: false } };
}
