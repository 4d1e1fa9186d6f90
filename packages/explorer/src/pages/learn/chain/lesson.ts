import type { Lesson } from '../lesson.ts';

/** How blocks hold each other fast. */
export const CHAIN_LESSON = {
  id: 'chain',
  title: 'Chain',
  summary: 'Each block names the one before it, so the past cannot be changed alone.',
  docs: 'docs/reference/chain.md',
  steps: [
    {
      id: 'grow',
      title: 'Three blocks',
      text: [
        'This is a chain of its own that a node in this page keeps: the same code as in every node, without a network. Each block takes about 2,000 hashes of work, and its header holds the id of the block before.',
      ],
      task: 'Make three blocks.',
      learned:
        'Each block holds the id of the one before. Work that was put into a later block also stands behind the earlier ones.',
      source: 'packages/core/src/ledger/build-block.ts',
    },
    {
      id: 'break',
      title: 'One second breaks it',
      text: [
        'Say that block 1 was made a second later. Its id is another one then: the work in its seal was done for the old one, and block 2 names a block that is no longer there.',
      ],
      task: 'Change the time of block 1.',
      learned: 'Nobody had to watch block 1. Whoever checks the chain finds the change by hashing.',
      source: 'packages/core/src/consensus/pow/create-pow.ts',
    },
    {
      id: 'redo',
      title: 'All work after it has to be done again',
      text: [
        'A changed block can be sealed anew: that takes as much work as the first time. And then the block after it, which has to name the new id, and so on up to the newest one.',
      ],
      task: 'Redo the work until all three blocks hold.',
      learned:
        'You did the work of three blocks to change one second. The deeper a block lies, the more has to be done again.',
      source: 'packages/core/src/consensus/pow/search-nonce.ts',
    },
    {
      id: 'offer',
      title: 'Question: will anybody take it?',
      text: [
        'Now your three blocks follow every rule, and so do the three of the node. A node keeps what it has seen first as long as the other branch has no more work in it.',
      ],
      task: 'Make the node take your branch as the best one.',
      learned:
        'The node follows the branch with the most work. So to change the past one has to work faster than all honest miners together.',
      source: 'packages/core/src/chain/fork-choice.ts',
    },
  ],
} as const satisfies Lesson;
