/** No measure of how quick anything is: only sooner than the end of a test that hangs. */
const PATIENCE_MS = 60_000;

/** Waits until a condition holds; long enough for a machine that is busy with other things. */
export async function until(condition: () => boolean, withinMs = PATIENCE_MS): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
