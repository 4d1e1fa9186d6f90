import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';

/** `calin message`: what an address says. */
export const command = defineCommand({
  name: 'message',
  summary: 'Sign a message with the key of an account, or check who signed one.',
  arguments: [],
  options: {},
  examples: ['message sign --from alice --text Arrived.', 'message verify --file signed.json'],
  subcommands: ['sign', 'verify'],
  run: async () => ok(undefined),
});
