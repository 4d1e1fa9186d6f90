/** What a test chain holds. Two chains of one size are the same, byte for byte. */
export interface ChainSize {
  /** Coins that exist before the first block of transfers. */
  readonly coins: number;
  /** Blocks of transfers. */
  readonly blocks: number;
  /** Transfers of each block: one input, two outputs; one signature and 248 bytes where one key owns a coin. */
  readonly transfers: number;
  /** Some transfers spend what others of the same run have made, also in the same block. */
  readonly respend: boolean;
  /** Every coin is locked by 8 of 16 keys, and a transfer has 1,176 bytes; by one key when left out. */
  readonly multisig?: boolean;
}

/** Outputs of a transaction that makes coins out of one: as many as a transaction can have. */
export const FAN_OUT = 255;

/** Transactions of that kind in a block: about 5 MB, 102,000 coins. */
export const FAN_OUTS_PER_BLOCK = 400;

/** What one block of the first step and the blocks of the second can make. */
const COINS_MAX = FAN_OUTS_PER_BLOCK * FAN_OUT * FAN_OUT;

/**
 * Says what is wrong with a size, or nothing.
 *
 * @param blockTransfersMax - what fits into the largest block
 */
export function checkChainSize(size: ChainSize, blockTransfersMax = 100_000): string | undefined {
  const { coins, blocks, transfers, respend } = size;
  for (const [name, value] of Object.entries({ coins, blocks, transfers })) {
    if (!Number.isInteger(value) || value < 1) return `--${name} is a whole number above 0, not ${value}`;
  }
  if (coins > COINS_MAX) return `--coins is at most ${COINS_MAX}`;
  if (transfers > blockTransfersMax) return `--transfers is at most ${blockTransfersMax}`;
  if (!respend && coins < blocks * transfers) {
    return `${blocks * transfers} transfers that each spend a coin of the start need as many --coins`;
  }
  return undefined;
}

/** The two steps from the coins of the genesis to those of the start. */
export interface FanOutPlan {
  /** Coins of the genesis, each spent by one transaction of the first step. */
  readonly seeds: number;
  /** Coins after the first step, each spent by one transaction of the second. */
  readonly middles: number;
  /** Blocks before the first transfer. */
  readonly blocks: number;
}

/** How the coins of a size are made: a genesis with millions of them would be a file of a gigabyte. */
export function planFanOut({ coins }: Pick<ChainSize, 'coins'>): FanOutPlan {
  const middles = Math.ceil(coins / FAN_OUT);
  const seeds = Math.ceil(middles / FAN_OUT);
  return { seeds, middles, blocks: 1 + Math.ceil(middles / FAN_OUTS_PER_BLOCK) };
}
