import type { Lesson } from '../lesson.ts';

/** What a block is, on a block of the chain that runs. */
export const BLOCK_LESSON = {
  id: 'block',
  title: 'Block',
  summary: 'A header of some 200 bytes stands for everything in a block.',
  docs: 'docs/reference/encodings.md',
  steps: [
    {
      id: 'id',
      title: 'The name of a block is its hash',
      text: [
        'This is the header of the newest block of the chain that this node serves. Nobody gave the block its name: it is the hash of these fields. Your browser can work it out and need not believe the node.',
      ],
      task: 'Hash the header in this page.',
      learned:
        'You have checked the name of a block that the node gave you. All nodes of the chain come to the same name.',
      source: 'packages/core/src/primitives/header.ts',
    },
    {
      id: 'change',
      title: 'Another field, another block',
      text: ['Whoever changes any field, by however little, has made another block with another name.'],
      task: 'Change two fields, and look at the id.',
      learned:
        'No field can be changed under the same id, so whoever knows the id of a block knows all of its header.',
      source: 'packages/core/src/primitives/header.ts',
    },
    {
      id: 'content',
      title: 'The header stands for the transactions',
      text: [
        'The header does not hold the transactions but the root of a tree of their hashes. Two hashes are hashed together, then two of the results, until one is left.',
      ],
      task: 'Work out the root of the transactions in this page, then leave one out.',
      learned:
        'The root is another one as soon as a transaction is missing. So the id of the block stands for its transactions too.',
      source: 'packages/core/src/crypto/merkle.ts',
    },
    {
      id: 'repair',
      title: 'Question: what was changed?',
      text: [
        'Somebody has changed one number of this copy of the header by one. The id of the real block is still known. It does not say what is wrong, only whether anything is.',
      ],
      task: 'Give the copy back the id of the real block.',
      learned:
        'Only the right header has the right id. You had to try: the hash does not say how near you are.',
      source: 'packages/core/src/primitives/header.ts',
    },
  ],
} as const satisfies Lesson;
