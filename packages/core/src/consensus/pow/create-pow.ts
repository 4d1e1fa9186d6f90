import { assert } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import { type Header, sealHash } from '../../primitives/header.ts';
import type { PowSpec } from '../../spec/chain-spec.ts';
import type { ProducerIdentity, Production, SealRequest, Turn } from '../engine.ts';
import { NO_CLAIM } from '../no-claim.ts';
import { refuseConsensus } from '../rules.ts';
import { type AsertSchedule, asertTarget } from './asert.ts';
import { encodeCompact, parseCompact, TARGET_MAX } from './compact-target.ts';
import { expectedHashes, hashNumber, readWorkSeal, WORK_SEAL_BYTES, workHash } from './work.ts';

/**
 * Proof of work: anybody may make a block, and its seal is a nonce with which {@link workHash} is not above the target.
 * A block weighs the hashes that its target takes on average, so the branch with the most work wins. The target of
 * each block follows from the time and height of its parent alone ({@link asertTarget}), anchored at genesis.
 *
 * @param genesisTimeMs - when the first interval begins
 */
export function createPow(spec: PowSpec, genesisTimeMs: number): Production {
  assert(spec.initialDifficulty >= 1, 'a block takes a hash at least');
  const schedule: AsertSchedule = {
    anchorTarget: targetOf(spec.initialDifficulty),
    targetMax: TARGET_MAX,
    spacing: BigInt(spec.blockMs),
    halfLife: BigInt(spec.halfLifeMs),
  };
  // As if genesis had come one interval after a parent of its own: then block 1 has the initial difficulty when
  // genesis is where the schedule begins.
  const anchorParentMs = genesisTimeMs - spec.blockMs;
  const bitsAfter = (parent: Header): number => {
    const timeDelta = BigInt(parent.timeMs - anchorParentMs);
    return encodeCompact(asertTarget(schedule, timeDelta, BigInt(parent.height)));
  };
  return {
    kind: 'pow',
    verifyHeader(header: Header, parent: Header): Result<undefined> {
      if (header.timeMs <= parent.timeMs) {
        const expected = parent.timeMs + 1;
        return refuseConsensus('consensus/time-not-later', { got: header.timeMs, expected });
      }
      return verifyWork(header, bitsAfter(parent));
    },
    weight: (header: Header): bigint => expectedHashes(targetOfSeal(header)),
    ties: 'first-seen',
    turn(parent: Header, _identity: ProducerIdentity, nowMs: number): Turn {
      if (nowMs <= parent.timeMs) return { kind: 'wait', untilMs: parent.timeMs + 1 };
      return { kind: 'now', timeMs: nowMs, claim: NO_CLAIM.claimOf() };
    },
    sealRequest(header: Header, _identity: ProducerIdentity, parent: Header): SealRequest {
      return { kind: 'work', message: sealHash(header), bits: bitsAfter(parent) };
    },
    ...NO_CLAIM,
  };
}

function verifyWork(header: Header, bits: number): Result<undefined> {
  if (header.seal.length !== WORK_SEAL_BYTES) {
    return refuseConsensus('consensus/seal-size', { got: header.seal.length, expected: WORK_SEAL_BYTES });
  }
  const seal = readWorkSeal(header.seal);
  if (seal.bits !== bits) {
    return refuseConsensus('consensus/target-wrong', { got: seal.bits, expected: bits });
  }
  const got = workHash(sealHash(header), seal.nonce);
  if (hashNumber(got) <= targetOfSeal(header)) return OK;
  return refuseConsensus('consensus/work-missing', { got: toHex(got), bits });
}

/** The target that a verified header names. */
function targetOfSeal({ seal }: Header): bigint {
  const target = parseCompact(readWorkSeal(seal).bits);
  assert(target !== undefined, 'the target of a block that was verified');
  return target;
}

/** The largest target that takes so many hashes on average, as far as its short form can say. */
function targetOf(difficulty: number): bigint {
  const target = parseCompact(encodeCompact(TARGET_MAX / BigInt(difficulty)));
  assert(target !== undefined, 'what was encoded can be read');
  return target;
}
