import { parseBase64 } from '@calin/core/base/base64.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Schema } from '@calin/core/base/schema.ts';
import { validatorSetKey } from '@calin/core/ledger/stake/validator-sets.ts';
import { HEADERS_MAX } from '@calin/core/rpc/limits.ts';
import { chainGetFinality } from '@calin/core/rpc/methods/chain-get-finality.ts';
import { chainGetHeaders } from '@calin/core/rpc/methods/chain-get-headers.ts';
import { stateGetProof } from '@calin/core/rpc/methods/state-get-proof.ts';
import { NAMESPACE } from '@calin/core/state/namespaces.ts';
import type { MethodName, MethodParams, RpcClient } from '../rpc/rpc-client.ts';
import { refuseRpc } from '../rpc/rules.ts';
import type { LightRequest, LightUpdate, ServerTip, SetProof } from './light-update.ts';

/** The server: any node that answers. */
export type LightServer = Pick<RpcClient, 'call'>;

/** Above all heights: asked for, it gives no header, only where the node is. */
const NO_HEIGHT = 0xffff_ffff;

/** Asks where a server is. */
export async function askTip(server: LightServer): Promise<Result<ServerTip>> {
  const answer = await ask(server, 'chain_getHeaders', { from: NO_HEIGHT, count: 1 }, chainGetHeaders.result);
  if (!answer.ok) return answer;
  const { head, finalHeight } = answer.value;
  return ok({ head: { height: head.height, id: fromHex(head.id) }, finalHeight });
}

/** Asks a server for what a client wants; undefined when it has nothing of the kind. */
export async function askUpdate(
  server: LightServer,
  request: LightRequest,
): Promise<Result<LightUpdate | undefined>> {
  switch (request.kind) {
    case 'headers':
    case 'tail': {
      const headers = await askHeaders(server, request.from, HEADERS_MAX);
      if (!headers.ok || headers.value.length === 0) return headers.ok ? ok(undefined) : headers;
      return ok({ kind: request.kind, headers: headers.value });
    }
    case 'sets': {
      const sets = await askSets(server, request.height, request.sets);
      return sets.ok ? ok({ kind: 'sets', height: request.height, sets: sets.value }) : sets;
    }
    case 'anchor':
      return askAnchor(server, request.height, request.sets);
    case 'final':
      return askFinal(server, request.height, request.sets);
  }
}

/** Asks for the headers below one that a client follows: an `ancestors` update. */
export async function askAncestors(
  server: LightServer,
  from: number,
  count: number,
): Promise<Result<LightUpdate>> {
  const headers = await askHeaders(server, from, count);
  return headers.ok ? ok({ kind: 'ancestors', headers: headers.value }) : headers;
}

async function askHeaders(server: LightServer, from: number, count: number): Promise<Result<Uint8Array>> {
  const answer = await ask(server, 'chain_getHeaders', { from, count }, chainGetHeaders.result);
  return answer.ok ? readBytes(answer.value.headers) : answer;
}

async function askFinal(
  server: LightServer,
  height: number,
  epochs: readonly number[],
): Promise<Result<LightUpdate>> {
  const answer = await ask(server, 'chain_getFinality', { height, sets: epochs }, chainGetFinality.result);
  if (!answer.ok) return answer;
  const header = readBytes(answer.value.header);
  if (!header.ok) return header;
  const certificate = readBytes(answer.value.certificate);
  if (!certificate.ok) return certificate;
  const sets: SetProof[] = [];
  for (const { epoch, set: setText, proof: proofText } of answer.value.sets) {
    const [set, proof] = [readBytes(setText), readBytes(proofText)];
    if (!set.ok) return set;
    if (!proof.ok) return proof;
    sets.push({ epoch, set: set.value, proof: proof.value });
  }
  return ok({ kind: 'final', header: header.value, certificate: certificate.value, sets });
}

async function askAnchor(
  server: LightServer,
  height: number,
  epochs: readonly number[],
): Promise<Result<LightUpdate>> {
  const header = await askHeaders(server, height, 1);
  if (!header.ok) return header;
  const sets = await askSets(server, height, epochs);
  return sets.ok ? ok({ kind: 'anchor', header: header.value, sets: sets.value }) : sets;
}

async function askSets(
  server: LightServer,
  height: number,
  epochs: readonly number[],
): Promise<Result<readonly SetProof[]>> {
  const sets: SetProof[] = [];
  for (const epoch of epochs) {
    const key = toHex(validatorSetKey(epoch));
    const params = { namespace: NAMESPACE.validators, key, height };
    const answer = await ask(server, 'state_getProof', params, stateGetProof.result);
    if (!answer.ok) return answer;
    const { value, proof } = answer.value;
    sets.push({ epoch, set: fromHex(value ?? ''), proof: fromHex(proof) });
  }
  return ok(sets);
}

/** Calls a method and checks the shape of what it answers, for it comes from a stranger. */
export async function ask<Name extends MethodName, T>(
  server: LightServer,
  method: Name,
  params: MethodParams<Name>,
  shape: Schema<T>,
): Promise<Result<T>> {
  const answer = await server.call(method, params);
  return answer.ok ? shape.parse(answer.value, 'result') : answer;
}

function readBytes(text: string): Result<Uint8Array> {
  const bytes = parseBase64(text);
  return bytes === undefined ? refuseRpc('rpc/bad-response', { got: text.slice(0, 80) }) : ok(bytes);
}
