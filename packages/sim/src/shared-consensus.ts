import type { Result } from '@calin/core/base/result.ts';
import type { Consensus } from '@calin/core/consensus/engine.ts';
import type { Header } from '@calin/core/primitives/header.ts';

/**
 * The same consensus, which works out the verdict on a header once for all nodes: thousands hold the very same object,
 * and what the consensus says of it follows from it and from its branch, which it names by the hash of its parent. A
 * node that cannot check a header yet does not ask.
 */
export function shareVerdicts({ production, finality, judge }: Consensus): Consensus {
  const verdicts = new WeakMap<Header, Result<undefined>>();
  return {
    finality,
    judge,
    production: {
      ...production,
      verifyHeader(header, parent, context) {
        let verdict = verdicts.get(header);
        if (verdict === undefined) {
          verdict = production.verifyHeader(header, parent, context);
          if (verdict.ok || !verdict.error.retry) verdicts.set(header, verdict);
        }
        return verdict;
      },
    },
  };
}
