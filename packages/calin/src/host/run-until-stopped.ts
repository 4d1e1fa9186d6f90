import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Log } from '@calin/core/ports/log.ts';
import { StoreCorruption } from '../adapters/store-corruption.ts';
import { bugRefusal } from '../cli/rules.ts';
import type { RunningNode } from './serve-node.ts';

/**
 * Waits until a node has ended. SIGINT and SIGTERM stop it with everything on disk; a second signal ends the process
 * at once, which costs nothing but the time of the next start.
 *
 * @returns why the node died, when it was not asked to
 */
export async function runUntilStopped(node: RunningNode, log: Log): Promise<Result<undefined>> {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    log.write({ level: 'info', part: 'node', message: 'stopping', fields: { signal } });
    void node.stop();
  };
  const crashed = Promise.withResolvers<Refusal>();
  // A read that meets damage throws through whatever asked for it; anything else that is thrown is a bug. Either
  // way the node must not go on, nor write anything more: what it has in memory can no longer be trusted.
  const onError = (error: unknown): void =>
    crashed.resolve(error instanceof StoreCorruption ? error.refusal : bugRefusal(error));
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('uncaughtException', onError);
  const reason = await Promise.race([node.ended, crashed.promise]);
  process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('uncaughtException', onError);
  return reason === undefined ? ok(undefined) : { ok: false, error: reason };
}
