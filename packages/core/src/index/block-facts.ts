import type { Amount } from '../base/amount.ts';
import type { Block } from '../primitives/block.ts';
import type { Receipt } from '../primitives/receipt.ts';

/** A block of the best branch with what the node knows of it. */
export interface BlockFacts {
  readonly block: Block;
  /** Of its transactions, in their order. */
  readonly receipts: readonly Receipt[];
  /** What it adds to its branch: its difficulty where blocks are made by work. */
  readonly weight: bigint;
  /**
   * The supply after the block, where it can be had. Else what is made follows from the schedule, and what is burned
   * from receipts and burn actions; only what slashing and the like destroy does not show there, and is made up for by
   * the next block that comes with its supply.
   */
  readonly supply: { readonly issued: Amount; readonly burned: Amount } | undefined;
}
