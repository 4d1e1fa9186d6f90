import { defineCommand } from '../command.ts';
import { SIGNING_OPTIONS } from '../common-options.ts';

/** `calin wallet restore`. */
export const command = defineCommand({
  name: 'wallet restore',
  summary: 'Bring a wallet back: all of it from a backup file, or its accounts from the phrase.',
  description:
    'From the phrase, accounts are looked for on the chain, until twenty in a row were never used; the node must keep an index of addresses, and learns that they have one owner, so ask a node of your own. The phrase is read from the standard input or a file, and never from the command line.',
  arguments: [],
  options: {
    from: {
      kind: 'text',
      value: 'KIND',
      choices: ['phrase', 'backup'],
      fallback: 'phrase',
      summary: 'What it is brought back from: phrase or backup',
    },
    file: { kind: 'text', value: 'FILE', summary: 'Read it from a file', otherwise: 'the standard input' },
    ...SIGNING_OPTIONS,
  },
  examples: ['wallet restore < phrase.txt', 'wallet restore --from backup --file wallet.calin'],
  run: async (values, io) => {
    const { restoreBackup, restorePhrase } = await import('../wallet/restore-wallet.ts');
    return values.from === 'backup' ? restoreBackup(values, io) : restorePhrase(values, io);
  },
});
