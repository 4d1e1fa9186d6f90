import type { Checker } from './checker.ts';
import { EqualRoots } from './equal-roots.ts';
import { FinalBlocks } from './final-blocks.ts';
import { LedgerReplay } from './ledger-replay.ts';
import { NoHonestBans } from './no-honest-bans.ts';

/** What must hold in every run, whatever goes wrong; one node executes all blocks for itself. */
export function safetyCheckers(): Checker[] {
  return [new FinalBlocks(), new LedgerReplay(), new EqualRoots({ verifiedNodes: 1 }), new NoHonestBans()];
}
