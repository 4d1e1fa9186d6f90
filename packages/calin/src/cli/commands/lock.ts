import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';

/** `calin lock`: addresses that take more than one key. */
export const command = defineCommand({
  name: 'lock',
  summary: 'Make addresses that several keys, a time, a secret or guardians open.',
  description:
    'A lock is kept in the keystore under its name, which then stands for its address wherever an account is asked for. What it holds is spent by a partially signed transaction; see "calin partial".',
  arguments: [],
  options: {},
  examples: ['lock multisig --name fund --threshold 2 --keys alice,bob,carol', 'lock list'],
  subcommands: ['multisig', 'timelock', 'htlc', 'recoverable', 'import', 'list', 'show'],
  run: async () => ok(undefined),
});
