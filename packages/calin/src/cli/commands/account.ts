import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';

/** `calin account`: keys and their addresses. */
export const command = defineCommand({
  name: 'account',
  summary: 'Make, list, show, import and export accounts.',
  arguments: [],
  options: {},
  examples: ['account create --name alice', 'account list'],
  subcommands: ['create', 'list', 'show', 'import', 'export'],
  run: async () => ok(undefined),
});
