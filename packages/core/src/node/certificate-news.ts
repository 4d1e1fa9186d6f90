import { subjectOf } from '../chain/certificate-subject.ts';
import type { Chain } from '../chain/chain.ts';
import { readAttendance } from '../ledger/stake/attendance.ts';
import { epochOfHeight } from '../primitives/validator-set.ts';
import type { ConsensusSpec } from '../spec/chain-spec.ts';
import { viewOf } from '../state/view.ts';
import type { WorldState } from '../state/world-state.ts';

/**
 * The certificate of the last final block, if a block can tell of it: it is of the present epoch, and of a later block
 * than any that was told of. To check one takes hundreds of signatures, so none is tried in vain.
 *
 * @param state - before the block of this height
 */
export function untoldCertificate(
  { finality, validators }: ConsensusSpec,
  chain: Pick<Chain, 'final' | 'certificate'>,
  state: WorldState,
  height: number,
): Uint8Array | undefined {
  const bytes = validators && chain.certificate(chain.final.height);
  const subject = bytes && subjectOf(finality, bytes);
  if (validators === undefined || subject === undefined) return undefined;
  const epoch = epochOfHeight(height, validators.epochBlocks);
  if (epochOfHeight(subject.signedHeight, validators.epochBlocks) !== epoch) return undefined;
  const told = readAttendance(viewOf(state), epoch)?.height ?? 0;
  return subject.signedHeight > told ? bytes : undefined;
}
