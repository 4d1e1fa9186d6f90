import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { equalBytes, fromHex, toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { publicKeyOf } from './signature.ts';
import { proveVrf, VRF_OUTPUT_BYTES, VRF_PROOF_BYTES, verifyVrf, vrfOutput } from './vrf.ts';

/** The examples of RFC 9381, appendix B.3, under the names that they have there. */
interface Example {
  readonly name: string;
  readonly sk: string;
  readonly pk: string;
  readonly alpha: string;
  readonly pi: string;
  readonly beta: string;
}

const path = new URL('./vrf.vectors.json', import.meta.url);
const examples = JSON.parse(readFileSync(path, 'utf8')) as readonly Example[];

/** The order of the base point, 2^252 + 27742317777372353535851937790883648493. */
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

const { Point } = ed25519;
type CurvePoint = InstanceType<typeof Point>;

/** A point of order 2. */
const SMALL = Point.fromBytes(fromHex(`ec${'ff'.repeat(30)}7f`));

function decode(bytes: Uint8Array): CurvePoint | undefined {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

function hashedTo(publicKey: Uint8Array, input: Uint8Array): CurvePoint {
  for (let n = 0; ; n++) {
    const tried = sha512(Uint8Array.of(3, 1, ...publicKey, ...input, n, 0)).subarray(0, 32);
    const point = decode(tried)?.clearCofactor();
    if (point !== undefined) return point;
  }
}

function challenged(points: readonly CurvePoint[]): Uint8Array {
  return sha512(Uint8Array.of(3, 2, ...points.flatMap((point) => [...point.toBytes()]), 0)).subarray(0, 16);
}

/** A key and a proof with a point of order 2 added to either: an even challenge takes it away again. */
function craft(
  secret: Uint8Array,
  input: Uint8Array,
  adds: { readonly key: boolean; readonly gamma: boolean },
) {
  const { scalar } = ed25519.utils.getExtendedPublicKey(secret);
  const y = Point.BASE.multiply(scalar).add(adds.key ? SMALL : Point.ZERO);
  const hashed = hashedTo(y.toBytes(), input);
  const gamma = hashed.multiply(scalar).add(adds.gamma ? SMALL : Point.ZERO);
  for (let nonce = 1n; ; nonce++) {
    const c = challenged([y, hashed, gamma, Point.BASE.multiply(nonce), hashed.multiply(nonce)]);
    if ((c[0] as number) % 2 === 1) continue;
    const response = numberToBytesLE((nonce + bytesToNumberLE(c) * scalar) % ORDER, 32);
    return [y.toBytes(), Uint8Array.of(...gamma.toBytes(), ...c, ...response)] as const;
  }
}

/** Section 5.3 as it is written: four products, one after the other. */
function holds(publicKey: Uint8Array, input: Uint8Array, proof: Uint8Array): boolean {
  const [y, gamma] = [decode(publicKey), decode(proof.subarray(0, 32))];
  const [c, s] = [bytesToNumberLE(proof.subarray(32, 48)), bytesToNumberLE(proof.subarray(48))];
  if (y === undefined || gamma === undefined || s >= ORDER) return false;
  const hashed = hashedTo(publicKey, input);
  const u = Point.BASE.multiplyUnsafe(s).subtract(y.multiplyUnsafe(c));
  const v = hashed.multiplyUnsafe(s).subtract(gamma.multiplyUnsafe(c));
  return equalBytes(challenged([y, hashed, gamma, u, v]), proof.subarray(32, 48));
}

describe('the verifiable random function', () => {
  for (const { name, sk, pk, alpha, pi, beta } of examples) {
    it(`gives the proof and the output of ${name}`, () => {
      const [secretKey, publicKey, input, proof] = [sk, pk, alpha, pi].map(fromHex) as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
      ];
      assert.deepEqual(publicKeyOf(secretKey), publicKey);
      assert.equal(toHex(proveVrf(secretKey, input)), pi);
      assert.equal(toHex(vrfOutput(proof)), beta);
      assert.equal(toHex(verifyVrf(publicKey, input, proof) ?? new Uint8Array(0)), beta);
    });
  }

  const secretKey = new Uint8Array(32).fill(7);
  const publicKey = publicKeyOf(secretKey);
  const input = fromHex('0102030405');
  const proof = proveVrf(secretKey, input);

  it('has one proof and one output for a key and an input', () => {
    assert.equal(proof.length, VRF_PROOF_BYTES);
    assert.deepEqual(proveVrf(secretKey, input), proof);
    const output = verifyVrf(publicKey, input, proof);
    assert.ok(output !== undefined && output.length === VRF_OUTPUT_BYTES);
    const random = seededRandom(9);
    for (let i = 0; i < 20; i++) {
      const [secret, message] = [random.bytes(32), random.bytes(random.below(100))];
      const other = verifyVrf(publicKeyOf(secret), message, proveVrf(secret, message));
      assert.ok(other !== undefined && !equalBytes(other, output));
    }
  });

  it('refuses a proof with any byte changed, cut or grown', () => {
    for (let i = 0; i < VRF_PROOF_BYTES; i++) {
      const changed = proof.with(i, (proof[i] as number) ^ (1 << (i % 8)));
      assert.equal(verifyVrf(publicKey, input, changed), undefined, `byte ${i}`);
    }
    for (const other of [proof.subarray(1), Uint8Array.of(...proof, 0), new Uint8Array(0)])
      assert.equal(verifyVrf(publicKey, input, other), undefined);
  });

  it('gives the verdict of the plain equations of the RFC, also for points with a part of small order', () => {
    const random = seededRandom(11);
    let held = 0;
    for (let i = 0; i < 12; i++) {
      const message = random.bytes(random.below(60));
      const [key, made] = craft(random.bytes(32), message, { key: i % 2 === 1, gamma: i % 3 === 1 });
      for (const tried of [made, made.with(random.below(VRF_PROOF_BYTES), random.below(256))]) {
        const output = verifyVrf(key, message, tried);
        assert.equal(output !== undefined, holds(key, message, tried));
        if (output !== undefined) held += 1;
      }
    }
    assert.ok(held >= 12, `${held} of the proofs hold`);
  });

  it('refuses another input, another key, and a key that is none', () => {
    assert.equal(verifyVrf(publicKey, fromHex('0102030406'), proof), undefined);
    assert.equal(verifyVrf(publicKeyOf(new Uint8Array(32).fill(8)), input, proof), undefined);
    const one = new Uint8Array(32).with(0, 1);
    // The neutral element, a point of order 2, y = p + 1 instead of 1, no point at all, and too few bytes.
    const bad = [
      one,
      fromHex(`ec${'ff'.repeat(30)}7f`),
      fromHex(`ee${'ff'.repeat(30)}7f`),
      one.with(0, 2),
      one.subarray(1),
    ];
    for (const key of bad) assert.equal(verifyVrf(key, input, proof), undefined);
  });

  it('refuses a response that is not below the order, though it is the same number modulo the order', () => {
    const response = bytesToNumberLE(proof.subarray(48));
    const larger = Uint8Array.of(...proof.subarray(0, 48), ...numberToBytesLE(response + ORDER, 32));
    assert.equal(verifyVrf(publicKey, input, larger), undefined);
  });

  it('refuses a Gamma that is not canonical, or another point', () => {
    const gammas = [fromHex(`ee${'ff'.repeat(30)}7f`), fromHex(`01${'00'.repeat(30)}80`), new Uint8Array(32)];
    for (const gamma of gammas) {
      const changed = Uint8Array.of(...gamma, ...proof.subarray(32));
      assert.equal(verifyVrf(publicKey, input, changed), undefined);
    }
    assert.throws(
      () => vrfOutput(Uint8Array.of(...(gammas[0] as Uint8Array), ...proof.subarray(32))),
      /malformed proof/,
    );
    assert.throws(() => vrfOutput(proof.subarray(1)), /malformed proof/);
  });

  it('spreads its outputs evenly', () => {
    const counts = new Array<number>(8).fill(0);
    for (let i = 0; i < 160; i++) {
      const [first] = vrfOutput(proveVrf(secretKey, Uint8Array.of(i))) as unknown as [number];
      counts[first >>> 5] = (counts[first >>> 5] as number) + 1;
    }
    // 20 each; seven standard deviations are above 29.
    for (const count of counts) assert.ok(count > 2 && count < 45, `${counts}`);
  });
});
