import type { BlockFacts, Production } from './engine.ts';

const EMPTY = new Uint8Array(0);
const NOTHING: BlockFacts = {};

/** What a production says whose turns follow from time or work alone. */
export const NO_CLAIM = {
  claimOf: () => EMPTY,
  facts: () => NOTHING,
} as const satisfies Pick<Production, 'claimOf' | 'facts'>;
