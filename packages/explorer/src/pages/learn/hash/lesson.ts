import type { Lesson } from '../lesson.ts';

/** What a hash is, and what work is. */
export const HASH_LESSON = {
  id: 'hash',
  title: 'Hash',
  summary: 'Any text becomes 256 bits that nobody can foresee.',
  docs: 'docs/reference/encodings.md',
  steps: [
    {
      id: 'type',
      title: 'A text becomes a number',
      text: [
        'A hash function takes bytes of any length and gives 32 bytes. The same bytes always give the same hash. Nobody knows a way back, and nobody has ever found two inputs with one hash.',
        'Calin uses BLAKE3. Each square below is one of the 256 bits.',
      ],
      task: 'Change the text and watch the bits.',
      learned: 'About half of the bits are others each time, whether you changed one letter or all of them.',
      source: 'packages/core/src/crypto/hash.ts',
    },
    {
      id: 'flip',
      title: 'One bit changes half of them',
      text: [
        'Inputs that are nearly the same have hashes that have nothing in common: each bit of the hash changes with a chance of one half, whichever bit of the input was turned over.',
      ],
      task: 'Turn over three different bits of the input.',
      learned:
        'Each time about 128 of 256 bits changed. Who sees only the hash learns nothing about how near two inputs were.',
      source: 'packages/core/src/crypto/blake3-chunk.ts',
    },
    {
      id: 'domain',
      title: 'Each use has a hash of its own',
      text: [
        'Calin hashes headers, transactions, coins and addresses. Each use has a key of its own, so what was hashed for one use can never stand for another one.',
      ],
      task: 'Hash the same text for two other uses.',
      learned:
        'The same five bytes have another hash for each use. A coin cannot be passed off as a transaction.',
      source: 'packages/core/src/crypto/hash.ts',
    },
    {
      id: 'work',
      title: 'Question: what does a zero cost?',
      text: [
        'Since nobody can foresee a hash, whoever wants one that begins with zeros has to try. A hash that begins with 8 zero bits shows that about 256 were tried, and anybody checks it by hashing once. That is proof of work.',
      ],
      task: 'Find a hash that begins with 16 zero bits. Find easier ones first, and compare how many hashes each took.',
      learned:
        'Each zero bit more doubles the work on average; luck decides how far from the average one search ends. Checking stays one hash.',
      source: 'packages/core/src/consensus/pow/search-nonce.ts',
    },
  ],
} as const satisfies Lesson;
