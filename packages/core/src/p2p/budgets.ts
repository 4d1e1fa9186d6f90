import { BUDGETS } from './limits.ts';
import type { MessageFamily } from './messages/message-codec.ts';

interface Level {
  messages: number;
  bytes: number;
  filledMs: number;
}

/** What one peer may still send, by family of messages: buckets that fill at the rates of {@link BUDGETS}. */
export class Budgets {
  readonly #levels = new Map<MessageFamily, Level>();

  /** Takes a message out of its family's budget; false when there was too little left, and nothing was taken. */
  take(family: MessageFamily, bytes: number, nowMs: number): boolean {
    const budget = BUDGETS[family];
    let level = this.#levels.get(family);
    if (level === undefined) {
      level = { messages: budget.messagesBurst, bytes: budget.bytesBurst, filledMs: nowMs };
      this.#levels.set(family, level);
    }
    // A clock that was set back fills nothing, and what comes after counts from there.
    const seconds = Math.max(0, nowMs - level.filledMs) / 1000;
    level.filledMs = nowMs;
    level.messages = Math.min(budget.messagesBurst, level.messages + seconds * budget.messagesPerSecond);
    level.bytes = Math.min(budget.bytesBurst, level.bytes + seconds * budget.bytesPerSecond);
    if (level.messages < 1 || level.bytes < bytes) return false;
    level.messages -= 1;
    level.bytes -= bytes;
    return true;
  }
}
