import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_OPTIONS, VALIDATOR_ARGUMENT } from '../common-options.ts';

const options = {
  epoch: {
    kind: 'integer',
    value: 'N',
    min: 0,
    max: 0xffff_ffff,
    summary: 'The set of this epoch',
    otherwise: 'the present one',
  },
  all: { kind: 'flag', summary: 'Also those who are not in the set and could be chosen, or are in jail' },
  ...ACCOUNT_OPTIONS,
} as const;

/** `calin validators`. */
export const command = defineCommand({
  name: 'validators',
  summary: 'List who makes blocks and votes, or show one of them.',
  arguments: [{ ...VALIDATOR_ARGUMENT, required: false }],
  options,
  examples: ['validators', 'validators --all --json', 'validators dev1'],
  run: (values, io, [validator]) =>
    validator === undefined ? listValidators(values, io) : showValidator(values, io, validator),
});

async function listValidators({ epoch, all, ...values }: ValuesOf<typeof options>, io: CommandIo) {
  const { connect } = await import('../wallet/connect.ts');
  const { formatValidators } = await import('../present-stake.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const asked = { candidates: all, ...(epoch === undefined ? {} : { epoch }) };
  const answer = await connection.value.client.call('stake_getValidators', asked);
  if (!answer.ok) return answer;
  io.answer({ json: answer.value, text: formatValidators(answer.value) });
  return ok(undefined);
}

async function showValidator(values: ValuesOf<typeof options>, io: CommandIo, named: string) {
  const { connect } = await import('../wallet/connect.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { findValidator } = await import('../wallet/stake.ts');
  const { formatValidator } = await import('../present-stake.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const accounts = { network: connection.value.network, keystore: keystoreOf(values) };
  const found = await findValidator(named, connection.value, accounts);
  if (!found.ok) return found;
  const { key, ...json } = found.value;
  io.answer({ json, text: formatValidator(json) });
  return ok(undefined);
}
