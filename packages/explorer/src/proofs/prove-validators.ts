import { toHex } from '@calin/core/base/bytes.ts';
import { describeValidators } from '@calin/core/ledger/stake/describe-validators.ts';
import { epochOfHeight } from '@calin/core/primitives/validator-set.ts';
import { presentValidator } from '@calin/core/rpc/json/validator.ts';
import type { BatchServer } from './ask-proofs.ts';
import { type Claim, proved, type Verdict, wrong } from './claims.ts';
import type { FollowedChain } from './followed-chain.ts';
import { isSame } from './is-same.ts';
import { judgeRefusal } from './judge-refusal.ts';
import { readProvenState } from './proven-state.ts';

/** Checks the validators of an epoch and their candidates against the state after the head at which they were told. */
export async function proveValidators(
  { set, at }: Extract<Claim, { kind: 'validators' }>,
  chain: FollowedChain,
  server: BatchServer,
): Promise<Verdict> {
  const { validators } = chain.spec.consensus;
  if (validators === undefined) return wrong('light/value-mismatch', 'This chain has no validators.');
  if (at === null)
    return { kind: 'open', why: 'The chain went on while the node answered; it is asked again.' };
  const own = await chain.at(at.height);
  if (!own.ok) return judgeRefusal(own.error);
  if (toHex(own.value.id) !== at.id) {
    return { kind: 'open', why: 'The page follows another branch at this height, and neither is final.' };
  }
  const read = await readProvenState(own.value.header, server, (view) =>
    describeValidators(view, set.epoch, true),
  );
  if (!read.ok) return judgeRefusal(read.error);
  if (read.value === undefined) {
    return { kind: 'open', why: 'There are more validators than a page asks proofs for.' };
  }
  const presentEpoch = epochOfHeight(at.height + 1, validators.epochBlocks);
  const real = read.value.validators.map((one) =>
    presentValidator(one, presentEpoch, chain.spec.addressPrefix),
  );
  const isAsSaid = isSame(real, set.validators) && (read.value.certificates ?? 0) === (set.certificates ?? 0);
  if (!isAsSaid) return wrong('light/value-mismatch', 'The validators in the state are others.');
  const what =
    'The set, every stake in it and what each has signed stand so in the state, and nobody is left out.';
  return proved(at.height, chain, what);
}
