import type { Lesson } from '../lesson.ts';

/** Who makes the next block, and when it is sure. */
export const CONSENSUS_LESSON = {
  id: 'consensus',
  title: 'Consensus',
  summary: 'Many nodes, no leader, and still one next block.',
  docs: 'docs/reference/consensus.md',
  steps: [
    {
      id: 'turns',
      title: 'In turn',
      text: [
        'On a chain of authorities time is cut into slots of five seconds, and each slot belongs to one of them. A signature in the wrong slot is worth nothing.',
      ],
      task: 'Have a block made by one whose turn it is, and try one whose turn it is not.',
      learned:
        'All nodes know whose slot it is from the time in the header, so they all refuse the same blocks.',
      source: 'packages/core/src/consensus/poa/create-poa.ts',
    },
    {
      id: 'race',
      title: 'By work',
      text: [
        'Where anybody may make blocks, a slot cannot belong to anybody. Whoever finds a hash below the target first makes the block: a lottery in which each hash is a ticket.',
      ],
      task: 'Give the miners their shares, and let them find 20 blocks.',
      learned:
        'With a share of the hashes comes about that share of the blocks. Over a few blocks luck decides, over many the work.',
      source: 'packages/core/src/consensus/pow/create-pow.ts',
    },
    {
      id: 'votes',
      title: 'By votes',
      text: [
        'Here four validators vote on a block. When more than two thirds have signed for it, it is final: the signatures are a certificate that anybody can check, also years later.',
      ],
      task: 'Make a block final although one of the four stays silent.',
      learned: 'Three of four are more than two thirds. The chain went on without the silent one.',
      source: 'packages/core/src/consensus/votes-each/vote-tally.ts',
    },
    {
      id: 'liars',
      title: 'Question: how many may lie?',
      text: [
        'Two blocks of one height must never both be final. A validator that signs for both has lied, and its two signatures show it to everybody: that costs the stake. One liar is not enough.',
      ],
      task: 'Make both blocks final, with as few liars as you can.',
      learned:
        'With two of four it can be done, and both are known by their signatures. Less than a third can never do it: that is the bound of every such protocol.',
      source: 'packages/core/src/consensus/voting/signers.ts',
    },
  ],
} as const satisfies Lesson;
