import { sha256 } from '@noble/hashes/sha2.js';
import { assert, unreachable } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { OK, type Result } from '../base/result.ts';
import type { Coin } from '../state/coin.ts';
import type { BlockEnvironment } from './environment.ts';
import { refuseLedger } from './rules.ts';
import type { OpenedWitness } from './witness-cursor.ts';

/**
 * Checks what the chosen way of opening a lock asks for beside signatures.
 *
 * @param coin - the coin that is spent; undefined when an action asks the address to agree, and then a way that
 *   asks how long a coin has rested cannot be taken (`tx/age-without-coin`)
 */
export function checkCondition(
  { path, witness }: OpenedWitness,
  coin: Pick<Coin, 'height'> | undefined,
  env: Pick<BlockEnvironment, 'height' | 'timeMs'>,
): Result<undefined> {
  const { condition } = path;
  switch (condition.kind) {
    case 'none':
      return OK;
    case 'height':
      if (env.height >= condition.heightMin) return OK;
      return refuseLedger('tx/height-too-low', { got: env.height, expected: condition.heightMin });
    case 'time':
      if (env.timeMs >= condition.timeMsMin) return OK;
      return refuseLedger('tx/time-too-early', { got: env.timeMs, expected: condition.timeMsMin });
    case 'age':
      return checkAge(condition.blocksMin, coin, env.height);
    case 'preimage':
      return checkPreimage(condition.sha256, witness.preimage);
    default:
      return unreachable(condition);
  }
}

function checkAge(
  blocksMin: number,
  coin: Pick<Coin, 'height'> | undefined,
  height: number,
): Result<undefined> {
  if (coin === undefined) return refuseLedger('tx/age-without-coin', { expected: blocksMin });
  const age = height - coin.height;
  return age >= blocksMin ? OK : refuseLedger('tx/age-too-low', { got: age, expected: blocksMin });
}

function checkPreimage(expected: Uint8Array, preimage: Uint8Array | undefined): Result<undefined> {
  assert(preimage !== undefined, 'a witness of this path carries a preimage');
  const got = sha256(preimage);
  if (equalBytes(got, expected)) return OK;
  return refuseLedger('tx/preimage-wrong', { got: toHex(got), expected: toHex(expected) });
}
