import type { ValueProof } from '@calin/client/light/verify-state.ts';
import type { MethodParams, RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { fromHex } from '@calin/core/base/bytes.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { stateGetProof } from '@calin/core/rpc/methods/state-get-proof.ts';

/** Whoever makes several calls in one exchange. */
export type BatchServer = Pick<RpcClient, 'batch'>;

/** What to prove in the state after a block. */
export type ProofQuestion = Omit<MethodParams<'state_getProof'>, 'height' | 'id' | 'at'>;

/** Times that a node is asked again for a state that it works out little by little. */
const TRIES_MAX = 16;
/** Fewer than a node takes in one batch. */
const BATCH_MAX = 50;

/**
 * Asks for proofs of the state after a block, in the order of the questions. What comes is only what the node says:
 * whoever asks checks each against a header.
 */
export async function askProofs(
  questions: readonly ProofQuestion[],
  height: number,
  server: BatchServer,
): Promise<Result<readonly ValueProof[]>> {
  const proofs: ValueProof[] = [];
  for (let from = 0; from < questions.length; from += BATCH_MAX) {
    const some = await askSome(questions.slice(from, from + BATCH_MAX), height, server);
    if (!some.ok) return some;
    proofs.push(...some.value);
  }
  return ok(proofs);
}

async function askSome(
  questions: readonly ProofQuestion[],
  height: number,
  server: BatchServer,
): Promise<Result<readonly ValueProof[]>> {
  const proofs: ValueProof[] = [];
  let last: Refusal | undefined;
  for (let tries = 0; proofs.length < questions.length && tries < TRIES_MAX; tries++) {
    const open = questions.slice(proofs.length);
    const answers = await server.batch(
      open.map((question) => ({ method: 'state_getProof', params: { ...question, height } }) as const),
    );
    if (!answers.ok) return answers;
    for (const answer of answers.value) {
      if (!answer.ok) {
        if (!answer.error.retry) return answer;
        last = answer.error;
        break;
      }
      const read = stateGetProof.result.parse(answer.value, 'result');
      if (!read.ok) return read;
      const { value, proof } = read.value;
      proofs.push({ value: value === null ? undefined : fromHex(value), proof: fromHex(proof) });
    }
  }
  return proofs.length < questions.length && last !== undefined ? { ok: false, error: last } : ok(proofs);
}
