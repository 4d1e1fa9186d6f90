import type { Refusal, Result } from '@calin/core/base/result.ts';
import { useState } from 'react';
import { refusalWords } from './refusal-words.ts';

/** What a form does, whether it is at it, and what was wrong the last time. */
export interface Deed {
  /** Does it; true when it was not refused. */
  run(work: () => Promise<Result<unknown>>): Promise<boolean>;
  readonly isBusy: boolean;
  readonly refusal: Refusal | undefined;
  /** The refusal as sentences for a field. */
  readonly error: string | undefined;
  forget(): void;
}

/** Lets a form do something that can be refused. */
export function useDeed(): Deed {
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  return {
    isBusy,
    refusal,
    error: refusal === undefined ? undefined : refusalWords(refusal),
    forget: () => setRefusal(undefined),
    run: async (work) => {
      setIsBusy(true);
      const done = await work();
      setIsBusy(false);
      setRefusal(done.ok ? undefined : done.error);
      return done.ok;
    },
  };
}
