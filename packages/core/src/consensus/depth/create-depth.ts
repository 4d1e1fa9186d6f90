import { assert } from '../../base/assert.ts';
import type { DepthSpec } from '../../spec/chain-spec.ts';
import type { Finality } from '../engine.ts';

/**
 * A block is final once `blocks` blocks follow it: the rule of chains whose producers cast no votes. 0 makes every
 * block final at once, which only fits a single producer.
 *
 * @throws AssertionError when the depth is not an integer from 0 to 2^32 − 1
 */
export function createDepth(spec: DepthSpec): Finality {
  const { blocks } = spec;
  assert(Number.isInteger(blocks) && blocks >= 0 && blocks <= 0xffff_ffff, `not a depth: ${blocks}`);
  return { kind: 'depth', finalHeight: (headHeight) => Math.max(0, headHeight - blocks) };
}
