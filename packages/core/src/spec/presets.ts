import { HUGS_PER_CALIN } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import type { PublicKey } from '../crypto/signature.ts';
import { formatAddress, keyAddress } from '../primitives/address.ts';
import type { Allocation, ChainSpec } from './chain-spec.ts';
import { PRESETS, type PresetName } from './consensus-presets.ts';
import { parseGenesisFile } from './genesis-file.ts';
import type { GenesisFile } from './genesis-schema.ts';
import { ADDRESS_PREFIXES } from './prefixes.ts';
import type { ValidatorsSpec } from './validator-spec.ts';

/** What a development chain leaves open. */
export interface DevOptions {
  /** `calin-dev` when left out. */
  readonly name?: string;
  /** The one key that makes blocks, or validates. */
  readonly authority: PublicKey;
  /** Further keys with the same rights, of a chain with several nodes. */
  readonly others?: readonly PublicKey[];
  readonly genesisTimeMs: number;
  /** Coins from the start; at most the default cap of 21 million CALIN together, with the stakes. */
  readonly allocations: readonly Allocation[];
  /** How the chain agrees; by its authorities when left out. */
  readonly consensus?: PresetName;
  /** Where validators come from; as in the preset when left out. */
  readonly validators?: ValidatorsSpec['kind'];
  /** How far apart blocks should be; whatever suits one machine when left out. */
  readonly blockMs?: number;
  /** Work of block 1; a guess for one machine when left out. Means nothing where blocks take none. */
  readonly work?: DevWork;
}

/** How much work blocks take, as in PowSpec. */
export interface DevWork {
  readonly initialDifficulty: number;
  readonly halfLifeMs: number;
}

/**
 * Two cores find a block about every second at first, and within an hour every ten seconds whatever the machine. A
 * half-life of ten minutes follows miners that come and go while somebody watches.
 */
const DEV_WORK: DevWork = { initialDifficulty: 50_000_000, halfLifeMs: 600_000 };

/** What the owner of each validator has bonded: ten times the least bond, so that a penalty leaves it a validator. */
const DEV_STAKE = 10_000 * HUGS_PER_CALIN;

/** Everything that epochs bring can be seen within minutes. */
const DEV_STAKING = { epochBlocks: 20, unbondingEpochs: 3, jailEpochs: 1 } as const;

/** A block is final ten blocks, or two to three short intervals, after it was made. */
const DEV_DEPTH = { blocks: 10 } as const;
const DEV_VOTES = { intervalBlocks: 4, lagBlocks: 1, resendMs: 1000 } as const;

/**
 * The spec of {@link parseDevSpec}, which is known to be one.
 *
 * @throws AssertionError when it is refused: a key is not one, or the allocations exceed the cap
 */
export function devSpec(options: DevOptions): ChainSpec {
  const spec = parseDevSpec(options);
  assert(spec.ok, spec.ok ? '' : `${spec.error.message} ${String(spec.error.evidence['path'])}`);
  return spec.value;
}

/**
 * The spec of a chain on one machine: blocks whenever there is something to do (slots of a millisecond) or at a pace
 * that can be watched, cheap fees, and rewards that can be spent after one block, so that nobody waits.
 *
 * @returns what {@link parseGenesisFile} says of it
 */
export function parseDevSpec(options: DevOptions): Result<ChainSpec> {
  const { name = 'calin-dev', genesisTimeMs, allocations } = options;
  const file = {
    name,
    addressPrefix: ADDRESS_PREFIXES.dev,
    genesisTimeMs,
    dev: true,
    consensus: devConsensus(options),
    economy: { rewardMaturityBlocks: 1 },
    fees: { baseFeeInitial: 1 },
    allocations: allocations.map(({ address, amount }) => ({
      address: formatAddress(address, ADDRESS_PREFIXES.dev),
      amount,
    })),
  } satisfies { [K in keyof GenesisFile]?: unknown };
  return parseGenesisFile(file);
}

/** What a development chain has otherwise than the preset of its name. */
function devConsensus(options: DevOptions) {
  const { authority, others = [], consensus = 'poa', validators } = options;
  const keys = [authority, ...others];
  const preset = PRESETS[consensus];
  const { kind } = preset.finality;
  const finality = kind === 'depth' ? DEV_DEPTH : kind === 'votes' ? DEV_VOTES : devRounds(options);
  return {
    preset: consensus,
    production: devProduction(preset.production.kind, keys, options),
    finality,
    ...(preset.needsValidators || validators !== undefined
      ? { validators: devValidators(keys, options) }
      : {}),
  };
}

function devProduction(kind: string, keys: readonly PublicKey[], options: DevOptions) {
  const { blockMs, work = DEV_WORK, validators } = options;
  switch (kind) {
    case 'poa':
      // Authorities that are validators too are listed there, and may change.
      return {
        authorities: validators === 'authorities' ? [] : keys.map(toHex),
        slotMs: blockMs ?? 1,
      };
    case 'pow':
      return { ...work, ...(blockMs === undefined ? {} : { blockMs }) };
    case 'pos':
      // With 0.5 winners on average two slots of five have a block.
      return { slotMs: blockMs === undefined ? 400 : Math.max(1, Math.round(0.4 * blockMs)) };
    case 'dpos':
      return { slotMs: blockMs ?? 1000 };
    default:
      return {};
  }
}

function devRounds({ blockMs }: DevOptions) {
  return blockMs === undefined ? {} : { blockMs };
}

function devValidators(keys: readonly PublicKey[], { consensus = 'poa', validators }: DevOptions) {
  const kind = validators ?? PRESETS[consensus].validators.kind;
  if (kind === 'authorities')
    return { kind, epochBlocks: DEV_STAKING.epochBlocks, authorities: keys.map(toHex) };
  return {
    kind,
    ...DEV_STAKING,
    stakes: keys.map((publicKey) => ({
      publicKey: toHex(publicKey),
      owner: formatAddress(keyAddress(publicKey), ADDRESS_PREFIXES.dev),
      amount: DEV_STAKE,
    })),
  };
}
