import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of amounts that a person typed. */
export const refuseAmount = defineRules({
  'amount/syntax': {
    message: 'The text is not an amount.',
    help: 'Write digits with at most one point, such as 5 or 0.25: no sign, exponent, comma or space.',
  },
  'amount/too-many-decimals': {
    message: 'The amount has more decimals than its asset.',
    help: 'Leave out what is below one base unit; the evidence says how many decimals there are.',
  },
  'amount/zero': {
    message: 'The amount is 0.',
    help: 'Write a number above 0 such as 12.5.',
  },
  'amount/too-large': {
    message: 'The amount is above 2^53 − 1 base units.',
    help: 'No asset has more; check the decimals.',
  },
});
