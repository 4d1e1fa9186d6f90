import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of a run that a link describes. */
export const refusePlan = defineRules({
  'run-plan/version': {
    message: 'The link was made for another version of the simulator.',
    help: 'Open it with the Calin that made it, or set the run up anew: versions before and after give other runs.',
  },
  'run-plan/shape': {
    message: 'The link does not describe a run.',
    help: 'Copy the whole link again; something is missing, or was added to it.',
  },
  'run-plan/range': {
    message: 'The link asks for a run that this page does not make.',
    help: 'Choose what the page offers. Larger runs are for the command line: calin sim --help.',
  },
  'run-plan/faults': {
    message: 'The faults of the link cannot happen as it says.',
    help: 'Faults stand in the order of their times, within the run, for nodes that there are.',
  },
});
