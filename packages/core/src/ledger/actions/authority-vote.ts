import { toHex } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import { OK, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { isStrongPublicKey } from '../../crypto/public-key.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Action } from '../../primitives/action.ts';
import { type Address, keyAddress } from '../../primitives/address.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import type { Overlay } from '../../state/view.ts';
import { includesKey, readAuthorities, withoutKey, writeAuthorities } from '../stake/authorities.ts';
import {
  type AuthorityChange,
  type AuthorityProposal,
  encodeAuthorityChange,
  isOpen,
  readAuthorityChange,
  readProposal,
  readVote,
  writeProposal,
  writeVote,
} from '../stake/authority-proposal.ts';
import { refuseStake } from '../stake/rules.ts';
import type { ActionContext } from './action-context.ts';

/**
 * The vote of an authority, which must agree by a witness, to add or remove one. More than half of all decide, as in
 * EIP-225; then it stands in the next set that is written, that of the epoch after the next. A vote replaces the one
 * the authority cast before. Body: voter 32, change u8 (1 add, 2 remove), subject 32.
 *
 * @see https://eips.ethereum.org/EIPS/eip-225
 */
export interface AuthorityVoteAction extends AuthorityChange {
  readonly kind: 'authority-vote';
  readonly voter: PublicKey;
}

/** The tag of an {@link AuthorityVoteAction}. */
export const AUTHORITY_VOTE_TAG = 14;

/** The action as it travels. */
export function encodeAuthorityVoteAction(action: AuthorityVoteAction): Action {
  const body = new Writer(65).hash(action.voter).bytes(encodeAuthorityChange(action)).finish();
  return { tag: AUTHORITY_VOTE_TAG, body };
}

/** Reads a body. Refuses by `codec/…`. */
export function parseAuthorityVoteAction(body: Uint8Array): Result<AuthorityVoteAction> {
  const reader = new Reader(body);
  return reader.finish({ kind: 'authority-vote', voter: reader.hash(), ...readAuthorityChange(reader) });
}

/** Who must agree: the voter. */
export function authorityVoteAuthority({ voter }: AuthorityVoteAction): Address {
  return keyAddress(voter);
}

/** Counts the vote, and makes the change when it decides. */
export function applyAuthorityVoteAction(
  { voter, change, subject }: AuthorityVoteAction,
  { spec, overlay, env }: ActionContext,
): Result<undefined> {
  const { validators } = spec.consensus;
  if (validators?.kind !== 'authorities') return refuseStake('authority/none');
  const wanted: AuthorityChange = { change, subject };
  const authorities = readAuthorities(overlay);
  const useful = checkVote(authorities, voter, wanted);
  if (!useful.ok) return useful;
  const last = readVote(overlay, voter);
  if (last?.height === env.height) return refuseStake('authority/vote-often', { height: env.height });
  const epoch = epochOfHeight(env.height, validators.epochBlocks);
  const known = openProposal(overlay, wanted, epoch);
  if (known !== undefined && includesKey(known.voters, voter)) {
    return refuseStake('authority/vote-repeated', { epoch: known.epoch });
  }
  if (last !== undefined) withdrawVote(overlay, voter, last);
  writeVote(overlay, voter, { height: env.height, ...wanted });
  // Who is an authority no more does not count, although it was one when it voted.
  const present = new Set(authorities.map(bytesKey));
  const voters = (known?.voters ?? []).filter((other) => present.has(bytesKey(other)));
  const agreed = [...voters, voter];
  const isDecided = 2 * agreed.length > authorities.length;
  writeProposal(overlay, wanted, { epoch: known?.epoch ?? epoch, voters: isDecided ? [] : agreed });
  if (!isDecided) return OK;
  const changed = change === 'add' ? [...authorities, subject] : withoutKey(authorities, subject);
  writeAuthorities(overlay, changed);
  return OK;
}

/** The votes for a change, while they count. */
function openProposal(
  overlay: Overlay,
  wanted: AuthorityChange,
  epoch: number,
): AuthorityProposal | undefined {
  const proposal = readProposal(overlay, wanted);
  return proposal !== undefined && isOpen(proposal, epoch) ? proposal : undefined;
}

function checkVote(
  authorities: readonly PublicKey[],
  voter: PublicKey,
  { change, subject }: AuthorityChange,
): Result<undefined> {
  if (!includesKey(authorities, voter)) return refuseStake('authority/not-one', { voter: toHex(voter) });
  const isMember = includesKey(authorities, subject);
  const isUseful = change === 'add' ? !isMember : isMember && authorities.length > 1;
  if (!isUseful) return refuseStake('authority/vote-useless', { change, subject: toHex(subject) });
  if (change === 'remove') return OK;
  if (!isStrongPublicKey(subject)) return refuseStake('stake/key-weak', { validator: toHex(subject) });
  return authorities.length < VALIDATORS_MAX
    ? OK
    : refuseStake('authority/full', { expected: VALIDATORS_MAX });
}

/** Takes back what the voter wanted before, also where it counts no more, so that nothing is left of it. */
function withdrawVote(overlay: Overlay, voter: PublicKey, before: AuthorityChange): void {
  const proposal = readProposal(overlay, before);
  if (proposal === undefined) return;
  writeProposal(overlay, before, { ...proposal, voters: withoutKey(proposal.voters, voter) });
}
