import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';

/** `calin partial`: transactions on their way from signer to signer. */
export const command = defineCommand({
  name: 'partial',
  summary: 'Spend from a lock: make a transaction, let others sign it, hand it in.',
  description:
    'The transaction travels as a file between those who sign it, in any order. Nothing in it is secret but the secret of a hash lock, which the chain shows to everybody anyway.',
  arguments: [],
  options: {},
  examples: [
    'partial create --from fund --to bob --amount 5 --file pay.cpst',
    'partial sign --file pay.cpst --as alice',
    'partial send --file pay.cpst',
  ],
  subcommands: ['create', 'show', 'sign', 'join', 'send'],
  run: async () => ok(undefined),
});
