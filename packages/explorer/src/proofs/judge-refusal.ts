import type { Refusal } from '@calin/core/base/result.ts';
import type { Verdict } from './claims.ts';

/** Rules by which the check of a proof fails: nobody breaks them by accident. */
const CONTRADICTIONS = /^(?:light\/(?:value-mismatch|inclusion|link)|state\/proof|codec\/|merkle\/|json\/)/;

/**
 * What a refusal on the way to a proof means. A node that cannot help proves nothing either way; one that
 * sends a proof that does not hold has said something else than the chain.
 */
export function judgeRefusal({ rule, message, help }: Refusal): Verdict {
  if (CONTRADICTIONS.test(rule)) return { kind: 'wrong', rule, why: message };
  return { kind: 'open', why: `${message} ${help}` };
}
