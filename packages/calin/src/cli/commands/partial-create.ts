import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_OPTIONS } from '../common-options.ts';
import { PARTIAL_FILE_OPTION } from '../lock-options.ts';
import { ORDER_OPTIONS } from '../order-options.ts';
import { refuseCli } from '../rules.ts';

const options = {
  from: { kind: 'text', value: 'LOCK', required: true, summary: 'Who pays: a lock of the keystore' },
  ...ORDER_OPTIONS,
  file: PARTIAL_FILE_OPTION,
  by: {
    kind: 'text',
    value: 'PATH',
    summary: 'How the lock is opened: keys, owner, guardians, claim or refund',
    otherwise: 'the first path that "calin lock show" lists',
  },
  secret: { kind: 'text', value: 'HEX', summary: 'The secret of a hash lock, 64 hexadecimal digits' },
  'fee-per-gas': {
    kind: 'integer',
    value: 'HUGS',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    summary: 'What to pay per gas',
    otherwise: 'what the node estimates',
  },
  ...ACCOUNT_OPTIONS,
} as const;

/** `calin partial create`. */
export const command = defineCommand({
  name: 'partial create',
  summary: 'Make a transaction that spends from a lock, for others to sign.',
  description: 'What is left goes back to the lock.',
  arguments: [],
  options,
  examples: [
    'partial create --from fund --to bob --amount 5 --file pay.cpst',
    'partial create --from safe --by guardians --to alice2 --amount 90 --file rescue.cpst',
  ],
  run: (values, io) => createPartialFile(values, io),
});

async function createPartialFile(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connectToSign } = await import('../wallet/connect.ts');
  const { findLock } = await import('../accounts/lock-files.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { answerPartial, writePartialFile } = await import('../wallet/partial-file.ts');
  const { readOrder } = await import('../wallet/read-order.ts');
  const { pathNames } = await import('@calin/client/wallet/lock-paths.ts');
  const { parseHash } = await import('../parse-hash.ts');
  const { spendFromLock } = await import('@calin/client/wallet/spend-from-lock.ts');
  const { fromHex } = await import('@calin/core/base/bytes.ts');
  const connection = await connectToSign(values);
  if (!connection.ok) return connection;
  const place = { network: connection.value.network, keystore: keystoreOf(values) };
  const found = findLock(values.from, place);
  if (!found.ok) return found;
  if (found.value === undefined) return refuseCli('cli/account-unknown', { got: values.from.slice(0, 90) });
  const { lock } = found.value;
  const names = pathNames(lock);
  const path = values.by === undefined ? 0 : names.indexOf(values.by);
  if (path < 0) {
    const [got, expected] = [(values.by ?? '').slice(0, 80), names.join(', ')];
    return refuseCli('cli/option-value', { option: '--by', got, expected });
  }
  const order = await readOrder(values, connection.value, place);
  if (!order.ok) return order;
  const secret = values.secret === undefined ? ok(undefined) : parseHash(values.secret);
  if (!secret.ok) return secret;
  const partial = await spendFromLock(connection.value, {
    opening: { lock, path },
    preimage: secret.value === undefined ? undefined : fromHex(secret.value),
    output: order.value.output,
    feePerGas: values['fee-per-gas'],
  });
  if (!partial.ok) return partial;
  const written = writePartialFile(values.file, partial.value);
  return written.ok ? answerPartial(io, partial.value, values.file, connection.value) : written;
}
