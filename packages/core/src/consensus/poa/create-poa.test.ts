import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Amount } from '../../base/amount.ts';
import type { Result } from '../../base/result.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import { publicKeyOf, sign, verifySignature } from '../../crypto/signature.ts';
import { keyAddress } from '../../primitives/address.ts';
import { type Header, sealHash } from '../../primitives/header.ts';
import { NO_VALIDATORS } from '../../primitives/validator-set.ts';
import { createPoa } from './create-poa.ts';

const SLOT_MS = 1_000;
const secrets = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const identities = secrets.map((secret) => {
  const publicKey = publicKeyOf(secret);
  return { publicKey, address: keyAddress(publicKey) };
});
const poa = createPoa({ kind: 'poa', authorities: identities.map((one) => one.publicKey), slotMs: SLOT_MS });

/** A header of slot `slot`, `offsetMs` into it, sealed by authority `sealer`. */
function header(slot: number, sealer: number, offsetMs = 0, producer = sealer): Header {
  const bare: Header = {
    version: 1,
    height: 1,
    parent: ZERO_HASH,
    timeMs: slot * SLOT_MS + offsetMs,
    producer: (identities[producer] as { address: Uint8Array }).address,
    txRoot: ZERO_HASH,
    receiptRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    gasUsed: 0,
    baseFee: 1 as Amount,
    seal: new Uint8Array(0),
  };
  return { ...bare, seal: sign(sealHash(bare), secrets[sealer] as Uint8Array) };
}

function ruleOf(result: Result<undefined>): string {
  return result.ok ? 'ok' : result.error.rule;
}

const CONTEXT = { verify: verifySignature, validators: NO_VALIDATORS, draw: () => undefined };

describe('proof of authority', () => {
  const parent = header(30, 0, 400);

  it('gives slot s to authority s mod n', () => {
    for (const [slot, owner] of [
      [31, 1],
      [32, 2],
      [33, 0],
      [3_000, 0],
      [3_001, 1],
    ] as const) {
      for (const sealer of [0, 1, 2]) {
        const rule = ruleOf(poa.verifyHeader(header(slot, sealer), parent, CONTEXT));
        assert.equal(rule, sealer === owner ? 'ok' : 'consensus/wrong-producer');
      }
    }
  });

  it('takes any time within the slot', () => {
    for (const offsetMs of [0, 1, SLOT_MS - 1]) {
      assert.equal(ruleOf(poa.verifyHeader(header(31, 1, offsetMs), parent, CONTEXT)), 'ok');
    }
  });

  it('allows one block for each slot of a branch', () => {
    assert.equal(ruleOf(poa.verifyHeader(header(30, 0, 401), parent, CONTEXT)), 'consensus/slot-not-later');
  });

  it('names the rule that was broken', () => {
    const good = header(31, 1);
    const cases: readonly [Header, string][] = [
      [header(30, 0, 400), 'consensus/time-not-later'],
      [header(27, 0), 'consensus/time-not-later'],
      [header(31, 2, 0, 1), 'consensus/seal-invalid'],
      [{ ...good, seal: good.seal.slice(1) }, 'consensus/seal-size'],
      [{ ...good, seal: Uint8Array.of(...good.seal, 0) }, 'consensus/seal-size'],
      [{ ...good, gasUsed: 1 }, 'consensus/seal-invalid'],
    ];
    for (const [bad, rule] of cases) assert.equal(ruleOf(poa.verifyHeader(bad, parent, CONTEXT)), rule);
  });

  it('waits for the next own slot after the parent', () => {
    const [first, second] = identities as [(typeof identities)[0], (typeof identities)[0]];
    const now = 30 * SLOT_MS + 500;
    assert.deepEqual(poa.turn(parent, first, now, CONTEXT), { kind: 'wait', untilMs: 33 * SLOT_MS });
    assert.deepEqual(poa.turn(parent, second, now, CONTEXT), { kind: 'wait', untilMs: 31 * SLOT_MS });
    assert.deepEqual(poa.turn(parent, second, 31_700, CONTEXT), {
      kind: 'now',
      timeMs: 31_700,
      claim: new Uint8Array(0),
    });
    assert.deepEqual(poa.turn(header(31, 1), second, 31_700, CONTEXT), {
      kind: 'wait',
      untilMs: 34 * SLOT_MS,
    });
    // A clock that is behind the parent waits for a slot after the parent, not for one that is over.
    assert.deepEqual(poa.turn(parent, second, 3_000, CONTEXT), { kind: 'wait', untilMs: 31 * SLOT_MS });
  });

  it('does not let somebody who only claims an address', () => {
    const liar = {
      publicKey: publicKeyOf(new Uint8Array(32).fill(9)),
      address: identities[0]?.address as Uint8Array,
    };
    assert.equal(poa.turn(parent, liar, 40_000, CONTEXT).kind, 'never');
  });

  it('stops on a spec that cannot work', () => {
    assert.throws(() => createPoa({ kind: 'poa', authorities: [], slotMs: 1 }), /needs an authority/);
    assert.throws(() => createPoa({ kind: 'poa', authorities: [ZERO_HASH], slotMs: 0 }), /slot length/);
  });
});
