import { assert } from '../../base/assert.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import { type PublicKey, SIGNATURE_BYTES, type VerifySignature } from '../../crypto/signature.ts';
import { type Address, keyAddress } from '../../primitives/address.ts';
import { type Header, sealHash } from '../../primitives/header.ts';
import type { PoaSpec } from '../../spec/chain-spec.ts';
import type { HeaderContext, ProducerIdentity, Production, SealRequest, Turn } from '../engine.ts';
import { NO_CLAIM } from '../no-claim.ts';
import { refuseConsensus } from '../rules.ts';

interface Authority {
  readonly publicKey: PublicKey;
  readonly address: Address;
}

/**
 * Proof of authority: time is cut into slots, slot s belongs to authority s mod n, and the seal is that authority's
 * signature over {@link sealHash}. Every block weighs 1, so the branch in which most authorities took part wins.
 *
 * @throws AssertionError when the spec has no authority or no slot length
 */
export function createPoa(spec: PoaSpec): Production {
  assert(spec.authorities.length > 0, 'proof of authority needs an authority');
  assert(Number.isSafeInteger(spec.slotMs) && spec.slotMs > 0, `not a slot length: ${spec.slotMs}`);
  const authorities = spec.authorities.map((publicKey) => ({ publicKey, address: keyAddress(publicKey) }));
  const ownerOf = (slot: number) => authorities[slot % authorities.length] as Authority;
  const slotOf = (timeMs: number) => Math.floor(timeMs / spec.slotMs);
  return {
    kind: 'poa',
    verifyHeader(header: Header, parent: Header, { verify }: HeaderContext): Result<undefined> {
      if (header.timeMs <= parent.timeMs) {
        return refuseConsensus('consensus/time-not-later', {
          got: header.timeMs,
          expected: parent.timeMs + 1,
        });
      }
      const slot = slotOf(header.timeMs);
      const parentSlot = slotOf(parent.timeMs);
      if (slot <= parentSlot)
        return refuseConsensus('consensus/slot-not-later', { got: slot, expected: parentSlot + 1 });
      return verifySeal(header, ownerOf(slot), verify);
    },
    weight: () => 1n,
    ties: 'smaller-id',
    turn(parent: Header, identity: ProducerIdentity, nowMs: number): Turn {
      const nowSlot = slotOf(nowMs);
      const slotMin = Math.max(nowSlot, slotOf(parent.timeMs) + 1);
      for (let slot = slotMin; slot < slotMin + authorities.length; slot++) {
        if (!isAuthority(identity, ownerOf(slot))) continue;
        return slot === nowSlot
          ? { kind: 'now', timeMs: nowMs, claim: NO_CLAIM.claimOf() }
          : { kind: 'wait', untilMs: slot * spec.slotMs };
      }
      const got = toHex(identity.publicKey);
      return { kind: 'never', refusal: refuseConsensus('consensus/not-a-producer', { got }).error };
    },
    sealRequest(header: Header, identity: ProducerIdentity): SealRequest {
      return { kind: 'sign', publicKey: identity.publicKey, message: sealHash(header) };
    },
    ...NO_CLAIM,
  };
}

function isAuthority(identity: ProducerIdentity, authority: Authority): boolean {
  return (
    equalBytes(identity.publicKey, authority.publicKey) && equalBytes(identity.address, authority.address)
  );
}

function verifySeal(header: Header, owner: Authority, verify: VerifySignature): Result<undefined> {
  if (!equalBytes(header.producer, owner.address)) {
    return refuseConsensus('consensus/wrong-producer', {
      got: toHex(header.producer),
      expected: toHex(owner.address),
    });
  }
  if (header.seal.length !== SIGNATURE_BYTES) {
    return refuseConsensus('consensus/seal-size', { got: header.seal.length, expected: SIGNATURE_BYTES });
  }
  const signed = { publicKey: owner.publicKey, message: sealHash(header), signature: header.seal };
  return verify(signed)
    ? OK
    : refuseConsensus('consensus/seal-invalid', { publicKey: toHex(owner.publicKey) });
}
