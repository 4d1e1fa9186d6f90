import type { Refusal } from '@calin/core/base/result.ts';

/** HTTP statuses of refusals; 400 when it is not listed. */
const STATUSES: Readonly<Record<string, number>> = {
  'server/foreign-host': 403,
  'server/foreign-origin': 403,
  'server/key-unknown': 401,
  'server/too-many-guesses': 429,
  'rpc/role': 403,
  'rpc/rate-limited': 429,
  'server/not-found': 404,
  'server/no-pages': 404,
  'server/method-not-allowed': 405,
  'server/body-size': 413,
  'server/content-type': 415,
  'server/busy': 503,
  'node/busy': 429,
  'node/not-alive': 503,
  'node/store-failed': 503,
  'rpc/internal': 500,
};

/** Seconds after which who was told to come later may try again: a block, or a bundle, has gone its way by then. */
export const RETRY_AFTER_SECONDS = 1;

/** The status of a refusal, over HTTP and in the answer to a bundle over WebSocket. */
export function statusOf({ rule }: Pick<Refusal, 'rule'>): number {
  return Object.hasOwn(STATUSES, rule) ? (STATUSES[rule] as number) : 400;
}

/** Whether the sender is told when to try again. */
export function isForNow(status: number): boolean {
  return status === 429 || status === 503;
}
