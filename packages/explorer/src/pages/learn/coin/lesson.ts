import type { Lesson } from '../lesson.ts';

/** What money is here. */
export const COIN_LESSON = {
  id: 'coin',
  title: 'Coin',
  summary: 'A coin is made by one transaction and spent by another one, whole, and once.',
  docs: 'docs/reference/ledger.md',
  steps: [
    {
      id: 'spend',
      title: 'Coins are spent whole',
      text: [
        'There are no accounts in which numbers go up and down. There are coins, each with an amount and an owner. A payment spends some of them and makes new ones: for who is paid, and for you, with the change. What is left over is the fee.',
      ],
      task: 'Choose coins, and pay the shop.',
      learned:
        'The coins that you chose are gone, and new ones are there: one of the shop, and your change. The fee went to who made the block, and a part of it was burned.',
      source: 'packages/core/src/ledger/apply-transaction.ts',
    },
    {
      id: 'double',
      title: 'And only once',
      text: [
        'You have paid the shop with a coin. Nothing keeps you from signing another payment of the same coin. But the ledger keeps the coins that are not spent, and this one is not there any more.',
      ],
      task: 'Pay with a coin, then sign the same coin over to yourself.',
      learned:
        'A coin that was spent is not there for anybody. The ledger need not remember who spent it, only what is unspent.',
      source: 'packages/core/src/ledger/apply-transaction.ts',
    },
    {
      id: 'invent',
      title: 'Nothing comes from nothing',
      text: [
        'A transaction is signed, its coins are there, and it still must add up: what comes out is at most what goes in. New coins come only from the reward of a block, and the genesis file says how many.',
      ],
      task: 'Spend your coin of 5 CALIN and pay out more than 5.',
      learned: 'Signatures say who agrees, and sums say what is possible. The ledger checks both.',
      source: 'packages/core/src/ledger/asset-balances.ts',
    },
    {
      id: 'gather',
      title: 'Question: how many coins do you have?',
      text: [
        'You have three coins of 5, 3 and 2 CALIN. What you own is their sum, less what it costs to move them.',
      ],
      task: 'Make one coin of the three, with everything in it.',
      learned:
        'One coin is left, and it holds what the three held, less the fee. Wallets do so when many small coins have come together.',
      source: 'packages/client/src/transaction-builder/build-transaction.ts',
    },
  ],
} as const satisfies Lesson;
