import type { BatchHasher } from '@calin/core/crypto/batch-hash.ts';
import { domainKey } from '@calin/core/crypto/hash.ts';
import { createPlainHasher } from '@calin/core/crypto/plain-hasher.ts';
import { createKernelHasher } from '@calin/kernel/kernel-hasher.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';

/** The kinds of work: a node of a tree, the body and the whole of a transfer, messages of mixed length, a chunk. */
const KINDS = ['node', 'body', 'transfer', 'mixed', 'snapshotChunk'] as const;
type Kind = (typeof KINDS)[number];

/** Bytes of the message; those of `mixed` go around. A transfer has 1 input and 2 outputs. */
const MESSAGE_BYTES: Readonly<Record<Kind, readonly number[]>> = {
  node: [64],
  body: [152],
  transfer: [248],
  mixed: [248, 344, 248, 152],
  snapshotChunk: [262_144],
};

/** The kernel's hashing against its plain twin, both in one run, the best of several rounds that take turns. */
export const bench: Bench = {
  name: 'hash',
  summary: 'Nanoseconds per hash of the kernel and of its plain twin.',
  options: {
    messages: { summary: 'Messages in each batch', default: 5000 },
    chunks: { summary: 'Chunks of 256 KiB in each batch', default: 4 },
    rounds: { summary: 'Batches of each kind and hasher; the fastest counts', default: 20 },
  },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const rounds = Number(options['rounds']);
  const hashers = { plain: createPlainHasher(), kernel: createKernelHasher() };
  const ns: Record<string, number> = {};
  for (const [done, kind] of KINDS.entries()) {
    const count = Number(options[kind === 'snapshotChunk' ? 'chunks' : 'messages']);
    const batch = makeBatch(kind, count);
    for (let i = 0; i < rounds; i++) {
      progress(done * rounds + i, KINDS.length * rounds, kind);
      for (const [name, hasher] of Object.entries(hashers)) {
        const field = `${name}${kind[0]?.toUpperCase()}${kind.slice(1)}Ns`;
        ns[field] = Math.min(ns[field] ?? Number.POSITIVE_INFINITY, (1e6 * timeBatch(hasher, batch)) / count);
      }
    }
  }
  const rounded = Object.entries(ns).map(([field, value]) => [field, round(value, 1)]);
  const ratio = round((ns['plainTransferNs'] as number) / (ns['kernelTransferNs'] as number), 2);
  return { bench: 'hash', ...Object.fromEntries(rounded), ratio, rounds, ...machine() };
}

interface Batch {
  readonly bytes: Uint8Array;
  readonly spans: Uint32Array;
  readonly count: number;
  readonly out: Uint8Array;
}

/** Messages end to end, as in a block. */
function makeBatch(kind: Kind, count: number): Batch {
  const lengths = Array.from({ length: count }, (_, i) => {
    const choices = MESSAGE_BYTES[kind];
    return choices[i % choices.length] as number;
  });
  const spans = new Uint32Array(2 * count);
  let end = 0;
  for (const [i, length] of lengths.entries()) {
    spans.set([end, length], 2 * i);
    end += length;
  }
  const bytes = Uint8Array.from({ length: end }, (_, i) => i % 251);
  return { bytes, spans, count, out: new Uint8Array(32 * count) };
}

/** Milliseconds to load and hash a batch. */
function timeBatch(hasher: BatchHasher, { bytes, spans, count, out }: Batch): number {
  const start = performance.now();
  hasher.load(bytes);
  hasher.hashSpans(domainKey('tx-leaf'), spans, count, out);
  return performance.now() - start;
}
