import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';

/** `calin index`: the index of explorers. */
export const command = defineCommand({
  name: 'index',
  summary: 'Show how far the full index of a node is, or make it anew.',
  arguments: [],
  options: {},
  examples: ['index status', 'index rebuild'],
  subcommands: ['status', 'rebuild'],
  run: async () => ok(undefined),
});
