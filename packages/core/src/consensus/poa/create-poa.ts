import { assert } from '../../base/assert.ts';
import { ok } from '../../base/result.ts';
import type { Header } from '../../primitives/header.ts';
import { sealHash } from '../../primitives/header.ts';
import type { PoaSpec } from '../../spec/chain-spec.ts';
import type { ClaimedOrigin, Production } from '../engine.ts';
import { type Members, membersOf, membersWithKeys, setAt } from '../seals/members.ts';
import { sealMessage } from '../seals/signed-seal.ts';
import type { ValidatorChain } from '../seals/validator-chain.ts';
import { createSlotTurns, type SlotOwners } from '../slots/slot-turns.ts';
import { createSlots } from '../slots/slots.ts';

/**
 * Proof of authority: time is cut into slots, slot s belongs to authority s mod n, and the seal is that authority's
 * signature over {@link sealHash}. Every block weighs 1, so the branch in which most authorities took part wins.
 *
 * @throws AssertionError when the spec has no authority or no slot length
 */
export function createPoa(spec: PoaSpec): Production {
  assert(spec.authorities.length > 0, 'proof of authority needs an authority');
  const owners = ok(inTurn(membersWithKeys(spec.authorities)));
  return createSlotTurns({
    kind: 'poa',
    ties: 'smaller-id',
    slots: createSlots(spec.slotMs),
    format: { claimBytes: 0, message: sealHash },
    ownersAt: () => owners,
  });
}

/**
 * Proof of authority among those who are the validators of an epoch: slot s belongs to member s mod n of its set. The
 * rest is as with {@link createPoa}, but the signature is over {@link sealMessage}, so that two of them are evidence.
 *
 * @throws AssertionError when the spec has no slot length
 */
export function createPoaOfEpochs(
  { slotMs }: Pick<PoaSpec, 'slotMs'>,
  { epochBlocks, origin }: ValidatorChain,
): Production {
  const slots = createSlots(slotMs);
  const format = {
    claimBytes: 0,
    message: (header: Header, claim: Uint8Array) => sealMessage(origin, header, claim),
  };
  return {
    ...createSlotTurns({
      kind: 'poa',
      ties: 'smaller-id',
      slots,
      format,
      ownersAt(height, validators) {
        const set = setAt(height, epochBlocks, validators);
        return set.ok ? ok(inTurn(membersOf(set.value))) : set;
      },
    }),
    signedTurns: { ...format, numberOf: ({ timeMs }: ClaimedOrigin) => slots.of(timeMs) },
  };
}

function inTurn(members: Members): SlotOwners {
  return { members, ownerOf: (slot) => slot % members.identities.length };
}
