import { assert } from '@calin/core/base/assert.ts';
import type { LightClient } from './light-client.ts';
import type { LightRequest, LightUpdate, ServerTip } from './light-update.ts';

/** A server without a network: says where it is and answers at once. */
export interface DirectServer {
  readonly nowMs: number;
  tip(): ServerTip;
  answer(request: LightRequest): LightUpdate;
}

/** Brings a client to where a server is; every answer must be taken. */
export function catchUp(
  client: LightClient,
  server: DirectServer,
): { readonly taken: number; readonly requests: readonly LightRequest[] } {
  const requests: LightRequest[] = [];
  for (let taken = 0; taken < 1_000; taken++) {
    const request = client.next(server.tip());
    if (request === undefined) return { taken, requests };
    requests.push(request);
    const result = client.take(server.answer(request), server.nowMs);
    const isUnconnected = !result.ok && result.error.rule === 'light/unconnected';
    assert(
      result.ok || isUnconnected,
      result.ok ? '' : `${result.error.rule} ${JSON.stringify(result.error.evidence)}`,
    );
    assert(!result.ok || result.value, 'a server that is ahead tells something new');
  }
  throw new Error('a client that never comes to the end');
}
