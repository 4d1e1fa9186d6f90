import { defineRules } from '@calin/core/base/rules.ts';

const SEE = 'See "Faults of a comparison" in docs/reference/simulator.md.';

/** Refusals of a file of faults. Each names the field by `path`. */
export const refuseFaults = defineRules({
  'faults/shape': {
    message: 'A field of the file of faults is missing, unknown, or has another value than it may have.',
    help: `Write what is expected. ${SEE}`,
  },
  'faults/time': {
    message: 'A fault ends before it begins.',
    help: `Let toS be above fromS; both are seconds from the start of the run. ${SEE}`,
  },
  'faults/overlap': {
    message: 'Two faults of a kind that the network can have only one of are there at the same time.',
    help: `Let one partition, and one disturbance of links, end before the next begins. ${SEE}`,
  },
});
