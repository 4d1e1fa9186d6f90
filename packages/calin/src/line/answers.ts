import type { Refusal } from '@calin/core/base/result.ts';

/** The answers that are one word. */
export const ANSWERS = { success: 'SUCCESS', valid: 'VALID', invalid: 'INVALID' } as const;

/** Characters of a reason. */
const REASON_MAX = 1000;

/** The answer to a line that was refused: `ERROR:<rule>: <what is wrong> <what to do> [<evidence>]`, in ASCII. */
export function errorAnswer({ rule, message, help, evidence }: Refusal): string {
  const facts = Object.entries(evidence).map(([name, value]) => `${name}=${value}`);
  const details = facts.length === 0 ? '' : ` [${facts.join(', ')}]`;
  return ascii(`ERROR:${rule}: ${message} ${help}${details}`).slice(0, REASON_MAX);
}

function ascii(text: string): string {
  return text
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u2013\u2212]/g, '-')
    .replace(/[^\x20-\x7e]/g, '?');
}
