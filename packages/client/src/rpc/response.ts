import type { Evidence, Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseRpc } from './rules.ts';

/** One JSON-RPC response: whom it answers, and what. */
export interface RpcResponse {
  /** Null when the node could not read which call it answers. */
  readonly id: string | number | null;
  readonly outcome: Result<unknown>;
}

/** Evidence of a refusal has at most this many facts; no rule of Calin comes near. */
const EVIDENCE_MAX = 32;

/** Reads one response object of JSON-RPC 2.0; undefined when it is none. */
export function parseResponse(value: unknown): RpcResponse | undefined {
  if (!isRecord(value) || value['jsonrpc'] !== '2.0') return undefined;
  const id = value['id'] ?? null;
  if (typeof id !== 'string' && typeof id !== 'number' && id !== null) return undefined;
  if (Object.hasOwn(value, 'result')) return { id, outcome: ok(value['result']) };
  if (!isRecord(value['error'])) return undefined;
  return { id, outcome: { ok: false, error: readError(value['error']) } };
}

/** Whether a JSON value is an object with fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The refusal that the node made, or one that wraps the bare error of something else. */
function readError(error: Readonly<Record<string, unknown>>): Refusal {
  const { message, code, data } = error;
  const text = typeof message === 'string' ? message : '';
  if (!isRecord(data) || typeof data['rule'] !== 'string') {
    return refuseRpc('rpc/failed', { code: typeof code === 'number' ? code : null, message: text }).error;
  }
  const { rule, help, evidence, retry } = data;
  return {
    rule,
    message: text,
    help: typeof help === 'string' ? help : '',
    evidence: isRecord(evidence) ? readEvidence(evidence) : {},
    banPoints: 0,
    retry: retry === true,
  };
}

function readEvidence(facts: Readonly<Record<string, unknown>>): Evidence {
  const entries = Object.entries(facts)
    .slice(0, EVIDENCE_MAX)
    .flatMap(([name, fact]) => {
      const plain = typeof fact === 'string' || typeof fact === 'number' || typeof fact === 'boolean';
      return plain || fact === null ? [[name, fact] as const] : [];
    });
  return Object.fromEntries(entries);
}
