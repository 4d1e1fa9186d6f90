import { SharedBlocks } from '@calin/core/chain/shared-blocks.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import type { Consensus } from '@calin/core/consensus/engine.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { VirtualClock } from './clock.ts';
import { SharedVerdicts } from './compute.ts';
import { Dice, seedFor } from './dice.ts';
import type { Division } from './divide-regions.ts';
import { SimLog, type SimLogOptions } from './log.ts';
import { Measures } from './measures.ts';
import { type NetworkOptions, SimNetwork } from './network.ts';
import { shareVerdicts } from './shared-consensus.ts';
import { REFERENCE_SIGNATURES, type Signatures } from './signatures.ts';
import { SharedRecords } from './store.ts';
import { Traffic } from './traffic.ts';

/** Blocks whose contents nodes share: more than any of them can be behind and still be helped. */
const SHARED_BLOCKS_MAX = 100_000;

/** One of the parts into which a run is divided. */
export interface PartOptions {
  readonly index: number;
  readonly division: Division;
}

/** What the nodes of one run, or of one part of it, have in common. */
export interface World {
  readonly seed: Uint8Array;
  /** The part of the run that this is; 0 where it is not divided. */
  readonly part: number;
  readonly spec: ChainSpec;
  readonly chainId: Hash;
  readonly consensus: Consensus;
  readonly clock: VirtualClock;
  readonly network: SimNetwork;
  readonly log: SimLog;
  readonly measures: Measures;
  readonly blocks: SharedBlocks;
  readonly records: SharedRecords;
  readonly verdicts: SharedVerdicts;
  /** They remember nothing. */
  readonly signatures: Signatures;
  /** Dice of one purpose; the same purpose always gives the same throws. */
  dice(purpose: string): Dice;
  /** The part in which the machines of a region work. */
  partOf(region: number): number;
}

/** Choices for {@link createWorld}. */
export interface WorldOptions {
  /** 32 bytes from which everything that happens follows. */
  readonly seed: Uint8Array;
  readonly spec: ChainSpec;
  readonly network: NetworkOptions;
  readonly log: SimLogOptions;
  /** The whole run when left out. */
  readonly part?: PartOptions | undefined;
  /** Whether it is measured when blocks become final; not when left out. */
  readonly watchesFinality?: boolean | undefined;
  /** The reference when left out. */
  readonly signatures?: Signatures | undefined;
}

/** Makes an empty world at the time of the genesis block. */
export function createWorld(options: WorldOptions): World {
  const { seed, spec, network, log, part, watchesFinality, signatures = REFERENCE_SIGNATURES } = options;
  const clock = new VirtualClock();
  const dice = (purpose: string) => new Dice(seedFor(seed, purpose));
  const traffic = new Traffic();
  const blocks = new SharedBlocks({ blocksMax: SHARED_BLOCKS_MAX });
  const { block: genesis } = blocks.genesis(() => createGenesis(spec));
  const index = part?.index ?? 0;
  const ports = { clock, dice, traffic, part: { index, count: part?.division.count ?? 1 } };
  return {
    seed,
    part: index,
    spec,
    chainId: genesis.id,
    consensus: shareVerdicts(createConsensus(spec)),
    clock,
    network: new SimNetwork(network, ports),
    log: new SimLog(log),
    measures: new Measures(clock, watchesFinality),
    blocks,
    records: new SharedRecords(),
    verdicts: new SharedVerdicts(signatures.verify),
    signatures,
    dice,
    partOf: (region) => part?.division.partOf[region] ?? 0,
  };
}
