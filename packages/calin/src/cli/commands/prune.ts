import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { DATA_OPTION } from '../common-options.ts';

const options = {
  data: DATA_OPTION,
  keep: {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 4_294_967_295,
    summary: 'How many of the last blocks to keep',
    otherwise: 'as before, at first 10000',
  },
} as const;

/** `calin prune`. */
export const command = defineCommand({
  name: 'prune',
  summary: 'Delete old blocks from a data folder and give the disk its space back.',
  description:
    'Keeps all headers, the whole state and the last blocks with their receipts. The folder is a pruned one from then on: what was deleted comes back only by synchronising into an empty folder. Stop the node first; one that runs with --mode pruned deletes old blocks by itself. An interrupted run does no harm and can be repeated.',
  arguments: [],
  options,
  examples: ['prune --data ./mychain', 'prune --data ./mychain --keep 2000 --json'],
  run: (values, io) => prune(values, io),
});

async function prune(values: ValuesOf<typeof options>, io: CommandIo) {
  const { dataFolderOf } = await import('../accounts/network.ts');
  const { pruneFolder } = await import('../../host/prune-folder.ts');
  const { progressBar } = await import('../progress-bar.ts');
  const path = dataFolderOf(values);
  const bars = {
    open: progressBar('Opening the chain'),
    prune: progressBar('Pruning'),
    compact: progressBar('Compacting'),
  };
  const pruned = await pruneFolder(path, values.keep, (phase, done, total) =>
    bars[phase].update(done, total),
  );
  bars.compact.clear();
  if (!pruned.ok) return pruned;
  const { height, keep, blocksFrom, bytesBefore, bytesAfter } = pruned.value;
  const kept = Math.min(height, height - blocksFrom + 1);
  io.answer({
    json: { data: path, keep, height, blocksFrom, bytesBefore, bytesAfter },
    text: [
      `Pruned: blocks ${blocksFrom} to ${height} are kept (${kept}), and every header`,
      `The store took ${bytesBefore} bytes and takes ${bytesAfter} now; folder ${path}`,
    ].join('\n'),
  });
  return ok(undefined);
}
