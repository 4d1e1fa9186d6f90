import type { Lesson } from '../lesson.ts';

/** Who may say what. */
export const SIGNATURE_LESSON = {
  id: 'signature',
  title: 'Signature',
  summary: 'A secret number shows who agreed, and to what exactly.',
  docs: 'docs/reference/encodings.md',
  steps: [
    {
      id: 'key',
      title: 'A key is a number',
      text: [
        'A secret key is 32 bytes that nobody else can guess. The public key is worked out from it, by Ed25519, and the address is a hash of that. There is no way back, and nobody has to be asked.',
        'This key is made in the page and forgotten with it.',
      ],
      task: 'Make a key.',
      learned:
        'You have an address now, and no one else needs to know. The secret key is the only proof that it is yours: keep such a number well.',
      source: 'packages/core/src/crypto/signature.ts',
    },
    {
      id: 'sign',
      title: 'What was signed stays as it is',
      text: [
        'A signature is 64 bytes that only the secret key can make and that anybody can check with the public key. It fits one message, to the last letter.',
      ],
      task: 'Sign the message. Then change a letter of it.',
      learned:
        'The signature is for one message only. Who changes an amount in a signed promise holds nothing in hand.',
      source: 'packages/core/src/crypto/signature.ts',
    },
    {
      id: 'flip',
      title: 'Nearly right is wrong',
      text: [
        'There is no signature that fits nearly. Which ones hold is said by one exact rule, ZIP-215, so that no two nodes of a chain ever disagree.',
      ],
      task: 'Turn over a bit of the signature, and check it.',
      learned: 'One bit of 512 is enough to make it worthless.',
      source: 'packages/core/src/crypto/signature.ts',
    },
    {
      id: 'steal',
      title: 'Question: what does the ledger take?',
      text: [
        'The owner of a coin has signed a payment of 4 CALIN to the shop, and you have got hold of it on its way. You have a key of your own, and the ledger of a node to try things on.',
      ],
      task: 'Try at least two ways to take the coin, then the one that the ledger accepts.',
      learned:
        'What was signed cannot be changed, and what is locked cannot be opened with another key. Anybody may carry a signed payment to a node.',
      source: 'packages/core/src/ledger/apply-transaction.ts',
    },
  ],
} as const satisfies Lesson;
