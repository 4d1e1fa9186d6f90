import type { Refusal } from '@calin/core/base/result.ts';
import { refusalWords } from '../../../wallet/refusal-words.ts';
import { formatMoment } from '../../../words/format-time.ts';
import { formatCount } from '../../../words/format-units.ts';

/** What is wrong, with the facts of refusals that only locks have, as sentences for a field. */
export function lockRefusalWords(refusal: Refusal): string {
  const { rule, evidence } = refusal;
  if (rule === 'page/number') return `This has to be a whole number from ${evidence['expected']}.`;
  if (rule === 'token/supply-range') return 'This has to be above 0, and at least what is made at once.';
  if (rule === 'wallet/lock') return `That makes no lock: ${evidence['why']}.`;
  if (rule === 'wallet/too-early') {
    const { opensAtHeight, opensAtMs } = evidence;
    if (typeof opensAtHeight === 'number')
      return `It is too early: this way opens from block ${formatCount(opensAtHeight)} on.`;
    if (typeof opensAtMs === 'number')
      return `It is too early: this way opens from ${formatMoment(opensAtMs)} on.`;
  }
  return refusalWords(refusal);
}
