import { defineRules } from '../base/rules.ts';

/** Refusals of questions to the index of the explorer, and why it cannot go on. */
export const refuseIndex = defineRules({
  'index/off': {
    message: 'This node does not keep the full index.',
    help: 'Start it with --index full, or with --index and the address of a PostgreSQL database.',
  },
  'index/away': {
    message: 'The index cannot be read right now.',
    help: 'Try again later; `calin index status` says why. The node itself goes on meanwhile.',
    retry: true,
  },
  'index/empty': {
    message: 'The index is being made and has no block yet.',
    help: 'Try again in a moment; `calin index status` says how far it is.',
    retry: true,
  },
  'index/cursor': {
    message: 'The cursor is not one that this method gave.',
    help: 'Leave out after for the first page, then give next of the page before.',
  },
  'index/blocks-missing': {
    message: 'Blocks that the index needs are not there, so it cannot be made.',
    help: 'They were pruned, or the node began with a snapshot: synchronise into an empty folder in full mode.',
  },
  'index/in-use': {
    message: 'Another node writes the index in this database.',
    help: 'It can be read here. It is written by this node as soon as the other one stops.',
    retry: true,
  },
  'index/database': {
    message: 'The database of the index refused or was not reached.',
    help: 'See the reason; the node tries again by itself and makes up for what is missing.',
    retry: true,
  },
  'index/damaged': {
    message: 'The index is damaged.',
    help: 'It is made anew by itself once; after that by `calin index rebuild`. Check the disk if it comes back.',
  },
});
