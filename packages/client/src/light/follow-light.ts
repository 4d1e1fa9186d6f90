import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { askTip, askUpdate, type LightServer } from './ask-server.ts';
import type { LightClient } from './light-client.ts';
import type { ServerTip } from './light-update.ts';

/** What drives a light client. */
export interface FollowOptions {
  /** The time, in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Is told after each step. */
  readonly onProgress?: (progress: LightProgress) => void;
  /** Ends the loop. */
  readonly signal?: AbortSignal;
}

/** How far a client is. */
export interface LightProgress {
  readonly headHeight: number;
  readonly finalHeight: number;
  /** Where the server says that it is. */
  readonly tip: ServerTip;
  /** Calls of the server in this run. */
  readonly calls: number;
}

/** Calls of one run: enough for 32 million headers. */
const CALLS_MAX = 65_536;

/**
 * Brings a client to where a server is. The server is not believed; it can only fail to help.
 *
 * @returns where the client came to, or why it cannot go on: a refusal by the client (`light/…`, `consensus/…`) says
 *   that this server is not to be followed, one by the transport or the server (`rpc/…`) that it could not help
 */
export async function catchUpLight(
  client: LightClient,
  server: LightServer,
  options: FollowOptions,
): Promise<Result<LightProgress>> {
  const tip = await askTip(server);
  if (!tip.ok) return tip;
  let calls = 1;
  const progress = (): LightProgress => ({
    headHeight: client.head?.header.height ?? 0,
    finalHeight: client.final?.header.height ?? 0,
    tip: tip.value,
    calls,
  });
  for (; calls < CALLS_MAX && options.signal?.aborted !== true; calls++) {
    const request = client.next(tip.value);
    if (request === undefined) break;
    const update = await askUpdate(server, request);
    if (!update.ok) return update;
    // The server has moved back, or off to a branch of its own, since it said where it is.
    if (update.value === undefined) break;
    const taken = client.take(update.value, options.nowMs());
    if (!taken.ok && taken.error.rule !== 'light/unconnected') return taken;
    options.onProgress?.(progress());
    if (taken.ok && !taken.value) break;
  }
  return ok(progress());
}

/**
 * Follows a server until the signal says so: {@link catchUpLight} again and again. What fails for a moment is tried
 * again; what will not get better ends it.
 */
export async function followLight(
  client: LightClient,
  server: LightServer,
  options: FollowOptions & { readonly pollMs: number },
): Promise<Result<undefined>> {
  while (options.signal?.aborted !== true) {
    const reached = await catchUpLight(client, server, options);
    if (!reached.ok && !reached.error.retry) return reached;
    await pause(options.pollMs, options.signal);
  }
  return ok(undefined);
}

/** Waits, or until the signal says that there is no more to wait for. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
    if (signal?.aborted === true) done();
  });
}
