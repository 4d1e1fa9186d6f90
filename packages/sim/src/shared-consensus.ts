import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Consensus } from '@calin/core/consensus/engine.ts';
import { type Header, headerId } from '@calin/core/primitives/header.ts';

/** Headers whose verdicts are found by their ids; of more, the oldest are forgotten. */
const IDS_MAX = 100_000;

/**
 * The same consensus, which works out the verdict on a header once for all nodes: thousands hold the very same object,
 * and some have read it from their disks or from bytes. What the consensus says of it follows from it and from its
 * branch, which it names by the hash of its parent. A node that cannot check a header yet does not ask.
 */
export function shareVerdicts({ production, finality, judge }: Consensus): Consensus {
  const verdicts = new WeakMap<Header, Result<undefined>>();
  const byId = new Map<string, Result<undefined>>();
  const remember = (header: Header, verdict: Result<undefined>): void => {
    verdicts.set(header, verdict);
    byId.set(bytesKey(headerId(header)), verdict);
    for (const oldest of byId.keys()) {
      if (byId.size <= IDS_MAX) break;
      byId.delete(oldest);
    }
  };
  return {
    finality,
    judge,
    production: {
      ...production,
      verifyHeader(header, parent, context) {
        const known = verdicts.get(header) ?? byId.get(bytesKey(headerId(header)));
        const verdict = known ?? production.verifyHeader(header, parent, context);
        if (!verdicts.has(header) && (verdict.ok || !verdict.error.retry)) remember(header, verdict);
        return verdict;
      },
    },
  };
}
