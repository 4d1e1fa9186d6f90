import type { Lesson } from '../lesson.ts';

/** What happens when two blocks are found at once. */
export const FORK_LESSON = {
  id: 'fork',
  title: 'Fork',
  summary: 'Two branches grow, one wins, and the payments of the other one wait again.',
  docs: 'docs/reference/chain.md',
  steps: [
    {
      id: 'apart',
      title: 'Two heads',
      text: [
        'Two nodes keep the same chain, and each has a miner. When the wire between them is cut, each goes on alone, and neither can know.',
      ],
      task: 'Cut the wire, and let both miners find a block.',
      learned: 'Neither node is wrong. Each follows all rules with what it knows.',
      source: 'packages/core/src/chain/block-tree.ts',
    },
    {
      id: 'join',
      title: 'The branch with more work wins',
      text: [
        'Both branches have the same work now, so each node stays on the one that it saw first. The next block decides: the node on the other branch takes its blocks back and follows. That is a reorganisation.',
      ],
      task: 'Bring the nodes apart, join the wire, and find blocks until both have one head again.',
      learned:
        'No vote was needed: the next block made one branch heavier, and both nodes followed the same rule.',
      source: 'packages/core/src/chain/fork-choice.ts',
    },
    {
      id: 'return',
      title: 'A payment comes back',
      text: [
        'A payment in a block that was left behind is not lost. Its coin is unspent again, so it goes back to those that wait, and the next block takes it.',
      ],
      task: 'Pay the shop at A while the wire is cut, let A put it into a block, and let the branch of B win. Then find the block that takes the payment again.',
      learned:
        'The reorganisation took the block back and the payment waited again. Nobody had to send it a second time.',
      source: 'packages/core/src/mempool/head-move.ts',
    },
    {
      id: 'double',
      title: 'Question: when is a payment sure?',
      text: [
        'The shop sees the payment in a block of A and hands over the goods. But on the branch of B the same coin can go somewhere else, and only one branch wins.',
      ],
      task: 'Have the shop paid in a block at A, and make that payment impossible for ever.',
      learned:
        'The shop waited for one block, which was not enough. With each block on top such a branch takes more work; where votes make blocks final, one waits for that.',
      source: 'packages/core/src/chain/reorg.ts',
    },
  ],
} as const satisfies Lesson;
