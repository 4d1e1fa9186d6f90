import type { FinalitySpec, ProductionSpec } from './chain-spec.ts';
import type { ValidatorsSpec } from './validator-spec.ts';

/** Names of whole choices of a consensus, in the order in which pages and reports list them. */
export const PRESET_NAMES = ['poa', 'pow', 'pos', 'dpos', 'hybrid', 'bft'] as const;

/** One of {@link PRESET_NAMES}. */
export type PresetName = (typeof PRESET_NAMES)[number];

/** A part of a preset: the fields of a genesis file that it fills in. */
export interface PresetPart<K extends string = string> {
  readonly kind: K;
  readonly [field: string]: string | number;
}

/** What `"preset"` in a genesis file stands for; every field of it may be written otherwise in the file. */
export interface ConsensusPreset {
  /** One sentence for people. */
  readonly summary: string;
  readonly production: PresetPart<ProductionSpec['kind']>;
  readonly finality: PresetPart<FinalitySpec['kind']>;
  /** Who they are is for the file to say. */
  readonly validators: PresetPart<ValidatorsSpec['kind']> & Pick<ValidatorsSpec, 'epochBlocks'>;
  /** Whether the chain has validators also when its file names none; it is refused for that then. */
  readonly needsValidators: boolean;
  /** The reason of each number, by its path below `consensus`. */
  readonly why: Readonly<Record<string, string>>;
}

const POA: ConsensusPreset = {
  summary: 'Listed authorities make blocks in turn; a block is final when 60 more follow it.',
  production: { kind: 'poa', slotMs: 5000 },
  finality: { kind: 'depth', blocks: 60 },
  validators: { kind: 'authorities', epochBlocks: 17_280 },
  needsValidators: false,
  why: {
    'production.slotMs':
      'The default rewards are counted in slots of five seconds. A block is around the world in one, also when clocks are a second off.',
    'finality.blocks':
      'Five minutes. A part of the network that half of the authorities or fewer are in takes ten minutes for 60 blocks, so no shorter break makes two blocks of one height final.',
    'validators.epochBlocks': 'A day of slots; only where the file has authorities that change by vote.',
  },
};

const POW: ConsensusPreset = {
  summary: 'Anybody makes blocks by work; a block is final when 60 more follow it.',
  production: { kind: 'pow', initialDifficulty: 100_000_000, blockMs: 10_000, halfLifeMs: 3_600_000 },
  finality: { kind: 'depth', blocks: 60 },
  validators: { kind: 'stake', epochBlocks: 8640 },
  needsValidators: false,
  why: {
    'production.initialDifficulty':
      'What one core does in ten seconds. The difficulty follows; raise it where many miners wait for the start.',
    'production.blockMs':
      'Most blocks are at nearly all nodes within a second, so less than a tenth of the work goes into blocks that lose.',
    'production.halfLifeMs':
      '360 blocks: luck hardly moves the difficulty, and lost miners are made up for in hours.',
    'finality.blocks':
      'Ten minutes. Who has 35 % of the hash rate overtakes 41 blocks with less than one chance in 1,000 (Nakamoto 2008, section 11), and a part of the network with half of it takes twenty minutes for 60.',
    'validators.epochBlocks': 'A day of blocks; only where the file adds validators, for finality by votes.',
  },
};

const POS: ConsensusPreset = {
  summary: 'Stake wins slots by lottery; two thirds of the stake make checkpoints final.',
  production: { kind: 'pos', slotMs: 2000, winnersPermille: 500 },
  finality: { kind: 'votes', intervalBlocks: 8, lagBlocks: 2, resendMs: 5000 },
  validators: { kind: 'stake', epochBlocks: 17_280, membersMax: 100 },
  needsValidators: true,
  why: {
    'production.slotMs':
      'Twice what a block takes around the world. With the winners below it makes a block every five seconds.',
    'production.winnersPermille':
      'Two slots of five have a winner, and of those not quite a quarter have two, whose blocks compete.',
    'finality.intervalBlocks':
      'Forty seconds: a block is final after one to two of these, and votes are few beside the blocks.',
    'finality.lagBlocks':
      'Two winners of one slot are told apart by the block after them; votes come after that.',
    'finality.resendMs': 'A block time: a vote that was lost is there before the next checkpoint.',
    'validators.epochBlocks':
      'A day of blocks. Who leaves waits for one to two of them, a new validator for two to three.',
    'validators.membersMax':
      'A certificate has a signature for each of two thirds of them: 100 keep it at 4.4 KB.',
  },
};

const DPOS: ConsensusPreset = {
  summary: 'Stake elects 21 delegates, who make blocks in turn; a block is final when 63 more follow it.',
  production: { kind: 'dpos', slotMs: 3000 },
  finality: { kind: 'depth', blocks: 63 },
  validators: { kind: 'stake', epochBlocks: 28_800, membersMax: 21 },
  needsValidators: true,
  why: {
    'production.slotMs':
      'Delegates run good machines: three seconds are enough around the world, as on BitShares.',
    'finality.blocks':
      'Three rounds. Ten of the 21 take more than six minutes for 63 blocks, so no shorter break makes two blocks of one height final.',
    'validators.epochBlocks': 'A day of slots: so often delegates are elected.',
    'validators.membersMax': 'So few that those who vote can know them all, as on EOS.',
  },
};

const HYBRID: ConsensusPreset = {
  summary: 'Miners make blocks by work; two thirds of the stake make checkpoints final.',
  production: { kind: 'pow', initialDifficulty: 100_000_000, blockMs: 10_000, halfLifeMs: 3_600_000 },
  finality: { kind: 'votes', intervalBlocks: 8, lagBlocks: 2, resendMs: 5000 },
  validators: { kind: 'stake', epochBlocks: 8640, membersMax: 100 },
  needsValidators: true,
  why: {
    'production.initialDifficulty': 'As in pow.',
    'production.blockMs': 'As in pow.',
    'production.halfLifeMs': 'As in pow.',
    'finality.intervalBlocks':
      'Eighty seconds: a block is final after one to two of these, sooner than by depth, and whoever has most of the hash rate cannot undo it.',
    'finality.lagBlocks': 'Two blocks that were found at once are told apart by the block after them.',
    'finality.resendMs': 'Half a block time: a vote that was lost is there before the next checkpoint.',
    'validators.epochBlocks':
      'A day of blocks. Who leaves waits for one to two of them, a new validator for two to three.',
    'validators.membersMax': 'As in pos.',
  },
};

const BFT: ConsensusPreset = {
  summary: 'Validators vote on each block before the next one is made: each block is final at once.',
  production: { kind: 'leader' },
  finality: {
    kind: 'votes-each',
    blockMs: 1000,
    proposeMs: 3000,
    voteMs: 1000,
    growthMs: 500,
    resendMs: 2000,
  },
  validators: { kind: 'stake', epochBlocks: 86_400, membersMax: 100 },
  needsValidators: true,
  why: {
    'finality.blockMs': 'The block and two votes after it go around the world within a second.',
    'finality.proposeMs':
      'A leader is waited for three times as long as a large block takes, then the next one is asked.',
    'finality.voteMs':
      'Once two thirds have voted, the votes of the others come within a second or not at all.',
    'finality.growthMs':
      'After ten rounds without a decision votes are waited for six times as long as in the first one.',
    'finality.resendMs': 'Votes that were lost cost two seconds and no round.',
    'validators.epochBlocks':
      'A day of blocks. Who leaves waits for one to two of them, a new validator for two to three.',
    'validators.membersMax': 'Votes grow with the square of it: 100 validators send 20,000 for each block.',
  },
};

/** All presets. */
export const PRESETS: Readonly<Record<PresetName, ConsensusPreset>> = {
  poa: POA,
  pow: POW,
  pos: POS,
  dpos: DPOS,
  hybrid: HYBRID,
  bft: BFT,
};
