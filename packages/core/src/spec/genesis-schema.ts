import { AMOUNT_MAX, HUGS_PER_CALIN } from '../base/amount.ts';
import {
  array,
  boolean,
  choice,
  hex,
  type Infer,
  integer,
  object,
  optional,
  string,
  variant,
  withDefault,
  withDefaults,
} from '../base/schema.ts';
import { PUBLIC_KEY_BYTES } from '../crypto/signature.ts';
import { BLOCK_BYTES_MAX, TRANSACTION_BYTES_MAX } from '../primitives/limits.ts';
import type { FinalitySpec, PoaSpec, ProductionSpec, RewardSchedule } from './chain-spec.ts';
import { validatorsSchema } from './validator-schema.ts';
import { withPreset } from './with-preset.ts';

/** Authorities of a chain: each has a turn in every round, so more of them only make a missing one cost more. */
const AUTHORITIES_MAX = 1024;

/** Allocations of a chain: a million are 40 MB of spec, as much as a node should hash before its first block. */
const ALLOCATIONS_MAX = 1_000_000;

/** A slot of a day. A longer one is a mistake in the unit. */
const SLOT_MS_MAX = 86_400_000;

/** A month. A difficulty that follows even more slowly would leave a chain standing still. */
const HALF_LIFE_MS_MAX = 30 * SLOT_MS_MAX;

/** An hour: 360 blocks of ten seconds, so that luck hardly moves the difficulty and lost miners are made up for. */
const DEFAULT_HALF_LIFE_MS = 3_600_000;

/** Nodes to begin with; any one of them that answers is enough. */
const SEEDS_MAX = 64;

/** The longest address that nodes tell one another. */
const SEED_LENGTH_MAX = 256;

/** The last millisecond of the year 9999, the last one that RFC 3339 can write. */
const TIME_MS_MAX = 253_402_300_799_999;

/** Ten minutes: votes that wait longer belong to a network that stands still. */
const VOTE_MS_MAX = 600_000;

/** Blocks that can still be undone: a node keeps undo records for all of them. */
const DEPTH_MAX = 100_000;

/** Prices and limits of gas stay so low that the gas of a block is an exact number, whatever it holds. */
const GAS_PRICE_MAX = 1_000_000;
const GAS_MAX = 1_000_000_000_000;

/** Numerators and denominators stay so low that their products are exact. */
const RATIO_MAX = 1_000_000;

const HEIGHT_MAX = 0xffff_ffff;

/** A smaller block would have no room for a seal, a reward and a transfer of several inputs. */
const BLOCK_BYTES_LEAST = 4096;
const TRANSACTION_BYTES_LEAST = 512;

/**
 * Reward of a chain that names none: 0.4 CALIN, halved every 25.2 million blocks (four years of five-second slots),
 * comes to 20.16 million CALIN in all and leaves 4 % of the default cap to allocations.
 */
const DEFAULT_SCHEDULE: RewardSchedule = { kind: 'halving', intervalBlocks: 25_200_000 };

const scheduleSchema = variant<RewardSchedule>('kind', {
  constant: object('The same reward for every block, until the cap is reached.', {
    kind: choice('Names this schedule.', ['constant']),
  }),
  halving: object('Half the reward, rounded down, after every interval.', {
    kind: choice('Names this schedule.', ['halving']),
    intervalBlocks: integer('Blocks of one interval.', 1, HEIGHT_MAX),
  }),
  decay: object('The reward times numerator / denominator, rounded down, after every interval.', {
    kind: choice('Names this schedule.', ['decay']),
    intervalBlocks: integer('Blocks of one interval.', 1, HEIGHT_MAX),
    numerator: integer('Below the denominator.', 1, RATIO_MAX),
    denominator: integer('Above the numerator.', 2, RATIO_MAX),
  }),
});

/** A {@link ProductionSpec} with its keys in hexadecimal. */
export type ProductionFile =
  | (Omit<PoaSpec, 'authorities'> & { readonly authorities: readonly string[] })
  | Exclude<ProductionSpec, PoaSpec>;

const slotMs = integer(
  'Length of a slot in milliseconds; at most one block is made in each.',
  1,
  SLOT_MS_MAX,
);

const productionSchema = variant<ProductionFile>('kind', {
  poa: object('Proof of authority: listed keys make blocks in turn, one slot each.', {
    kind: choice('Names this kind of production.', ['poa']),
    authorities: withDefault(
      array(
        'Who makes blocks, in the order of turns: slot s belongs to number s mod n. None where `validators` says who.',
        hex('An Ed25519 public key.', { bytes: PUBLIC_KEY_BYTES }),
        AUTHORITIES_MAX,
      ),
      [],
    ),
    slotMs,
  }),
  pos: object('Proof of stake: a lottery in each slot, weighted by stake.', {
    kind: choice('Names this kind of production.', ['pos']),
    slotMs: integer('Length of a slot in milliseconds; a slot may stay empty.', 1, SLOT_MS_MAX),
    winnersPermille: withDefault(
      integer('Winners of a slot on average, in thousandths; more of them make more forks.', 1, 1000),
      500,
    ),
  }),
  dpos: object('Delegated proof of stake: the elected validators make blocks in turn, one slot each.', {
    kind: choice('Names this kind of production.', ['dpos']),
    slotMs,
  }),
  leader: object('The votes on each block ask one validator after the other for a block.', {
    kind: choice('Names this kind of production.', ['leader']),
  }),
  pow: object('Proof of work: anybody makes blocks, by searching for a hash that is small enough.', {
    kind: choice('Names this kind of production.', ['pow']),
    initialDifficulty: integer(
      'Hashes that block 1 takes on average. A core does some ten million a second.',
      1,
      Number.MAX_SAFE_INTEGER,
    ),
    blockMs: integer('How far apart blocks should be, in milliseconds.', 1, SLOT_MS_MAX),
    halfLifeMs: withDefault(
      integer(
        'A chain that is late by this long halves its difficulty, one that is early doubles it (ASERT).',
        1,
        HALF_LIFE_MS_MAX,
      ),
      DEFAULT_HALF_LIFE_MS,
    ),
  }),
});

const finalitySchema = variant<FinalitySpec>('kind', {
  depth: object('A block is final once a number of blocks follow it.', {
    kind: choice('Names this kind of finality.', ['depth']),
    blocks: integer('How many blocks must follow.', 1, DEPTH_MAX),
  }),
  votes: object('Validators vote on checkpoints; two thirds make one final (Casper FFG).', {
    kind: choice('Names this kind of finality.', ['votes']),
    intervalBlocks: withDefault(integer('Blocks from one checkpoint to the next.', 1, DEPTH_MAX), 8),
    lagBlocks: withDefault(
      integer('Blocks that have to stand on a checkpoint before it is voted for.', 0, DEPTH_MAX),
      2,
    ),
    resendMs: withDefault(
      integer('Milliseconds without news after which votes are sent again.', 1, VOTE_MS_MAX),
      5000,
    ),
  }),
  'votes-each': object('Validators vote on each block before the next one is made (Tendermint).', {
    kind: choice('Names this kind of finality.', ['votes-each']),
    blockMs: withDefault(integer('Milliseconds from one block to the next, at least.', 1, VOTE_MS_MAX), 1000),
    proposeMs: withDefault(
      integer('How long the first round of a height waits for its block.', 1, VOTE_MS_MAX),
      3000,
    ),
    voteMs: withDefault(
      integer('How long the first round waits for more votes once they differ.', 1, VOTE_MS_MAX),
      1000,
    ),
    growthMs: withDefault(integer('What each later round waits longer.', 1, VOTE_MS_MAX), 500),
    resendMs: withDefault(
      integer('Milliseconds without a decision after which votes are sent again.', 1, VOTE_MS_MAX),
      2000,
    ),
  }),
});

const economySchema = object('How coins come into being, in hugs (10^8 hugs are 1 CALIN).', {
  cap: withDefault(
    integer('Most hugs that may ever be issued, allocations included.', 1, AMOUNT_MAX),
    21_000_000 * HUGS_PER_CALIN,
  ),
  reward: withDefault(integer('Reward of block 1.', 0, AMOUNT_MAX), (4 * HUGS_PER_CALIN) / 10),
  schedule: withDefault(scheduleSchema, DEFAULT_SCHEDULE),
  rewardMaturityBlocks: withDefault(
    integer('Blocks before a reward can be spent; at least the depth of finality is wise.', 0, HEIGHT_MAX),
    100,
  ),
});

const feesSchema = object('What a transaction costs: its gas times the base fee, which is burned.', {
  baseFeeInitial: withDefault(integer('Base fee of block 1, in hugs per gas.', 0, AMOUNT_MAX), 10),
  baseFeeMin: withDefault(integer('The base fee never falls below this.', 0, AMOUNT_MAX), 1),
  baseFeeChangeDenominator: withDefault(
    integer('The base fee moves by at most 1 / this from block to block.', 1, RATIO_MAX),
    8,
  ),
  blockGasTarget: withDefault(integer('Gas of a block at which the base fee rests.', 1, GAS_MAX), 5_000_000),
  gasPerByte: withDefault(integer('Gas of each byte of a transaction.', 0, GAS_PRICE_MAX), 1),
  gasPerSignature: withDefault(integer('Gas of each signature to check.', 0, GAS_PRICE_MAX), 400),
  gasPerOutput: withDefault(integer('Gas of each coin that is added to the state.', 0, GAS_PRICE_MAX), 100),
  gasPerAction: withDefault(integer('Gas of each action, beside its bytes.', 0, GAS_PRICE_MAX), 100),
});

const limitsSchema = object('How much a block and a transaction may hold.', {
  blockBytesMax: withDefault(
    integer('Bytes of a block without its seal.', BLOCK_BYTES_LEAST, BLOCK_BYTES_MAX),
    2 * 1024 * 1024,
  ),
  blockGasMax: withDefault(integer('Gas of all transactions of a block.', 1, GAS_MAX), 10_000_000),
  transactionBytesMax: withDefault(
    integer('Bytes of a transaction.', TRANSACTION_BYTES_LEAST, TRANSACTION_BYTES_MAX),
    128 * 1024,
  ),
});

/** The whole file: every field, with what it means, its range and its default. */
export const genesisFileSchema = object('All that the nodes of a chain must share.', {
  name: string('Name of the chain: 1 to 32 letters, digits and hyphens.', {
    lengthMax: 32,
    pattern: '^[A-Za-z0-9-]{1,32}$',
  }),
  addressPrefix: string('What addresses start with, before the digit 1: 1 to 10 lower-case letters.', {
    lengthMax: 10,
    pattern: '^[a-z]{1,10}$',
  }),
  genesisTimeMs: integer('Time of the genesis block: milliseconds since 1970, UTC.', 0, TIME_MS_MAX),
  dev: withDefault(
    boolean(
      'True for a development chain: the faucet and the dev methods work. Never on a chain with value.',
    ),
    false,
  ),
  consensus: withPreset(
    object('How blocks are made and when they are final: in full, or by the name of a preset.', {
      production: productionSchema,
      finality: finalitySchema,
      validators: optional(validatorsSchema),
    }),
  ),
  economy: withDefaults(economySchema),
  fees: withDefaults(feesSchema),
  limits: withDefaults(limitsSchema),
  allocations: withDefault(
    array(
      'Coins that exist from the start, one for each entry.',
      object('A coin.', {
        address: string('Who owns it: an address with the prefix of this file.', { lengthMax: 90 }),
        amount: integer('Hugs.', 1, AMOUNT_MAX),
      }),
      ALLOCATIONS_MAX,
    ),
    [],
  ),
  seeds: optional(
    array(
      'Addresses of nodes that a new node begins with. Not a part of the spec: they may differ from node to node.',
      string('A multiaddr with the id of the peer, as in /dns4/seed.example.org/tcp/8646/p2p/12D3KooW…', {
        lengthMax: SEED_LENGTH_MAX,
      }),
      SEEDS_MAX,
    ),
  ),
});

/** A genesis file of the right shape. Plain JSON: what {@link genesisFileSchema} accepts and gives back. */
export type GenesisFile = Infer<typeof genesisFileSchema>;
