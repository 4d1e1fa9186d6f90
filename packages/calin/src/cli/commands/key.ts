import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';

/** `calin key`: who may use the API of a node from elsewhere. */
export const command = defineCommand({
  name: 'key',
  summary: 'Make, list and revoke keys of the API of a node.',
  arguments: [],
  options: {},
  examples: ['key create --name shop --role submit', 'key list'],
  subcommands: ['create', 'list', 'revoke'],
  run: async () => ok(undefined),
});
