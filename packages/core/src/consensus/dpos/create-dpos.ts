import { ok, type Result } from '../../base/result.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Header } from '../../primitives/header.ts';
import { MISSED_MAX } from '../../primitives/limits.ts';
import type { ValidatorSet, ValidatorView } from '../../primitives/validator-set.ts';
import type { DposSpec } from '../../spec/chain-spec.ts';
import type { BlockFacts, ClaimedOrigin, ProducerIdentity, Production } from '../engine.ts';
import { membersOf, setAt } from '../seals/members.ts';
import { sealMessage } from '../seals/signed-seal.ts';
import type { ValidatorChain } from '../seals/validator-chain.ts';
import { createSlotTurns, type SlotOwners } from '../slots/slot-turns.ts';
import { createSlots } from '../slots/slots.ts';
import { turnOrder } from './turn-order.ts';

/**
 * Delegated proof of stake: with n members, slots n r to n r + n − 1 are round r, in which each of them has one, in an
 * order of the round's own. Stake decides who is a member, and nothing else. A block tells whose turns passed unused.
 *
 * @throws AssertionError when the spec has no slot length
 */
export function createDpos({ slotMs }: DposSpec, { epochBlocks, origin }: ValidatorChain): Production {
  const slots = createSlots(slotMs);
  const format = {
    claimBytes: 0,
    message: (header: Header, claim: Uint8Array) => sealMessage(origin, header, claim),
  };
  const ownersAt = (height: number, validators: ValidatorView): Result<SlotOwners> => {
    const set = setAt(height, epochBlocks, validators);
    return set.ok ? ok(shuffled(set.value)) : set;
  };
  return {
    // Of two blocks the first one stays: could a smaller id win, the owner of the next slot would search for one and
    // so take the turn of the owner before it, who would be counted as absent.
    ...createSlotTurns({ kind: 'dpos', ties: 'first-seen', slots, format, ownersAt }),
    facts(origin: ClaimedOrigin, parent: Header, validators: ValidatorView): BlockFacts {
      const owners = ownersAt(origin.height, validators);
      // Before block 1 there was nobody who could have missed a turn: the network begins with it.
      if (!owners.ok || parent.height === 0) return {};
      return { missed: missedBetween(slots.of(parent.timeMs), slots.of(origin.timeMs), owners.value) };
    },
    signedTurns: { ...format, numberOf: ({ timeMs }: ClaimedOrigin) => slots.of(timeMs) },
  };
}

function shuffled(set: ValidatorSet): SlotOwners {
  const count = set.members.length;
  return {
    members: membersOf(set),
    ownerOf: (slot) => turnOrder(set, Math.floor(slot / count))[slot % count] as number,
  };
}

/** The owners of the slots between two, the last {@link MISSED_MAX} of them, one entry for each slot. */
function missedBetween(
  after: number,
  before: number,
  { members, ownerOf }: SlotOwners,
): readonly PublicKey[] {
  const missed: PublicKey[] = [];
  for (let slot = Math.max(after + 1, before - MISSED_MAX); slot < before; slot++) {
    missed.push((members.identities[ownerOf(slot)] as ProducerIdentity).publicKey);
  }
  return missed;
}
