import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';

/** `calin token`: assets beside the native coin. */
export const command = defineCommand({
  name: 'token',
  summary: 'Create, mint, burn and show tokens.',
  arguments: [],
  options: {},
  examples: ['token create --from dev0 --symbol GOLD --supply 1000', 'token show 12345'],
  subcommands: ['create', 'mint', 'burn', 'show'],
  run: async () => ok(undefined),
});
