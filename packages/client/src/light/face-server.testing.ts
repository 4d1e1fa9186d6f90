import { ok } from '@calin/core/base/result.ts';
import type { TestFace } from '@calin/core/rpc/node-view.testing.ts';
import { parseResponse } from '../rpc/response.ts';
import type { LightServer } from './ask-server.ts';

/** A server that is a real node in this process, without a network between. */
export function serverOf(face: TestFace): LightServer & { readonly calls: string[] } {
  const calls: string[] = [];
  const call = (method: string, params: unknown) => {
    calls.push(method);
    const text = face.answer(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    const response = parseResponse(JSON.parse(text ?? 'null'));
    return Promise.resolve(response?.outcome ?? ok(undefined));
  };
  return { calls, call: call as LightServer['call'] };
}
