import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { SIGNING_OPTIONS } from '../common-options.ts';

const options = {
  from: {
    kind: 'text',
    value: 'ACCOUNT',
    required: true,
    summary: 'Who notarises and pays; with --check an address will do',
  },
  hash: { kind: 'text', value: 'HEX', summary: 'Hash of 32 bytes, in place of a file' },
  note: {
    kind: 'text',
    value: 'TEXT',
    fallback: '',
    summary: 'A reference or a title, at most 256 bytes; public',
  },
  check: { kind: 'flag', summary: 'Look up when it was notarised, with a proof, and write nothing' },
  ...SIGNING_OPTIONS,
} as const;

/** `calin notarise`. */
export const command = defineCommand({
  name: 'notarise',
  summary: 'Put the hash of a file on the chain, or prove that it is there.',
  description:
    'The hash is the SHA-256 of the file, which other tools compute too; the file itself stays where it is. The proof that --check shows leads to the state root of a block.',
  arguments: [{ name: 'FILE', summary: 'The file; not with --hash', required: false }],
  options,
  examples: ['notarise contract.pdf --from dev0', 'notarise contract.pdf --from dev0 --check'],
  run: (values, io, [file]) => notarise(values, io, file),
});

async function notarise(values: ValuesOf<typeof options>, io: CommandIo, file: string | undefined) {
  const { hashOf } = await import('../wallet/file-hash.ts');
  const { toHex } = await import('@calin/core/base/bytes.ts');
  const { utf8Bytes } = await import('@calin/core/base/text.ts');
  const { refuseLedger } = await import('@calin/core/ledger/rules.ts');
  const hash = await hashOf(file, values.hash);
  if (!hash.ok) return hash;
  if (values.check) return check(values, io, hash.value);
  const noteBytes = utf8Bytes(values.note).length;
  if (noteBytes > 256) return refuseLedger('data/note', { got: noteBytes, expected: 256 });
  const { connectToSign } = await import('../wallet/connect.ts');
  const { findSigner } = await import('../accounts/find-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { formatAssetAmount, NATIVE_UNITS } = await import('@calin/client/wallet/asset-units.ts');
  const { pay } = await import('../wallet/pay.ts');
  const { formatPayment } = await import('../wallet/present-payment.ts');
  const connection = await connectToSign(values);
  if (!connection.ok) return connection;
  const place = { network: connection.value.network, keystore: keystoreOf(values) };
  const from = await findSigner(values.from, place, values.password);
  if (!from.ok) return from;
  const payment = await pay(connection.value, from.value, {
    outputs: () => [],
    actions: [{ kind: 'data', hash: hash.value, note: values.note }],
    feePerGas: undefined,
    wait: true,
  });
  if (!payment.ok) return payment;
  const { txid, fee, block } = payment.value;
  io.answer({
    json: { hash: toHex(hash.value), txid, block: block ?? null, fee },
    text: formatPayment(
      `Notarised ${toHex(hash.value)}`,
      payment.value,
      formatAssetAmount(fee, NATIVE_UNITS),
    ),
  });
  return ok(undefined);
}

async function check(values: ValuesOf<typeof options>, io: CommandIo, hash: Uint8Array) {
  const { connect } = await import('../wallet/connect.ts');
  const { findAddress } = await import('../accounts/find-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { proveNotarised } = await import('../wallet/notarised.ts');
  const { formatFields } = await import('../output.ts');
  const { toHex } = await import('@calin/core/base/bytes.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const { network, client } = connection.value;
  const author = findAddress(values.from, { network, keystore: keystoreOf(values) });
  if (!author.ok) return author;
  const proved = await proveNotarised(client, author.value, hash);
  if (!proved.ok) return proved;
  const { height, timeMs, txid, provedAt } = proved.value;
  io.answer({
    json: { hash: toHex(hash), height, timeMs, txid, provedAt },
    text: formatFields([
      ['Hash', toHex(hash)],
      ['Notarised', `${new Date(timeMs).toISOString()}, block ${height}`],
      ['Transaction', txid],
      ['Proved', `against the state root of block ${provedAt.height}, ${provedAt.id}`],
    ]),
  });
  return ok(undefined);
}
