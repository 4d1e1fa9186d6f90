import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';

/** `calin wallet`: one phrase, and all that belongs to it. */
export const command = defineCommand({
  name: 'wallet',
  summary: 'Keep one phrase with several accounts, contacts, labels and a backup of all of it.',
  description:
    'Accounts of the wallet are named wherever an account is asked for, and so are contacts where somebody is paid. The phrase is sealed with a password; the names lie beside it in the clear, readable for you alone, and are sealed too in a backup.',
  arguments: [],
  options: {},
  examples: ['wallet create', 'wallet add --name savings', 'wallet backup --file wallet.calin'],
  subcommands: ['create', 'show', 'add', 'watch', 'contact', 'label', 'remove', 'backup', 'restore'],
  run: async () => ok(undefined),
});
