/** A tenth of a run. */
export interface Tenth {
  /** Blocks in it, at least one. */
  readonly blocks: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * Cuts a run into ten parts of equally many blocks, or one more where the number is not a multiple of ten.
 *
 * @param answered - when each block was done, counted from the start of the run; at least ten
 */
export function tenthsOf(
  answered: readonly { readonly wallMs: number; readonly cpuMs: number }[],
): readonly Tenth[] {
  const at = (blocks: number) => answered[blocks - 1] ?? { wallMs: 0, cpuMs: 0 };
  return Array.from({ length: 10 }, (_, i) => {
    const from = Math.round((i * answered.length) / 10);
    const to = Math.round(((i + 1) * answered.length) / 10);
    return {
      blocks: to - from,
      wallMs: at(to).wallMs - at(from).wallMs,
      cpuMs: at(to).cpuMs - at(from).cpuMs,
    };
  });
}
