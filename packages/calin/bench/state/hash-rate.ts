import type { BatchHasher } from '@calin/core/crypto/batch-hash.ts';
import { domainKey } from '@calin/core/crypto/hash.ts';
import { cpuMsOf } from '../measure/cpu-time.ts';

/** Messages of 64 bytes, as the nodes of the tree are; all of them fit into the cache of one core. */
const MESSAGES = 4096;
const MESSAGE_BYTES = 64;
/** Of messages between two looks at the clock. */
const BATCHES = 16;

/** Hashes of 64 bytes a second of processor time on one core: the bound of a tree that hashes. */
export function measureHashRate(hasher: BatchHasher, durationMs: number): number {
  hasher.load(new Uint8Array(MESSAGES * MESSAGE_BYTES).fill(7));
  const spans = Uint32Array.from({ length: 2 * MESSAGES }, (_, i) =>
    i % 2 === 0 ? (i / 2) * MESSAGE_BYTES : MESSAGE_BYTES,
  );
  const out = new Uint8Array(32 * MESSAGES);
  const key = domainKey('state-node');
  let hashed = 0;
  let passedMs = 0;
  while (passedMs < durationMs) {
    passedMs += cpuMsOf(() => {
      for (let i = 0; i < BATCHES; i++) hasher.hashSpans(key, spans, MESSAGES, out);
    });
    hashed += BATCHES * MESSAGES;
  }
  return (hashed * 1000) / passedMs;
}
