import { HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { PowSpec } from '@calin/core/spec/chain-spec.ts';
import { PRESETS, type PresetName } from '@calin/core/spec/consensus-presets.ts';
import { simKey } from './keys.ts';

/** What a scenario chooses of how its chain agrees. */
export interface SimConsensusOptions {
  /** By authorities in turn when left out, or by work where `work` is there. */
  readonly consensus?: PresetName | undefined;
  /** Keys 0 to this − 1 make blocks, or vote, or both. */
  readonly authorities: number;
  /** How far apart blocks should be, unless work says so. */
  readonly slotMs: number;
  /** What blocks take, where they take work. */
  readonly work?: Omit<PowSpec, 'kind'>;
  /**
   * Blocks that must follow before one is final, where no votes say so; checkpoints are near each other then too. As in
   * the preset when left out.
   */
  readonly finalityBlocks?: number | undefined;
}

/** What each validator has at stake: ten times the least bond, so that a penalty leaves it one. */
const STAKE = 10_000 * HUGS_PER_CALIN;

/**
 * Validators are chosen every so often that a run of some minutes sees several sets. It is longer than any machine of
 * the scenarios is off, so that none is taken for one that is gone.
 */
const EPOCH_BLOCKS = 60;

/** Checkpoints so near that blocks are final within half a minute. */
const INTERVAL_BLOCKS = 4;

/** The `consensus` of a genesis file: a preset with the numbers of a scenario, and its keys. */
export function simConsensus(options: SimConsensusOptions) {
  const { authorities, work, slotMs, finalityBlocks } = options;
  const preset = options.consensus ?? (work === undefined ? 'poa' : 'pow');
  const { production, finality, validators, needsValidators } = PRESETS[preset];
  const keys = Array.from({ length: authorities }, (_, i) => simKey(i));
  const stakes = keys.map(({ publicKey, address }) => {
    return { publicKey: toHex(publicKey), owner: formatAddress(address, 'dcal'), amount: STAKE };
  });
  const blockMs = work?.blockMs ?? slotMs;
  const depth = finality.kind === 'depth' ? (finalityBlocks ?? Number(finality['blocks'])) : 0;
  // A genesis file is refused whose validators serve before the block that chose them is final.
  const epochBlocks = Math.max(EPOCH_BLOCKS, depth);
  const byKind = {
    poa: { authorities: keys.map(({ publicKey }) => toHex(publicKey)), slotMs },
    pow: work,
    // With half a winner on average two slots of five have a block.
    pos: { slotMs: Math.max(1, Math.round(0.4 * slotMs)) },
    dpos: { slotMs },
    leader: {},
    depth: finalityBlocks === undefined ? {} : { blocks: finalityBlocks },
    votes: finalityBlocks === undefined ? {} : { intervalBlocks: INTERVAL_BLOCKS, resendMs: blockMs },
    'votes-each': { blockMs },
  } as const;
  return {
    preset,
    production: byKind[production.kind],
    finality: byKind[finality.kind],
    ...(needsValidators ? { validators: { kind: validators.kind, epochBlocks, stakes } } : {}),
  };
}
