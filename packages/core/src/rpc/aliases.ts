import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { refuseSchema } from '../base/schema.ts';

/** A method under the name and with the parameters that another development node has for it. */
export interface Alias {
  /** Which method it is. */
  readonly method: 'dev_mine' | 'dev_snapshot' | 'dev_revert' | 'dev_setTime';
  /** What is different from that method, for the docs. */
  readonly summary: string;
  /** The method's own parameters, from a list. */
  params(list: readonly unknown[]): Result<unknown>;
  /** The answer as the other node would give it; the method has succeeded. */
  present(result: unknown): unknown;
}

const mineOne: Alias = {
  method: 'dev_mine',
  summary: 'Makes one block. No parameters; answers "0x0".',
  params: (list) => (list.length === 0 ? ok({ blocks: 1 }) : refuseLength(list, 0)),
  present: () => '0x0',
};

const mineMany: Alias = {
  method: 'dev_mine',
  summary: 'Makes blocks: `[blocks]`, one when left out; answers null.',
  params: (list) => readOnly(list, 'blocks', (blocks) => ok({ blocks }), ok({ blocks: 1 })),
  present: () => null,
};

const snapshot: Alias = {
  method: 'dev_snapshot',
  summary: 'Remembers the head; no parameters; answers its number as a hexadecimal quantity.',
  params: (list) => (list.length === 0 ? ok({}) : refuseLength(list, 0)),
  present: (result) => `0x${Number((result as { readonly snapshot: string }).snapshot).toString(16)}`,
};

const revert: Alias = {
  method: 'dev_revert',
  summary:
    'Goes back: `[snapshot]`; answers true. An unknown snapshot is refused by `node/unknown-snapshot`.',
  params: (list) => readOnly(list, 'snapshot', (number) => ok({ snapshot: String(number) })),
  present: () => true,
};

const setTime: Alias = {
  method: 'dev_setTime',
  summary: 'Sets the time: `[seconds since 1970]`, and it runs on from there; answers null.',
  params: (list) => readOnly(list, 'timestamp', (seconds) => ok({ timeMs: seconds * 1000 })),
  present: () => null,
};

/**
 * Methods of anvil and Hardhat that mean the same here, on development chains only, so that scripts which drive those
 * can drive this node. What means something else, such as setting a balance, is left out.
 *
 * @see https://www.getfoundry.sh/anvil/rpc-methods
 */
export const ALIASES: Readonly<Record<string, Alias>> = {
  evm_mine: mineOne,
  anvil_mine: mineMany,
  hardhat_mine: mineMany,
  evm_snapshot: snapshot,
  anvil_snapshot: snapshot,
  evm_revert: revert,
  anvil_revert: revert,
  evm_setNextBlockTimestamp: setTime,
  anvil_setNextBlockTimestamp: setTime,
};

/** Reads a list of exactly one quantity, or of none when there is a `fallback`. */
function readOnly(
  list: readonly unknown[],
  path: string,
  use: (value: number) => Result<unknown>,
  fallback?: Result<unknown>,
): Result<unknown> {
  if (list.length === 0 && fallback !== undefined) return fallback;
  if (list.length !== 1) return refuseLength(list, 1);
  const value = readQuantity(list[0]);
  if (value !== undefined) return use(value);
  return refuseSchema('json/type', {
    path: `params.${path}`,
    expected: 'a number, or one as "0x" and digits',
  });
}

/** An integer as those nodes take it: a number, or text in decimal digits or in hexadecimal ones after `0x`. */
function readQuantity(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^(?:0x[0-9a-f]{1,14}|[0-9]{1,16})$/i.test(value);
  const number = isText ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function refuseLength(list: readonly unknown[], expected: number): Result<never> {
  return refuseSchema('json/range', { path: 'params', got: list.length, max: expected });
}
