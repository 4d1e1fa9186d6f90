import { ok, type Result } from '../base/result.ts';
import type { RpcHost } from './dispatch.ts';
import { refuseRpc } from './rules.ts';

/**
 * Runs something that answers once; what it throws before it has answered becomes the answer. An answer that comes at
 * once is passed on after the run, so that nothing thrown by whoever takes it is mistaken for a failure of the run.
 */
export function guard<T>(
  host: Pick<RpcHost, 'failed'>,
  done: (result: Result<T>) => void,
  run: (once: (result: Result<T>) => void) => void,
): void {
  let isRunning = true;
  let answer: Result<T> | undefined;
  try {
    run((result) => {
      if (answer !== undefined) return;
      answer = result;
      if (!isRunning) done(result);
    });
  } catch (error) {
    host.failed?.(error);
    answer ??= refuseRpc('rpc/internal');
  }
  isRunning = false;
  if (answer !== undefined) done(answer);
}

/** A value that is made by a handler: what it throws becomes a refusal. */
export function attempt<T>(host: Pick<RpcHost, 'failed'>, make: () => T): Result<T> {
  try {
    return ok(make());
  } catch (error) {
    host.failed?.(error);
    return refuseRpc('rpc/internal');
  }
}
