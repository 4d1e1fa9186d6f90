import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_ARGUMENT, ACCOUNT_OPTIONS } from '../common-options.ts';

const options = {
  ...ACCOUNT_OPTIONS,
  genesis: {
    kind: 'text',
    value: 'FILE',
    summary: 'Genesis file of the chain',
    otherwise: 'that of the data folder; where there is none, that of the node, which is believed then',
  },
  checkpoint: {
    kind: 'text',
    value: 'FILE',
    summary: 'Block that trust begins with: chainId, height and id as JSON, or what --save wrote',
    otherwise: 'the genesis block',
  },
  save: {
    kind: 'text',
    value: 'FILE',
    summary: 'Write the last final block as a checkpoint for the next time',
  },
  'trust-hours': {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 876_000,
    summary: 'For how long a block is good to go on from, where validators have stake',
    otherwise: 'two thirds of the time in which stake rests; without an end on a development chain',
  },
  follow: { kind: 'flag', summary: 'Go on with the chain until Ctrl-C' },
} as const;

/** `calin light`. */
export const command = defineCommand({
  name: 'light',
  summary: 'Follow a chain by its headers or proofs of finality, without believing the node.',
  description:
    'Every header is checked here: its work, its turn, or the votes that made it final, with the validators that the state before proves. With an account, its coins are proved against the last final header: it has them, and perhaps more, for a node can hide a coin and cannot invent one. See docs/reference/light-client.md.',
  arguments: [{ ...ACCOUNT_ARGUMENT, required: false }],
  options,
  examples: [
    'light --rpc http://127.0.0.1:8645',
    'light alice',
    'light --checkpoint trusted.json --save trusted.json --follow',
  ],
  run: (values, io, [account]) => light(values, io, account),
});

async function light(values: ValuesOf<typeof options>, io: CommandIo, account: string | undefined) {
  const { openLight } = await import('../light/open-light.ts');
  const { describeLight, followToTerminal } = await import('../light/present-light.ts');
  const { writeCheckpointFile } = await import('../light/checkpoint-file.ts');
  const { catchUpLight } = await import('@calin/client/light/follow-light.ts');
  const { progressBar } = await import('../progress-bar.ts');
  const opened = await openLight(values, account);
  if (!opened.ok) return opened;
  const { client, server } = opened.value;
  const bar = progressBar('Following');
  const reached = await catchUpLight(client, server, {
    nowMs: Date.now,
    onProgress: ({ headHeight, tip }) => bar.update(headHeight, tip.head.height),
  });
  bar.clear();
  if (!reached.ok) return reached;
  const described = await describeLight(opened.value);
  if (!described.ok) return described;
  io.answer(described.value);
  const followed = values.follow ? await followToTerminal(opened.value, io) : ok(undefined);
  const saved = client.save();
  if (values.save === undefined || saved === undefined) return followed;
  const written = writeCheckpointFile(values.save, saved);
  return followed.ok ? written : followed;
}
