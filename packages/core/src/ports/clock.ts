/** The time and one-shot timers. The only door to a clock; a simulator gives a virtual one. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Calls back once at or after `atMs`; a timer of the same name is replaced. */
  setTimer(name: string, atMs: number, callback: () => void): void;
  clearTimer(name: string): void;
}
