import { equalBytes } from '../base/bytes.ts';
import type { Steps } from '../base/steps.ts';
import { TurnWork } from '../ledger/turn-work.ts';
import type { Block } from '../primitives/block.ts';
import type { ChainParts } from './chain-parts.ts';
import { executeInSteps, executorOf } from './execute.ts';
import { isDamage, isImportable } from './import-block.ts';

/** Executes a block before it is imported; see {@link Chain.prepareBlock}. */
export function prepareBlock(parts: ChainParts, block: Block, nowMs: number): Steps<void> | undefined {
  const { tree, shared } = parts;
  // Of chains that share what they work out, the first one executes a block at once, and it is there for all.
  if (shared !== undefined || !equalBytes(block.header.parent, tree.head.id)) return undefined;
  return isImportable(parts, block, nowMs) ? execute(parts, block) : undefined;
}

function* execute(parts: ChainParts, block: Block): Steps<void> {
  const { tree, headState: before } = parts;
  const work = new TurnWork(parts.options.limits.turnWork);
  const steps = executeInSteps(executorOf(parts), before, tree.head.header, block, work);
  let step = steps.next();
  while (step.done !== true) {
    yield;
    // The head has moved, so the block is no longer the next one.
    if (parts.headState !== before) return;
    step = steps.next();
  }
  const result = step.value;
  // A store that failed, or a lack of memory, says nothing about the block.
  if (result.ok || !isDamage(result)) parts.prepared = { block, before, result };
}
