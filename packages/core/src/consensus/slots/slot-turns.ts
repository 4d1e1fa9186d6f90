import { AssertionError } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import type { Header } from '../../primitives/header.ts';
import type { ValidatorView } from '../../primitives/validator-set.ts';
import type {
  HeaderContext,
  ProducerIdentity,
  Production,
  SealRequest,
  Turn,
  TurnContext,
} from '../engine.ts';
import { NO_CLAIM } from '../no-claim.ts';
import { refuseConsensus } from '../rules.ts';
import { type Members, positionOfIdentity } from '../seals/members.ts';
import { type SealFormat, verifySeal } from '../seals/signed-seal.ts';
import { type Slots, verifySlot } from './slots.ts';

/** Whose slots are whose. */
export interface SlotOwners {
  readonly members: Members;
  /** The position of the member that a slot belongs to. Everybody has one in any 2 n − 1 slots in a row. */
  ownerOf(slot: number): number;
}

/** What productions by slots in turn differ in. */
export interface SlotRules extends Pick<Production, 'kind' | 'ties'> {
  readonly slots: Slots;
  /** The claim is empty: the time of the header says whose turn it is. */
  readonly format: SealFormat;
  /** Whose slots they are in the block at a height. */
  ownersAt(height: number, validators: ValidatorView): Result<SlotOwners>;
}

/** Productions in which each slot belongs to one member, and every block weighs 1. */
export function createSlotTurns({ kind, ties, slots, format, ownersAt }: SlotRules): Production {
  return {
    kind,
    verifyHeader(header: Header, parent: Header, { verify, validators }: HeaderContext): Result<undefined> {
      const timed = verifySlot(header, parent, slots);
      if (!timed.ok) return timed;
      const owners = ownersAt(header.height, validators);
      if (!owners.ok) return owners;
      const { members, ownerOf } = owners.value;
      const position = ownerOf(slots.of(header.timeMs));
      const owner = members.identities[position] as ProducerIdentity;
      if (members.positionOf(header.producer) !== position) {
        return refuseConsensus('consensus/wrong-producer', {
          got: toHex(header.producer),
          expected: toHex(owner.address),
        });
      }
      return verifySeal(header, owner.publicKey, format, verify);
    },
    weight: () => 1n,
    ties,
    driftMsMax: slots.driftMsMax,
    turn(parent: Header, identity: ProducerIdentity, nowMs: number, { validators }: TurnContext): Turn {
      const owners = ownersAt(parent.height + 1, validators);
      if (!owners.ok) return { kind: 'never', refusal: owners.error };
      const position = positionOfIdentity(owners.value.members, identity);
      if (position === undefined) {
        const got = toHex(identity.publicKey);
        return { kind: 'never', refusal: refuseConsensus('consensus/not-a-producer', { got }).error };
      }
      const nowSlot = slots.of(nowMs);
      const slot = nextSlot(owners.value, position, Math.max(nowSlot, slots.of(parent.timeMs) + 1));
      return slot === nowSlot
        ? { kind: 'now', timeMs: nowMs, claim: NO_CLAIM.claimOf() }
        : { kind: 'wait', untilMs: slots.startMs(slot) };
    },
    sealRequest(header: Header, { publicKey }: ProducerIdentity): SealRequest {
      return { kind: 'sign', publicKey, message: format.message(header, NO_CLAIM.claimOf()) };
    },
    ...NO_CLAIM,
  };
}

/** The first slot from `slotMin` on that belongs to a member. */
function nextSlot({ members, ownerOf }: SlotOwners, position: number, slotMin: number): number {
  const slotEnd = slotMin + 2 * members.identities.length;
  for (let slot = slotMin; slot < slotEnd; slot++) if (ownerOf(slot) === position) return slot;
  throw new AssertionError('a member without a slot');
}
