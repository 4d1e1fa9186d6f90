import type { Amount } from '../base/amount.ts';
import { assert, unreachable } from '../base/assert.ts';
import { utf8Bytes } from '../base/text.ts';
import { Writer } from '../codec/writer.ts';
import { type Hash, hash } from '../crypto/hash.ts';
import type { PublicKey } from '../crypto/signature.ts';
import type { Address } from '../primitives/address.ts';
import { type ValidatorsSpec, writeValidators } from './validator-spec.ts';

/**
 * Everything that all nodes of a chain must share. A value that is passed, never a global; its hash is the parent
 * of the genesis block, so two nodes that differ in one number are on two chains.
 */
export interface ChainSpec {
  /** Letters, digits and hyphens, 1 to 32: `calin-dev`. */
  readonly name: string;
  /** Human part of addresses: `cal`, `tcal`, `dcal`. */
  readonly addressPrefix: string;
  /** Header time of the genesis block. */
  readonly genesisTimeMs: number;
  /** A development network: the faucet and the `dev_*` methods work. Never set on a network with value. */
  readonly dev: boolean;
  readonly consensus: ConsensusSpec;
  readonly economy: EconomySpec;
  readonly fees: FeeSpec;
  readonly limits: LimitSpec;
  /** Coins of the genesis state: allocation i is the outpoint (spec hash, i). */
  readonly allocations: readonly Allocation[];
}

/** How blocks are made, and when they are final: two choices, freely combined. */
export interface ConsensusSpec {
  readonly production: ProductionSpec;
  readonly finality: FinalitySpec;
  /** Where the validators of each epoch come from; undefined for a chain that needs none beside its production. */
  readonly validators?: ValidatorsSpec;
}

/** Proof of authority: the authorities make blocks in turn, one slot each. */
export interface PoaSpec {
  readonly kind: 'poa';
  /** For as long as the chain exists. Empty where those who vote make the blocks too, and change by their votes. */
  readonly authorities: readonly PublicKey[];
  /** Length of a slot. A block's slot is floor(timeMs / slotMs) and must be later than its parent's. */
  readonly slotMs: number;
}

/** Proof of work: anybody makes blocks, by searching for a hash that is small enough. */
export interface PowSpec {
  readonly kind: 'pow';
  /** Hashes that block 1 takes on average; 1 or more. The target keeps 16 significant bits of it at least. */
  readonly initialDifficulty: number;
  /** How far apart blocks should be. */
  readonly blockMs: number;
  /** A chain that is late by this long halves its difficulty, one that is early doubles it. */
  readonly halfLifeMs: number;
}

/** Proof of stake: in each slot a lottery of its own for each validator, weighted by its stake. Slots may be empty. */
export interface PosSpec {
  readonly kind: 'pos';
  /** Length of a slot, as in {@link PoaSpec}. */
  readonly slotMs: number;
  /** Winners of a slot, on average, in thousandths: fewer mean emptier slots, more mean more forks. */
  readonly winnersPermille: number;
}

/** Delegated proof of stake: the validators that stake has elected make blocks in turn, one slot each. */
export interface DposSpec {
  readonly kind: 'dpos';
  /** Length of a slot, as in {@link PoaSpec}. */
  readonly slotMs: number;
}

/** The votes on each block ask one validator after the other for a block; only with {@link VotesEachSpec}. */
export interface LeaderSpec {
  readonly kind: 'leader';
}

/** Who makes blocks. Closed: each kind has a tag in {@link encodeSpec} and an engine in consensus/. */
export type ProductionSpec = PoaSpec | PowSpec | PosSpec | DposSpec | LeaderSpec;

/** A block is final once this many blocks follow it. */
export interface DepthSpec {
  readonly kind: 'depth';
  readonly blocks: number;
}

/** A block is final once validators of two thirds of the weight have voted for it, or for one after it. */
export interface VotesSpec {
  readonly kind: 'votes';
  /** A checkpoint, on which there are votes, every so many blocks. */
  readonly intervalBlocks: number;
  /** Blocks that have to stand on a checkpoint before it is voted for, so that forks near the head are over. */
  readonly lagBlocks: number;
  /** After this time without news, votes are sent again. */
  readonly resendMs: number;
}

/** Every block is voted on before the next one is made. Time-outs are those of consensus/votes-each/timeouts.ts. */
export interface VotesEachSpec {
  readonly kind: 'votes-each';
  readonly blockMs: number;
  readonly proposeMs: number;
  readonly voteMs: number;
  readonly growthMs: number;
  readonly resendMs: number;
}

/** When a block can no longer be undone. Closed, like {@link ProductionSpec}. */
export type FinalitySpec = DepthSpec | VotesSpec | VotesEachSpec;

/** How the reward of a block falls with the height. */
export type RewardSchedule =
  | { readonly kind: 'constant' }
  /** Halves (rounding down) every so many blocks. */
  | { readonly kind: 'halving'; readonly intervalBlocks: number }
  /** Multiplies by numerator / denominator (rounding down) every so many blocks. */
  | {
      readonly kind: 'decay';
      readonly intervalBlocks: number;
      readonly numerator: number;
      readonly denominator: number;
    };

/** How coins come into being. */
export interface EconomySpec {
  /** Most hugs that may ever be issued, allocations included; burned hugs do not come back. */
  readonly cap: Amount;
  /** Reward of block 1, in hugs. */
  readonly reward: Amount;
  readonly schedule: RewardSchedule;
  /** Blocks before a reward can be spent, so that a reorganisation cannot pull it out of later payments. */
  readonly rewardMaturityBlocks: number;
}

/** Prices. Gas measures what a transaction costs every node; the base fee prices gas and is burned. */
export interface FeeSpec {
  /** Base fee of block 1, hugs per gas. */
  readonly baseFeeInitial: Amount;
  readonly baseFeeMin: Amount;
  /** The base fee moves by at most 1 / this per block (8 gives 12.5 %). */
  readonly baseFeeChangeDenominator: number;
  /** Gas of a block at which the base fee rests. */
  readonly blockGasTarget: number;
  readonly gasPerByte: number;
  readonly gasPerSignature: number;
  /** For each coin that is added: state lives on every node. */
  readonly gasPerOutput: number;
  /** For each action, beside its bytes. */
  readonly gasPerAction: number;
}

/** How much a block and a transaction may hold; at most the hard limits of primitives/limits.ts. */
export interface LimitSpec {
  readonly blockBytesMax: number;
  readonly blockGasMax: number;
  readonly transactionBytesMax: number;
}

/** A coin that exists from the start. */
export interface Allocation {
  readonly address: Address;
  readonly amount: Amount;
}

/** Version of {@link encodeSpec}. */
const SPEC_VERSION = 1;

/** First bytes of the two choices; a new kind gets the next number and a branch of its own. */
const PRODUCTION_TAGS: Readonly<Record<ProductionSpec['kind'], number>> = {
  poa: 1,
  pow: 2,
  pos: 3,
  dpos: 4,
  leader: 5,
};
const FINALITY_TAGS: Readonly<Record<FinalitySpec['kind'], number>> = { depth: 1, votes: 2, 'votes-each': 3 };

/**
 * The canonical bytes of a spec: every list has its length before it and every choice its tag, so two specs never
 * have the same bytes.
 *
 * @see docs/reference/encodings.md#spec
 */
export function encodeSpec(spec: ChainSpec): Uint8Array {
  const writer = new Writer();
  writer.u32(SPEC_VERSION);
  writeText(writer, spec.name);
  writeText(writer, spec.addressPrefix);
  writer.u53(spec.genesisTimeMs).u8(spec.dev ? 1 : 0);
  writeConsensus(writer, spec.consensus);
  writeEconomy(writer, spec.economy);
  const { fees, limits } = spec;
  writer
    .u53(fees.baseFeeInitial)
    .u53(fees.baseFeeMin)
    .u32(fees.baseFeeChangeDenominator)
    .u53(fees.blockGasTarget);
  writer.u32(fees.gasPerByte).u32(fees.gasPerSignature).u32(fees.gasPerOutput).u32(fees.gasPerAction);
  writer.u32(limits.blockBytesMax).u53(limits.blockGasMax).u32(limits.transactionBytesMax);
  writer.u32(spec.allocations.length);
  for (const { address, amount } of spec.allocations) writer.hash(address).u53(amount);
  // Last, so that a spec without validators has the bytes it had before there were any.
  if (spec.consensus.validators !== undefined) writeValidators(writer, spec.consensus.validators);
  return writer.finish();
}

/** The hash that the genesis block names as its parent. */
export function specHash(spec: ChainSpec): Hash {
  return hash('spec', encodeSpec(spec));
}

function writeText(writer: Writer, text: string): void {
  assert(text.isWellFormed(), 'a lone surrogate has no bytes of its own');
  const bytes = utf8Bytes(text);
  writer.u8(bytes.length).bytes(bytes);
}

function writeConsensus(writer: Writer, { production, finality }: ConsensusSpec): void {
  writeProduction(writer, production);
  writeFinality(writer, finality);
}

function writeProduction(writer: Writer, production: ProductionSpec): void {
  writer.u8(PRODUCTION_TAGS[production.kind]);
  switch (production.kind) {
    case 'poa':
      writer.u32(production.slotMs).u16(production.authorities.length);
      for (const authority of production.authorities) writer.hash(authority);
      break;
    case 'pow':
      writer.u53(production.initialDifficulty).u32(production.blockMs).u32(production.halfLifeMs);
      break;
    case 'pos':
      writer.u32(production.slotMs).u16(production.winnersPermille);
      break;
    case 'dpos':
      writer.u32(production.slotMs);
      break;
    case 'leader':
      break;
    default:
      unreachable(production);
  }
}

function writeFinality(writer: Writer, finality: FinalitySpec): void {
  writer.u8(FINALITY_TAGS[finality.kind]);
  switch (finality.kind) {
    case 'depth':
      writer.u32(finality.blocks);
      break;
    case 'votes':
      writer.u32(finality.intervalBlocks).u32(finality.lagBlocks).u32(finality.resendMs);
      break;
    case 'votes-each':
      writer.u32(finality.blockMs).u32(finality.proposeMs).u32(finality.voteMs);
      writer.u32(finality.growthMs).u32(finality.resendMs);
      break;
    default:
      unreachable(finality);
  }
}

function writeEconomy(writer: Writer, { cap, reward, schedule, rewardMaturityBlocks }: EconomySpec): void {
  writer.u53(cap).u53(reward).u32(rewardMaturityBlocks);
  switch (schedule.kind) {
    case 'constant':
      writer.u8(1);
      break;
    case 'halving':
      writer.u8(2).u32(schedule.intervalBlocks);
      break;
    case 'decay':
      writer.u8(3).u32(schedule.intervalBlocks).u32(schedule.numerator).u32(schedule.denominator);
      break;
    default:
      unreachable(schedule);
  }
}
