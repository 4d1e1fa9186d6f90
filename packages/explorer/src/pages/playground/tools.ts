/** The playgrounds. */
export const TOOLS = [
  {
    id: 'hash',
    name: 'Hash',
    summary: 'Hash a text or bytes for any use, and see which bits change.',
    source: 'packages/core/src/crypto/hash.ts',
    docs: 'docs/reference/encodings.md',
  },
  {
    id: 'merkle',
    name: 'Merkle tree',
    summary: 'Build a tree, prove that a leaf is in it, and try to prove one that is not.',
    source: 'packages/core/src/crypto/merkle.ts',
    docs: 'docs/reference/encodings.md',
  },
  {
    id: 'signature',
    name: 'Signature',
    summary: 'Make a key, sign, check, and turn over a bit.',
    source: 'packages/client/src/wallet/signed-message.ts',
    docs: 'docs/decisions/0002-zip215-with-libsodium.md',
  },
  {
    id: 'address',
    name: 'Address',
    summary: 'From a secret key to an address, and what a typing error does to it.',
    source: 'packages/core/src/primitives/address.ts',
    docs: 'docs/reference/encodings.md',
  },
] as const;

/** One of them. */
export type Tool = (typeof TOOLS)[number];
