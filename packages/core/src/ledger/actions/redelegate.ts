import type { Amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import { OK, ok, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Action } from '../../primitives/action.ts';
import { readConvictions } from '../stake/convictions.ts';
import type { Tie } from '../stake/delegation.ts';
import { TIES_MAX } from '../stake/limits.ts';
import { addStake, closePosition, openPosition, type Position, takeStake } from '../stake/position.ts';
import { refuseStake } from '../stake/rules.ts';
import { minus, plus } from '../stake/share-math.ts';
import { type StakePlace, stakePlace } from '../stake/stake-place.ts';
import type { ActionContext } from './action-context.ts';

/**
 * Moves stake of the author from one validator to another without a rest. For as long as a rest would have been the new
 * shares answer for the old validator too, and cannot leave. Body: from 32, to 32, shares u64.
 */
export interface RedelegateAction {
  readonly kind: 'redelegate';
  readonly from: PublicKey;
  readonly to: PublicKey;
  /** Shares of `from`, at least 1. */
  readonly shares: Amount;
}

/** The tag of a {@link RedelegateAction}. */
export const REDELEGATE_TAG = 8;

/**
 * The action as it travels.
 *
 * @throws AssertionError when it moves nothing, or to where it is
 */
export function encodeRedelegateAction({ from, to, shares }: RedelegateAction): Action {
  assert(shares >= 1 && !equalBytes(from, to), 'moving no stake');
  return { tag: REDELEGATE_TAG, body: new Writer(72).hash(from).hash(to).u53(shares).finish() };
}

/** Reads a body. Refuses by `codec/…`, `stake/amount-zero` or `stake/same-validator`. */
export function parseRedelegateAction(body: Uint8Array): Result<RedelegateAction> {
  const reader = new Reader(body);
  const from = reader.hash();
  const to = reader.hash();
  const shares = reader.u53() as Amount;
  const layout = reader.finish(undefined);
  if (!layout.ok) return layout;
  if (shares === 0) return refuseStake('stake/amount-zero');
  if (equalBytes(from, to)) return refuseStake('stake/same-validator');
  return ok({ kind: 'redelegate', from, to, shares });
}

/** Takes the shares out of one pool, adds what they are worth to the other, and ties the new shares to the old pool. */
export function applyRedelegateAction(action: RedelegateAction, context: ActionContext): Result<undefined> {
  const place = stakePlace(context);
  if (!place.ok) return place;
  const { author, overlay } = context;
  const source = openPosition(place.value, author, action.from);
  if (!source.ok) return source;
  const taken = takeStake(place.value, source.value, action.shares);
  if (!taken.ok) return taken;
  // Closed first: leaving a seat may give the other pool a new one.
  const left = closePosition(place.value, taken.value.position);
  if (!left.ok) return left;
  const target = openPosition(place.value, author, action.to);
  if (!target.ok) return target;
  const added = addStake(place.value, target.value, taken.value.value);
  if (!added.ok) return added;
  const shares = minus(added.value.delegation.shares, target.value.delegation.shares);
  const convictions = readConvictions(overlay, action.from).length;
  const tied = tie(place.value, added.value, { from: action.from, convictions, shares });
  if (!tied.ok) return tied;
  const closed = closePosition(place.value, tied.value);
  return closed.ok ? OK : closed;
}

/** The position with a tie, joined with one that is liable for the same. */
function tie({ epoch }: StakePlace, position: Position, added: Omit<Tie, 'epoch'>): Result<Position> {
  const { delegation } = position;
  const { ties } = delegation;
  const at = ties.findIndex(
    (known) =>
      known.epoch === epoch && known.convictions === added.convictions && equalBytes(known.from, added.from),
  );
  const same = ties[at];
  if (same === undefined && ties.length === TIES_MAX) {
    return refuseStake('stake/ties-full', { expected: TIES_MAX });
  }
  const joined =
    same === undefined
      ? [...ties, { ...added, epoch }]
      : ties.with(at, { ...same, shares: plus(same.shares, added.shares) });
  return ok({ ...position, delegation: { ...delegation, ties: joined } });
}
