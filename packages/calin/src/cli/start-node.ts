import type { Result } from '@calin/core/base/result.ts';
import { createLog, parseLogLevels } from '../adapters/log.ts';
import { type OpenNodeOptions, openNode } from '../host/open-node.ts';
import { runUntilStopped } from '../host/run-until-stopped.ts';
import type { RunningNode } from '../host/serve-node.ts';
import type { Answer, CommandIo } from './command.ts';
import { progressBar } from './progress-bar.ts';

/** What the commands that run a node decide. */
export interface StartNodeOptions extends Omit<OpenNodeOptions, 'log' | 'progress'> {
  /** See `--log`. */
  readonly levels: string;
}

/** Opens a node, prints what `present` says about it, and waits until it has ended. */
export async function startNode(
  options: StartNodeOptions,
  present: (node: RunningNode) => Answer,
  io: CommandIo,
): Promise<Result<undefined>> {
  const levels = parseLogLevels(options.levels);
  if (!levels.ok) {
    options.folder.close();
    return levels;
  }
  const log = createLog({ levels: levels.value, format: io.isJson ? 'json' : 'text', colour: io.isColour });
  const bar = progressBar('Opening the chain');
  const node = await openNode({ ...options, log, progress: ({ done, total }) => bar.update(done, total) });
  bar.clear();
  if (!node.ok) {
    options.folder.close();
    return node;
  }
  io.answer(present(node.value));
  const result = await runUntilStopped(node.value, log);
  if (!result.ok) await node.value.abandon();
  return result;
}
