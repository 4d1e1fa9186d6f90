import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { AnyMethod } from '@calin/core/rpc/method.ts';
import { METHODS } from '@calin/core/rpc/methods.ts';
import type { TestFace } from '@calin/core/rpc/node-view.testing.ts';
import type { NodeView } from '@calin/core/rpc/node-view.ts';
import { parseResponse } from '../rpc/response.ts';
import type { LightServer } from './ask-server.ts';

/** A server that is a real node in this process, without a network between. */
export function serverOf(face: TestFace): LightServer & { readonly calls: string[] } {
  return serverBy((method, params) => {
    const text = face.answer(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    return parseResponse(JSON.parse(text ?? 'null'))?.outcome ?? ok(undefined);
  });
}

/** The same for a node without a face: methods that only read. */
export function serverOfView(view: NodeView): LightServer & { readonly calls: string[] } {
  return serverBy((name, given) => {
    const method: AnyMethod = METHODS[name as keyof typeof METHODS];
    const params = method.params.parse(JSON.parse(JSON.stringify(given)), 'params');
    if (!params.ok || method.kind !== 'query') return params;
    const answer = method.run(view, params.value);
    return answer.ok ? ok(JSON.parse(JSON.stringify(answer.value)) as unknown) : answer;
  });
}

function serverBy(
  answer: (method: string, params: unknown) => Result<unknown>,
): LightServer & { readonly calls: string[] } {
  const calls: string[] = [];
  const call = (method: string, params: unknown) => {
    calls.push(method);
    return Promise.resolve(answer(method, params));
  };
  return { calls, call: call as LightServer['call'] };
}
