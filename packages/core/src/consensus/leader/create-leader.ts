import { toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Header } from '../../primitives/header.ts';
import type { ValidatorSet } from '../../primitives/validator-set.ts';
import type {
  ClaimedOrigin,
  HeaderContext,
  ProducerIdentity,
  Production,
  SealRequest,
  SignedTurns,
  Turn,
  TurnContext,
} from '../engine.ts';
import { NO_CLAIM } from '../no-claim.ts';
import { refuseConsensus } from '../rules.ts';
import { membersOf, positionOfIdentity, setAt } from '../seals/members.ts';
import { claimOfSeal, sealMessage, verifySeal } from '../seals/signed-seal.ts';
import type { ValidatorChain } from '../seals/validator-chain.ts';
import { ROUNDS_MAX } from '../votes-each/limits.ts';
import { createProposerSchedule, type ProposerSchedule } from '../votes-each/proposer-schedule.ts';

/** Bytes of a claim: the round, u32. */
const CLAIM_BYTES = 4;

/**
 * Blocks that votes ask for: the proposer of a height and round makes one, and its seal says in which round that was.
 * A block that is proposed again in a later round keeps the seal it has. Every block weighs 1, and of two the first
 * one stays: which of them counts is for the votes to say.
 */
export function createLeader({ epochBlocks, origin }: ValidatorChain): Production {
  const schedules = new WeakMap<ValidatorSet, ProposerSchedule>();
  const scheduleOf = (set: ValidatorSet): ProposerSchedule => {
    let schedule = schedules.get(set);
    if (schedule === undefined) {
      schedule = createProposerSchedule(set, epochBlocks);
      schedules.set(set, schedule);
    }
    return schedule;
  };
  const signedTurns: SignedTurns = {
    claimBytes: CLAIM_BYTES,
    message: (header, claim) => sealMessage(origin, header, claim),
    // A claim that was not checked may name a round that there is not: all those of a height count as one.
    numberOf: ({ height, claim }: ClaimedOrigin) =>
      height * (ROUNDS_MAX + 1) + Math.min(roundOf(claim), ROUNDS_MAX),
  };
  return {
    kind: 'leader',
    verifyHeader(header: Header, parent: Header, { verify, validators }: HeaderContext): Result<undefined> {
      if (header.timeMs <= parent.timeMs) {
        const expected = parent.timeMs + 1;
        return refuseConsensus('consensus/time-not-later', { got: header.timeMs, expected });
      }
      const set = setAt(header.height, epochBlocks, validators);
      if (!set.ok) return set;
      const { identities, positionOf } = membersOf(set.value);
      const position = positionOf(header.producer);
      const producer = identities[position ?? -1];
      if (producer === undefined) {
        return refuseConsensus('consensus/not-a-validator', { got: toHex(header.producer) });
      }
      // The signature comes first: late rounds cost a moment to work out, which strangers shall not cause.
      const sealed = verifySeal(header, producer.publicKey, signedTurns, verify);
      if (!sealed.ok) return sealed;
      const round = roundOf(claimOfSeal(header.seal));
      if (round >= ROUNDS_MAX) return refuseConsensus('consensus/round-too-high', { got: round });
      const expected = scheduleOf(set.value).at(header.height, round);
      return position === expected
        ? OK
        : refuseConsensus('consensus/wrong-producer', { round, got: position ?? -1, expected });
    },
    weight: () => 1n,
    ties: 'first-seen',
    turn(parent: Header, identity: ProducerIdentity, _nowMs: number, { validators }: TurnContext): Turn {
      const set = setAt(parent.height + 1, epochBlocks, validators);
      if (!set.ok) return { kind: 'never', refusal: set.error };
      if (positionOfIdentity(membersOf(set.value), identity) !== undefined) return { kind: 'asked' };
      const got = toHex(identity.publicKey);
      return { kind: 'never', refusal: refuseConsensus('consensus/not-a-producer', { got }).error };
    },
    sealRequest(header: Header, { publicKey }: ProducerIdentity, _parent, claim): SealRequest {
      return { kind: 'sign', publicKey, message: signedTurns.message(header, claim) };
    },
    facts: NO_CLAIM.facts,
    claimOf: claimOfSeal,
    claimOfRound: (round) => new Writer(CLAIM_BYTES).u32(round).finish(),
    signedTurns,
  };
}

function roundOf(claim: Uint8Array): number {
  return new Reader(claim).u32();
}
