import { unreachable } from '../base/assert.ts';
import type { Failure } from '../base/result.ts';
import type { ChainSpec, ConsensusSpec } from './chain-spec.ts';
import { refuseGenesis } from './rules.ts';

/**
 * Whether an epoch is long enough for what has to become final in it; undefined when it is. What is refused would run,
 * but its validators would never be paid, or its light clients could not go on from one epoch to the next.
 *
 * @see docs/decisions/0036-how-long-an-epoch-is.md
 */
export function checkEpochs({ consensus }: ChainSpec): Failure | undefined {
  const { validators } = consensus;
  const expected = epochBlocksMin(consensus);
  if (validators === undefined || validators.epochBlocks >= expected) return undefined;
  return refuseGenesis('genesis/epoch-too-short', {
    path: 'genesis.consensus.validators.epochBlocks',
    got: validators.epochBlocks,
    expected,
  });
}

/** The least length of an epoch. */
function epochBlocksMin({ production, finality }: ConsensusSpec): number {
  switch (finality.kind) {
    case 'votes-each':
      // A certificate counts for those who signed it in a later block of its own epoch.
      return 2;
    case 'votes': {
      // So it does here, where blocks have to stand on the checkpoint before it is voted for; and a light client needs
      // a checkpoint that is made final by another one of the same epoch.
      const { intervalBlocks, lagBlocks } = finality;
      return Math.max(2 * intervalBlocks, intervalBlocks + lagBlocks + 1);
    }
    case 'depth': {
      // The block that chooses the validators of an epoch has to be final before they serve.
      const isConstant =
        production.kind === 'pow' || (production.kind === 'poa' && production.authorities.length > 0);
      return isConstant ? 1 : finality.blocks;
    }
    default:
      return unreachable(finality);
  }
}
