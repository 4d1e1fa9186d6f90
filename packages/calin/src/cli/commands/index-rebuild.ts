import { setTimeout } from 'node:timers/promises';
import type { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';
import type { IndexStatus } from '../present-index.ts';

const options = {
  'no-wait': { kind: 'flag', summary: 'End as soon as it has begun' },
  ...NODE_OPTIONS,
} as const;

/** How often to look how far it is. */
const LOOK_MS = 200;

/** `calin index rebuild`. */
export const command = defineCommand({
  name: 'index rebuild',
  summary: 'Throw the full index of the node away and make it anew from the blocks.',
  description:
    'The node goes on meanwhile, and the index answers up to the block that it has reached again. Ends when it is at the head; an interrupted wait does not stop the work.',
  arguments: [],
  options,
  examples: ['index rebuild', 'index rebuild --no-wait --json'],
  run: (values, io) => rebuild(values, io),
});

async function rebuild(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connect } = await import('../wallet/connect.ts');
  const { formatIndex } = await import('../present-index.ts');
  const { printable } = await import('../output.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const { client } = connection.value;
  const begun = await client.call('index_rebuild', {});
  if (!begun.ok) return begun;
  const status = await (values['no-wait'] ? client.call('index_status', {}) : untilThere(client));
  if (!status.ok) return status;
  io.answer({ json: status.value, text: printable(formatIndex(status.value)) });
  return ok(undefined);
}

/** Shows how far the index is until it is at the head, or cannot get there. */
async function untilThere(client: RpcClient): Promise<Result<IndexStatus>> {
  const { progressBar } = await import('../progress-bar.ts');
  const bar = progressBar('Indexing');
  for (;;) {
    const status = await client.call('index_status', {});
    const isOver = !status.ok || !['catching-up', 'starting', 'away'].includes(status.value.state);
    if (isOver) {
      bar.clear();
      return status;
    }
    const { headHeight, blocksBehind } = status.value;
    bar.update(headHeight + 1 - blocksBehind, headHeight + 1);
    await setTimeout(LOOK_MS);
  }
}
