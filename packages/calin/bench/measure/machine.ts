import { availableParallelism } from 'node:os';

/** What every result says about where it was measured. */
export function machine(): { readonly cores: number; readonly node: string } {
  return { cores: availableParallelism(), node: process.version };
}
