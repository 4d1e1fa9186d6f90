import { assert } from '@calin/core/base/assert.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { COIN_KEY_WORDS, type CoinMap } from '@calin/core/state/coin-map.ts';
import { encodeTreeProof, type TreeProof, verifyTreeProof } from '@calin/core/state/proof.ts';
import { cpuMsOf } from '../measure/cpu-time.ts';
import type { MapLoad } from './map-load.ts';

/** What proofs of single coins are like. */
export interface ProofReport {
  readonly proofBytesMean: number;
  readonly proofBytesMax: number;
  /** Microseconds of processor time to make one, and to check one in TypeScript. */
  readonly proveUs: number;
  readonly verifyUs: number;
}

/** Makes and checks proofs: half of them of coins that are there, half of coins that are not. */
export function measureProofs(map: CoinMap, load: MapLoad, count: number): ProofReport {
  const half = Math.ceil(count / 2);
  const keys = [...splitKeys(load.keys(half)), ...splitKeys(load.foreignKeys(half))];
  const root = map.root();
  const proofs: { readonly key: Hash; readonly proof: TreeProof }[] = [];
  const proveMs = cpuMsOf(() => {
    for (const key of keys) proofs.push({ key, proof: map.prove(key) });
  });
  let present = 0;
  const verifyMs = cpuMsOf(() => {
    for (const { key, proof } of proofs) {
      const verdict = verifyTreeProof(root, key, proof);
      assert(verdict.ok, 'a proof of the map holds');
      if (verdict.value.present) present += 1;
    }
  });
  assert(present === half, 'the proofs say what is there and what is not');
  const bytes = proofs.map(({ proof }) => encodeTreeProof(proof).length);
  return {
    proofBytesMean: bytes.reduce((sum, length) => sum + length, 0) / bytes.length,
    proofBytesMax: Math.max(...bytes),
    proveUs: (proveMs * 1000) / keys.length,
    verifyUs: (verifyMs * 1000) / keys.length,
  };
}

function splitKeys(words: Int32Array): readonly Hash[] {
  const bytes = new Uint8Array(words.buffer);
  return Array.from({ length: words.length / COIN_KEY_WORDS }, (_, i) => bytes.slice(i * 32, i * 32 + 32));
}
