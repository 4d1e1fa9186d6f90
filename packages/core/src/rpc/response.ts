import type { Refusal, Result } from '../base/result.ts';

/** What a caller recognises its answer by. */
export type RpcId = string | number | null;

/** The error codes: those of JSON-RPC 2.0, and two for everything that a rule of Calin refuses. */
export const ERROR_CODE = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** A rule refuses the call and would refuse it again; `data.rule` says which. */
  refused: -32000,
  /** A rule refuses the call now; the same call may succeed later. */
  refusedForNow: -32001,
} as const;

/** The error of a response. Its `data` says which rule was broken; see docs/reference/rules.md. */
export interface RpcErrorJson {
  readonly code: number;
  readonly message: string;
  readonly data: Pick<Refusal, 'rule' | 'help' | 'evidence' | 'retry'>;
}

const CODE_BY_RULE: Readonly<Record<string, number>> = {
  'rpc/parse-error': ERROR_CODE.parse,
  'rpc/too-large': ERROR_CODE.invalidRequest,
  'rpc/too-deep': ERROR_CODE.invalidRequest,
  'rpc/batch-empty': ERROR_CODE.invalidRequest,
  'rpc/batch-too-long': ERROR_CODE.invalidRequest,
  'rpc/invalid-request': ERROR_CODE.invalidRequest,
  'rpc/method-unknown': ERROR_CODE.methodNotFound,
  'rpc/block-selector': ERROR_CODE.invalidParams,
  'rpc/proof-key': ERROR_CODE.invalidParams,
  'rpc/topic': ERROR_CODE.invalidParams,
  'rpc/internal': ERROR_CODE.internal,
};

/** The code of a refusal: it follows from the rule alone. */
export function errorCode({ rule, retry }: Pick<Refusal, 'rule' | 'retry'>): number {
  const own = Object.hasOwn(CODE_BY_RULE, rule) ? CODE_BY_RULE[rule] : undefined;
  if (own !== undefined) return own;
  if (rule.startsWith('json/') || rule.startsWith('codec/')) return ERROR_CODE.invalidParams;
  return retry ? ERROR_CODE.refusedForNow : ERROR_CODE.refused;
}

/** The error object of a refusal. */
function presentError(refusal: Refusal): RpcErrorJson {
  const { rule, message, help, evidence, retry } = refusal;
  return { code: errorCode(refusal), message, data: { rule, help, evidence, retry } };
}

/** The text of one response: the value as it is (undefined becomes null), or the refusal as an error. */
export function responseText(id: RpcId, result: Result<unknown>): string {
  return result.ok
    ? JSON.stringify({ jsonrpc: '2.0', result: result.value ?? null, id })
    : JSON.stringify({ jsonrpc: '2.0', error: presentError(result.error), id });
}
