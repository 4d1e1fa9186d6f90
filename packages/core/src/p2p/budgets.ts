import { BUDGETS, type BudgetName } from './limits.ts';

/** Where the level of each family begins in {@link Budgets}. */
const PLACES: Readonly<Record<BudgetName, number>> = {
  blocks: 0,
  transactions: 3,
  control: 6,
  peers: 9,
  headers: 12,
  bodies: 15,
  snapshot: 18,
  consensus: 21,
  announcements: 24,
  strays: 27,
};

/** The full buckets of a new peer, never filled before the first message of a family. */
const FULL: readonly number[] = Object.keys(PLACES).flatMap((family) => {
  const { messagesBurst, bytesBurst } = BUDGETS[family as BudgetName];
  return [messagesBurst, bytesBurst, Number.NaN];
});

/**
 * What one peer may still send, by family of messages: buckets that fill at the rates of {@link BUDGETS}. Every message
 * comes by here, so all levels of a peer are one flat array.
 */
export class Budgets {
  /** Messages, bytes, and when they were filled, for each family at its place. */
  readonly #levels = FULL.slice();

  /** Takes a message out of its family's budget; false when there was too little left, and nothing was taken. */
  take(family: BudgetName, bytes: number, nowMs: number): boolean {
    const budget = BUDGETS[family];
    const levels = this.#levels;
    const at = PLACES[family];
    const aheadMs = nowMs - (levels[at + 2] as number);
    levels[at + 2] = nowMs;
    let messagesLeft = levels[at] as number;
    let bytesLeft = levels[at + 1] as number;
    // A clock that was set back fills nothing, and what comes after counts from there.
    if (aheadMs > 0) {
      const seconds = aheadMs / 1000;
      messagesLeft = Math.min(budget.messagesBurst, messagesLeft + seconds * budget.messagesPerSecond);
      bytesLeft = Math.min(budget.bytesBurst, bytesLeft + seconds * budget.bytesPerSecond);
    }
    const isTaken = messagesLeft >= 1 && bytesLeft >= bytes;
    levels[at] = isTaken ? messagesLeft - 1 : messagesLeft;
    levels[at + 1] = isTaken ? bytesLeft - bytes : bytesLeft;
    return isTaken;
  }
}
