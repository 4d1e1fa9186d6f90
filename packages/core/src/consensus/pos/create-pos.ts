import { toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import { VRF_PROOF_BYTES, verifyVrf, vrfOutput } from '../../crypto/vrf.ts';
import type { Header } from '../../primitives/header.ts';
import { totalWeight, type Validator, type ValidatorSet } from '../../primitives/validator-set.ts';
import type { PosSpec } from '../../spec/chain-spec.ts';
import type {
  BlockFacts,
  ClaimedOrigin,
  HeaderContext,
  ProducerIdentity,
  Production,
  SealRequest,
  SignedTurns,
  Turn,
  TurnContext,
} from '../engine.ts';
import { refuseConsensus } from '../rules.ts';
import { membersOf, positionOfIdentity, setAt } from '../seals/members.ts';
import { claimOfSeal, sealMessage, verifySeal } from '../seals/signed-seal.ts';
import type { ValidatorChain } from '../seals/validator-chain.ts';
import { createSlots, verifySlot } from '../slots/slots.ts';
import { type Chance, isWinning, lotteryInput } from './lottery.ts';

/**
 * Proof of stake: in each slot every member of the epoch's set has a lottery of its own, which nobody else can foresee
 * and which it proves by the claim of its seal, a proof of crypto/vrf.ts. Some slots have several winners, some none.
 * Every block weighs 1, and of two branches that weigh the same the first one stays.
 *
 * @throws AssertionError when the spec has no slot length
 */
export function createPos(spec: PosSpec, { epochBlocks, origin }: ValidatorChain): Production {
  const slots = createSlots(spec.slotMs);
  const signedTurns: SignedTurns = {
    claimBytes: VRF_PROOF_BYTES,
    message: (header, claim) => sealMessage(origin, header, claim),
    numberOf: ({ timeMs }: ClaimedOrigin) => slots.of(timeMs),
  };
  // A producer asks for its turn whenever something comes in, and with one proof for all of a slot.
  const outputs = new WeakMap<Uint8Array, Uint8Array>();
  const outputOf = (proof: Uint8Array): Uint8Array => {
    const output = outputs.get(proof) ?? vrfOutput(proof);
    outputs.set(proof, output);
    return output;
  };
  // Nor does what is drawn for a slot change meanwhile.
  let last: { readonly seed: Hash; readonly slot: number; readonly input: Hash } | undefined;
  const inputOf = (seed: Hash, slot: number): Hash => {
    if (last?.seed !== seed || last.slot !== slot) last = { seed, slot, input: lotteryInput(seed, slot) };
    return last.input;
  };
  const chanceOf = (set: ValidatorSet, position: number): Chance => ({
    weight: (set.members[position] as Validator).weight,
    total: totalWeight(set),
    winnersPermille: spec.winnersPermille,
  });
  return {
    kind: 'pos',
    verifyHeader(header: Header, parent: Header, { verify, validators }: HeaderContext): Result<undefined> {
      const timed = verifySlot(header, parent, slots);
      if (!timed.ok) return timed;
      const set = setAt(header.height, epochBlocks, validators);
      if (!set.ok) return set;
      const { identities, positionOf } = membersOf(set.value);
      const position = positionOf(header.producer);
      const producer = position === undefined ? undefined : identities[position];
      if (position === undefined || producer === undefined) {
        return refuseConsensus('consensus/not-a-validator', { got: toHex(header.producer) });
      }
      // The signature comes first: the proof takes many times as long, which strangers shall not cause.
      const sealed = verifySeal(header, producer.publicKey, signedTurns, verify);
      if (!sealed.ok) return sealed;
      const slot = slots.of(header.timeMs);
      const input = lotteryInput(set.value.seed, slot);
      const output = verifyVrf(producer.publicKey, input, claimOfSeal(header.seal));
      if (output === undefined) return refuseConsensus('consensus/draw-invalid', { slot });
      return isWinning(output, chanceOf(set.value, position))
        ? OK
        : refuseConsensus('consensus/draw-lost', { slot });
    },
    weight: () => 1n,
    // Could a smaller id win, whoever wins a slot would search for one, and undo blocks that others have seen.
    ties: 'first-seen',
    driftMsMax: slots.driftMsMax,
    turn(parent: Header, identity: ProducerIdentity, nowMs: number, context: TurnContext): Turn {
      const set = setAt(parent.height + 1, epochBlocks, context.validators);
      if (!set.ok) return { kind: 'never', refusal: set.error };
      const position = positionOfIdentity(membersOf(set.value), identity);
      if (position === undefined) {
        const got = toHex(identity.publicKey);
        return { kind: 'never', refusal: refuseConsensus('consensus/not-a-producer', { got }).error };
      }
      const [slot, slotMin] = [slots.of(nowMs), slots.of(parent.timeMs) + 1];
      if (slot < slotMin) return { kind: 'wait', untilMs: slots.startMs(slotMin) };
      const input = inputOf(set.value.seed, slot);
      const claim = context.draw(input);
      if (claim === undefined) return { kind: 'draw', input };
      return isWinning(outputOf(claim), chanceOf(set.value, position))
        ? { kind: 'now', timeMs: nowMs, claim }
        : { kind: 'wait', untilMs: slots.startMs(slot + 1) };
    },
    sealRequest(header: Header, { publicKey }: ProducerIdentity, _parent, claim): SealRequest {
      return { kind: 'sign', publicKey, message: signedTurns.message(header, claim) };
    },
    facts: ({ claim }: ClaimedOrigin): BlockFacts => ({ randomness: hash('randomness', vrfOutput(claim)) }),
    claimOf: claimOfSeal,
    signedTurns,
  };
}
