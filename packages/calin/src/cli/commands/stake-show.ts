import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_ARGUMENT, ACCOUNT_OPTIONS } from '../common-options.ts';

const options = {
  validator: {
    kind: 'text',
    value: 'VALIDATOR',
    summary: 'Only what is with this one; finds also what is with one that was convicted long ago',
    otherwise: 'all that can be chosen now or serve',
  },
  ...ACCOUNT_OPTIONS,
} as const;

/** `calin stake show`. */
export const command = defineCommand({
  name: 'stake show',
  summary: 'Show what an account has staked, what of it rests, and until when.',
  arguments: [ACCOUNT_ARGUMENT],
  options,
  examples: ['stake show dev0', 'stake show alice --json'],
  run: (values, io, [account = '']) => showStake(values, io, account),
});

async function showStake(values: ValuesOf<typeof options>, io: CommandIo, account: string) {
  const { connectAccount } = await import('../wallet/connect-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { findValidator } = await import('../wallet/stake.ts');
  const { formatStake } = await import('../present-stake.ts');
  const connection = await connectAccount(values, account);
  if (!connection.ok) return connection;
  const { address, client, network } = connection.value;
  const accounts = { network, keystore: keystoreOf(values) };
  const named =
    values.validator === undefined
      ? ok(undefined)
      : await findValidator(values.validator, connection.value, accounts);
  if (!named.ok) return named;
  const only = named.value === undefined ? {} : { validators: [named.value.publicKey] };
  const answer = await client.call('stake_getDelegations', { address, ...only });
  if (!answer.ok) return answer;
  io.answer({ json: { address, ...answer.value }, text: formatStake(answer.value) });
  return ok(undefined);
}
