import { defineRules } from '../base/rules.ts';

/** Refusals of questions to the history, and of a history that cannot be continued. */
export const refuseHistory = defineRules({
  'history/damaged': {
    message: 'An entry of the history is missing or damaged.',
    help: 'Check the disk; then restore the data folder from a backup, or sync into an empty one.',
  },
  'history/blocks-pruned': {
    message: 'Blocks that the index lacks have been pruned here, so it cannot be switched on again.',
    help: 'Start the node without --index on, or synchronise into an empty folder with the index on.',
  },
  'history/left-behind': {
    message: 'The history ends at a block that is no longer on the best branch.',
    help: 'It was switched off while the chain was reorganised: sync into an empty folder with the index on.',
  },
});
