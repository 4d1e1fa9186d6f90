/** What a drill has shown, and by what. */
export interface Claim {
  readonly claim: string;
  /** What was seen, in a few words. */
  readonly seen: string;
  /** Seconds since the drill began. */
  readonly seconds: number;
}

/** Where a drill works, and whom it tells. */
export interface DrillPlace {
  /** Empty at the start; whatever the nodes write. */
  readonly folder: string;
  /** Called when something was shown; what does not hold is thrown. */
  claim(claim: string, seen: string): void;
}

/** Real nodes in a situation of the real world, and what has to hold there. */
export interface Drill {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Programs that it needs beside Node. */
  readonly programs: readonly string[];
  /** Works in a network of its own, see {@link inNamespaces}. */
  readonly isInNamespaces: boolean;
  run(place: DrillPlace): Promise<void>;
}

/** How long a drill waits for anything. */
const PATIENCE_MS = 90_000;

/** Looks again and again until something is there, and says what was missing when it does not come. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Throws what was expected when it does not hold. */
export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
