import { ok } from '@calin/core/base/result.ts';
import type { VerifiedFolder } from '../../host/verify-folder.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION } from '../common-options.ts';

/** `calin verify`. */
export const command = defineCommand({
  name: 'verify',
  summary: 'Check everything in a data folder again, from genesis to the head.',
  description:
    'Structure, seals, signatures, every state root, receipts, undo records, indexes, checkpoints and the checksums of the files; it trusts nothing that is stored. It works on a copy of the files (tables are linked, so it takes hardly any space), so a running node is not disturbed and nothing in the folder is changed: what is verified is what was on disk when the command began.',
  arguments: [],
  options: { data: DATA_OPTION },
  examples: ['verify', 'verify --data ./backup --json'],
  run: async (options, io) => {
    const { dataFolderOf } = await import('../accounts/network.ts');
    const { verifyFolder } = await import('../../host/verify-folder.ts');
    const { progressBar } = await import('../progress-bar.ts');
    const path = dataFolderOf(options);
    const bar = progressBar('Verifying');
    const startedMs = performance.now();
    const verified = await verifyFolder(path, ({ height, headHeight }) => bar.update(height, headHeight));
    bar.clear();
    if (!verified.ok) return verified;
    const { height, headId, transactions, undos, checkpoints, blocksFrom, executedFrom, indexed } =
      verified.value;
    const seconds = (performance.now() - startedMs) / 1000;
    io.answer({
      json: {
        valid: true,
        data: path,
        height,
        headId,
        transactions,
        undos,
        checkpoints,
        blocksFrom,
        executedFrom,
        indexed,
      },
      text: [
        blocksFrom > 1
          ? describePruned(verified.value)
          : `Valid: ${height} blocks with ${transactions} transactions, from genesis to ${headId}`,
        ...(blocksFrom > 1 || indexed === height ? [] : [describeIndex(verified.value)]),
        `Checked ${undos} undo records and ${checkpoints} checkpoints too, in ${seconds.toFixed(1)} s; folder ${path}`,
      ].join('\n'),
    });
    return ok(undefined);
  },
});

/** What can be checked of an index that does not reach the head. */
function describeIndex({ isIndexOn, indexed, height }: VerifiedFolder): string {
  if (isIndexOn) {
    return `The index is right up to block ${indexed}; the last ${height - indexed} are added when a node goes on.`;
  }
  return indexed === 0
    ? 'The index is off, and there is none.'
    : `The index is off; it ends at block ${indexed} and is right up to there.`;
}

/** What can be checked of a pruned folder, and what cannot. */
function describePruned({ height, headId, transactions, blocksFrom, executedFrom }: VerifiedFolder): string {
  return [
    `Valid as far as it is here: ${height} headers, from genesis to ${headId}`,
    `Blocks before ${blocksFrom} were pruned. Executed again, with signatures: blocks ${executedFrom} to ${height} with`,
    `${transactions} transactions, beginning at a checkpoint. The index was not checked.`,
  ].join('\n');
}
