import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
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
