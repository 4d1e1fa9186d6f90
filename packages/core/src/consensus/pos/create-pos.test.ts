import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, toHex } from '../../base/bytes.ts';
import { hash } from '../../crypto/hash.ts';
import { sign } from '../../crypto/signature.ts';
import { proveVrf, VRF_PROOF_BYTES, vrfOutput } from '../../crypto/vrf.ts';
import type { Header } from '../../primitives/header.ts';
import {
  bareHeader,
  CHAIN,
  EPOCH_BLOCKS,
  given,
  producer,
  ruleOf,
  sealedBy,
  setOf,
  type TestProducer,
  viewOf,
} from '../seals/producers.testing.ts';
import { createPos } from './create-pos.ts';
import { isWinning, lotteryInput } from './lottery.ts';

const SLOT_MS = 1000;
const SPEC = { kind: 'pos', slotMs: SLOT_MS, winnersPermille: 600 } as const;
const pos = createPos(SPEC, CHAIN);
const sets = [setOf(0, [0, 1, 2]), setOf(1, [1, 3])] as const;
const context = given(viewOf(...sets));
const parent = bareHeader(4, 600_500);
const last = bareHeader(EPOCH_BLOCKS, 600_500);

const proofs = new Map<string, Uint8Array>();
function prove({ secret }: TestProducer, epoch: 0 | 1, slot: number): Uint8Array {
  const name = `${toHex(secret)} ${epoch} ${slot}`;
  const proof = proofs.get(name) ?? proveVrf(secret, lotteryInput(sets[epoch].seed, slot));
  proofs.set(name, proof);
  return proof;
}

/** The first slot from 601 on in which a member of an epoch wins, or does not. */
function slotOf(i: number, epoch: 0 | 1, wins: boolean): number {
  const { members } = sets[epoch];
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  const chance = { weight: 10 * (i + 1), total, winnersPermille: SPEC.winnersPermille };
  for (let slot = 601; slot < 700; slot++) {
    if (isWinning(vrfOutput(prove(producer(i), epoch, slot)), chance) === wins) return slot;
  }
  return assert.fail('a hundred slots without');
}

const made = (i: number, slot: number, claim: Uint8Array, change: Partial<Header> = {}, from = parent) =>
  sealedBy(pos, producer(i), from, { timeMs: slot * SLOT_MS + 5, ...change, claim });

describe('proof of stake', () => {
  it('takes the block of a winner, with the proof in its seal', () => {
    for (const i of [0, 1, 2]) {
      const slot = slotOf(i, 0, true);
      const header = made(i, slot, prove(producer(i), 0, slot));
      assert.equal(header.seal.length, VRF_PROOF_BYTES + 64);
      assert.equal(ruleOf(pos.verifyHeader(header, parent, context)), 'ok');
    }
  });

  it('refuses the block of a loser', () => {
    for (const i of [0, 1, 2]) {
      const slot = slotOf(i, 0, false);
      const header = made(i, slot, prove(producer(i), 0, slot));
      assert.equal(ruleOf(pos.verifyHeader(header, parent, context)), 'consensus/draw-lost');
    }
  });

  it('takes no proof of another slot, key, seed, or with another byte', () => {
    const slot = slotOf(2, 0, true);
    const good = prove(producer(2), 0, slot);
    const bad = [
      prove(producer(2), 0, slot + 1),
      prove(producer(1), 0, slot),
      prove(producer(2), 1, slot),
      ...[0, 31, 32, 47, 48, 79].map((at) => good.map((byte, i) => (i === at ? byte ^ 1 : byte))),
    ];
    for (const claim of bad) {
      const rule = ruleOf(pos.verifyHeader(made(2, slot, claim), parent, context));
      assert.equal(rule, 'consensus/draw-invalid');
    }
  });

  it('names the rule that was broken', () => {
    const slot = slotOf(2, 0, true);
    const proof = prove(producer(2), 0, slot);
    const good = made(2, slot, proof);
    const cases: readonly [Header, string][] = [
      [made(2, slot, proof, { timeMs: 600_500 }), 'consensus/time-not-later'],
      [made(2, slot, proof, { timeMs: 600_501 }), 'consensus/slot-not-later'],
      [made(3, slot, prove(producer(3), 0, slot)), 'consensus/not-a-validator'],
      [{ ...good, seal: good.seal.slice(1) }, 'consensus/seal-size'],
      [{ ...good, seal: good.seal.slice(VRF_PROOF_BYTES) }, 'consensus/seal-size'],
      [{ ...good, gasUsed: 1 }, 'consensus/seal-invalid'],
      [{ ...good, height: 2 * EPOCH_BLOCKS + 1 }, 'consensus/validators-unknown'],
    ];
    for (const [bad, rule] of cases) assert.equal(ruleOf(pos.verifyHeader(bad, parent, context)), rule);
  });

  it('signs the proof too, and looks at the signature before the proof', () => {
    const slot = slotOf(2, 0, true);
    const header = made(2, slot, prove(producer(2), 0, slot));
    const claim = prove(producer(2), 0, slot + 1);
    const message = pos.signedTurns?.message(header, header.seal.subarray(0, VRF_PROOF_BYTES)) as Uint8Array;
    const seal = concatBytes(claim, sign(message, producer(2).secret));
    const rule = ruleOf(pos.verifyHeader({ ...header, seal }, parent, context));
    assert.equal(rule, 'consensus/seal-invalid');
  });

  it('draws in the epoch of the block', () => {
    const slot = slotOf(3, 1, true);
    const header = made(3, slot, prove(producer(3), 1, slot), {}, last);
    assert.equal(ruleOf(pos.verifyHeader(header, last, context)), 'ok');
  });
});

describe('turns of proof of stake', () => {
  const turnWith = (i: number, nowMs: number, proof?: Uint8Array, from = parent) =>
    pos.turn(from, producer(i), nowMs, { ...context, draw: () => proof });

  it('wait for a slot after the parent', () => {
    for (const nowMs of [0, 600_000, 600_999])
      assert.deepEqual(turnWith(1, nowMs), { kind: 'wait', untilMs: 601_000 });
  });

  it('have a lot drawn in each slot, and come when it wins', () => {
    for (const i of [0, 1, 2]) {
      const [won, lost] = [slotOf(i, 0, true), slotOf(i, 0, false)];
      for (const slot of [won, lost]) {
        const drawing = turnWith(i, slot * SLOT_MS + 3);
        assert.deepEqual(drawing, { kind: 'draw', input: lotteryInput(sets[0].seed, slot) });
      }
      const claim = prove(producer(i), 0, won);
      const nowMs = won * SLOT_MS + 3;
      assert.deepEqual(turnWith(i, nowMs, claim), { kind: 'now', timeMs: nowMs, claim });
      const wait = { kind: 'wait', untilMs: (lost + 1) * SLOT_MS };
      assert.deepEqual(turnWith(i, lost * SLOT_MS + 3, prove(producer(i), 0, lost)), wait);
    }
  });

  it('go by the epoch of the next block', () => {
    const never = turnWith(3, 601_000);
    assert.ok(never.kind === 'never' && never.refusal.rule === 'consensus/not-a-producer');
    const draw = turnWith(3, 601_000, undefined, last);
    assert.deepEqual(draw, { kind: 'draw', input: lotteryInput(sets[1].seed, 601) });
  });
});

describe('the randomness of a block', () => {
  it('is the hash of the output that the claim proves, whatever else the block says', () => {
    const slot = slotOf(2, 0, true);
    const claim = prove(producer(2), 0, slot);
    const randomness = hash('randomness', vrfOutput(claim));
    for (const [timeMs, address] of [
      [slot * SLOT_MS, producer(2).address],
      [slot * SLOT_MS + 1, producer(1).address],
    ] as const) {
      const facts = pos.facts({ height: 5, timeMs, producer: address, claim }, parent, context.validators);
      assert.deepEqual(facts, { randomness });
    }
    const header = made(2, slot, claim);
    assert.deepEqual(pos.claimOf(header.seal), claim);
  });
});
