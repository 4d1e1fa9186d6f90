import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';

const options = {
  full: { kind: 'flag', summary: 'With whole transactions and receipts, in --json' },
  ...NODE_OPTIONS,
} as const;

/** `calin block`. */
export const command = defineCommand({
  name: 'block',
  summary: 'Show a block.',
  arguments: [{ name: 'BLOCK', summary: 'Height, id, head or final; head when left out', required: false }],
  options,
  examples: ['block', 'block 1', 'block final --json'],
  run: (values, io, [which = 'head']) => showBlock(values, io, which),
});

async function showBlock(values: ValuesOf<typeof options>, io: CommandIo, which: string) {
  const { connect } = await import('../wallet/connect.ts');
  const { parseHash } = await import('../parse-hash.ts');
  const { formatFields } = await import('../output.ts');
  const isHeight = /^\d{1,10}$/.test(which);
  const at = (['head', 'final'] as const).find((name) => name === which);
  const id = isHeight || at !== undefined ? ok('') : parseHash(which);
  if (!id.ok) return id;
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const transactions = values.full ? ('full' as const) : ('ids' as const);
  const named = at === undefined ? { id: id.value } : { at };
  const selector = isHeight ? { height: Number(which) } : named;
  const answer = await connection.value.client.call('chain_getBlock', { ...selector, transactions });
  if (!answer.ok) return answer;
  const { header, txids } = answer.value;
  const text = formatFields([
    ['Block', `${header.height}`],
    ['Id', header.id],
    ['Parent', header.parent],
    ['Time', new Date(header.timeMs).toISOString()],
    ['Producer', header.producer],
    ['State root', header.stateRoot],
    ['Gas used', `${header.gasUsed}`],
    ['Base fee', `${header.baseFee} hugs per gas`],
    ...txids.map((txid, i) => [i === 0 ? 'Reward' : 'Transaction', txid] as const),
  ]);
  io.answer({ json: answer.value, text });
  return ok(undefined);
}
