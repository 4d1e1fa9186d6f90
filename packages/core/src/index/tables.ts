import { defineTable, type RowOf, type Table } from './table.ts';

/**
 * Version of all tables below. An index of another version is made anew: everything in it follows from the blocks.
 */
export const INDEX_FORMAT = 1;

/** What the index is of, and its version: under `chain` the chain id in hexadecimal, under `format` a number. */
export const META = defineTable(1, 'meta', { name: 'text' }, { value: 'text' });

/** The last block in the index; one row, with slot 0, or none in an empty index. */
export const TIP = defineTable(2, 'tip', { slot: 'u32' }, { height: 'u32', id: 'hash' });

/** How to take the newest blocks back out; see undo.ts. */
export const UNDO = defineTable(3, 'undo', { height: 'u32' }, { changes: 'bytes' });

/**
 * The blocks of the best branch. What begins with `total` is summed up from genesis to the block, so that the sum over
 * any stretch is one subtraction, and a chart of any length reads as many rows as it has points.
 */
export const BLOCKS = defineTable(
  4,
  'blocks',
  { height: 'u32' },
  {
    id: 'hash',
    timeMs: 'u53',
    producer: 'hash',
    /** The reward included. */
    transactions: 'u32',
    /** Of the header, its seal and all transactions. */
    bytes: 'u32',
    gas: 'u53',
    baseFee: 'u53',
    /** Fees of all transactions, and what was burned and made in this block, in hugs. */
    fees: 'u53',
    burned: 'u53',
    issued: 'u53',
    weight: 'big',
    totalTransactions: 'u53',
    totalBytes: 'u53',
    totalGas: 'big',
    totalFees: 'big',
    totalWeight: 'big',
    /** Hugs ever made and ever burned, as the state has them; see {@link BlockFacts.supply}. */
    totalIssued: 'u53',
    totalBurned: 'u53',
    /** Hugs in coins after the block; what else exists is staked. */
    inCoins: 'u53',
  },
);

/** Heights by block id. */
export const BLOCK_IDS = defineTable(5, 'block_ids', { id: 'hash' }, { height: 'u32' });

/** Where each transaction is. */
export const TRANSACTIONS = defineTable(
  6,
  'transactions',
  { txid: 'hash' },
  { height: 'u32', position: 'u32' },
);

/** Coins that nobody has spent: what an input takes is only known from here. */
export const COINS = defineTable(
  7,
  'coins',
  { txid: 'hash', output: 'u32' },
  { address: 'hash', asset: 'u53', amount: 'u53' },
);

/** What a transaction did to the coins of an address, for each asset. */
export const MOVEMENTS = defineTable(
  8,
  'movements',
  { address: 'hash', height: 'u32', position: 'u32', asset: 'u53' },
  { txid: 'hash', received: 'u53', sent: 'u53' },
);

/** How much of an asset the coins of an address hold; no row for nothing. */
export const BALANCES = defineTable(9, 'balances', { asset: 'u53', address: 'hash' }, { amount: 'u53' });

/** The same, sorted by amount. */
export const HOLDERS = defineTable(10, 'holders', { asset: 'u53', amount: 'u53', address: 'hash' }, {});

/** How many addresses hold an asset, and how many transactions moved it; the native coin included. */
export const ASSETS = defineTable(11, 'assets', { asset: 'u53' }, { holders: 'u53', movements: 'u53' });

/** Tokens that were created. */
export const TOKENS = defineTable(
  12,
  'tokens',
  { asset: 'u53' },
  {
    symbol: 'text',
    name: 'text',
    decimals: 'u32',
    supply: 'u53',
    supplyMax: 'u53',
    /** 32 zeros when nobody may mint. */
    minter: 'hash',
    height: 'u32',
    position: 'u32',
    action: 'u32',
    txid: 'hash',
  },
);

/** Tokens in the order in which they were created. */
export const TOKEN_ORDER = defineTable(
  13,
  'token_order',
  { height: 'u32', position: 'u32', action: 'u32' },
  { asset: 'u53' },
);

/** What tokens are found by; see token-words.ts. */
export const TOKEN_WORDS = defineTable(14, 'token_words', { word: 'text', asset: 'u53' }, {});

/** Who made blocks. */
export const PRODUCERS = defineTable(
  15,
  'producers',
  { producer: 'hash' },
  { blocks: 'u32', fees: 'big', firstHeight: 'u32', lastHeight: 'u32' },
);

/** The same, sorted by blocks. */
export const PRODUCER_ORDER = defineTable(16, 'producer_order', { blocks: 'u32', producer: 'hash' }, {});

/** Every table, by its tag. */
export const TABLES: readonly Table[] = [
  META,
  TIP,
  UNDO,
  BLOCKS,
  BLOCK_IDS,
  TRANSACTIONS,
  COINS,
  MOVEMENTS,
  BALANCES,
  HOLDERS,
  ASSETS,
  TOKENS,
  TOKEN_ORDER,
  TOKEN_WORDS,
  PRODUCERS,
  PRODUCER_ORDER,
];

/** A row of {@link BLOCKS}. */
export type BlockRow = RowOf<typeof BLOCKS>;
/** A row of {@link TOKENS}. */
export type TokenRow = RowOf<typeof TOKENS>;
/** A row of {@link COINS}. */
export type CoinRow = RowOf<typeof COINS>;
