import type { MethodName, MethodParams, MethodResult } from '@calin/client/rpc/rpc-client.ts';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { Refusal } from '@calin/core/base/result.ts';

/** The node that has served the pages. */
export const rpc = new RpcClient({ url: `${location.origin}/` });

/** A refusal as something to throw: what fetches for the pages fails by exceptions. */
export class RefusedCall extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'RefusedCall';
    this.refusal = refusal;
  }
}

/** Calls a method of the node; throws {@link RefusedCall}. */
export async function ask<Name extends MethodName>(
  method: Name,
  params: MethodParams<Name>,
): Promise<MethodResult<Name>> {
  const answer = await rpc.call(method, params);
  if (!answer.ok) throw new RefusedCall(answer.error);
  return answer.value;
}
