import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';

/** `calin stake`: coins that are bonded with validators. */
export const command = defineCommand({
  name: 'stake',
  summary: 'Bond, delegate, move and withdraw stake.',
  arguments: [],
  options: {},
  examples: ['stake show dev0', 'stake bond --from alice --amount 1000'],
  subcommands: ['bond', 'delegate', 'unbond', 'redelegate', 'withdraw', 'edit', 'unjail', 'show'],
  run: async () => ok(undefined),
});
