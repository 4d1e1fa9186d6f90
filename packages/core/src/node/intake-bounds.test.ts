import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Amount } from '../base/amount.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { type FlatBlock, scanBlock } from '../primitives/flat-block.ts';
import { BLOCK_BYTES_MAX, TRANSACTION_BYTES_MAX } from '../primitives/limits.ts';
import { parseTransactions } from '../primitives/parse-transactions.ts';
import { createTransaction } from '../primitives/transaction.ts';
import { devSpec } from '../spec/presets.ts';
import { BlockIntake } from './block-intake.ts';
import { Intake } from './intake.ts';
import { INTAKE_BLOCKS_MAX, INTAKE_TRANSACTIONS_MAX } from './limits.ts';
import { refuseNode } from './rules.ts';
import { AUTHORITY } from './test-node.testing.ts';

const chainId = ZERO_HASH;
const NOTHING = new Uint8Array(0);
const NO_HASHER: BatchHasher = {
  load: () => {},
  hashSpans: () => {},
  merkleRoot: () => ZERO_HASH,
  hash: () => ZERO_HASH,
};

/** A block of so many transactions that are as large as they may be, but for some bytes. */
function blockOf(count: number): Block {
  const header = {
    version: 1,
    height: 1,
    timeMs: 1,
    gasUsed: 0,
    baseFee: 0 as Amount,
    parent: ZERO_HASH,
    producer: ZERO_HASH,
    txRoot: ZERO_HASH,
    receiptRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    seal: NOTHING,
  };
  const body = new Uint8Array(TRANSACTION_BYTES_MAX - 1000);
  const parts = { expiryHeight: 0, inputs: [], outputs: [], actions: [{ tag: 1, body }], witnessCount: 0 };
  return createBlock(header, Array(count).fill(createTransaction(parts, [], chainId)));
}

function blockIntake(): BlockIntake {
  // Blocks of 32 MiB come again and again here: nobody looks at the hashes, and each is read once.
  const read = new Map<Uint8Array, Result<FlatBlock>>();
  const scan = (bytes: Uint8Array) => {
    const result = read.get(bytes) ?? scanBlock(bytes, chainId, NO_HASHER);
    read.set(bytes, result);
    return result;
  };
  return new BlockIntake({ scan, isChecked: () => false, checkHeader: () => ok(undefined) });
}

function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.rule;
}

/** Begins with the same bytes until the intake is busy: how often it took them. */
function fill(begin: (job: number) => Result<unknown>): number {
  for (let job = 0; job < 100_000; job++) {
    const rule = ruleOf(begin(job));
    if (rule === 'node/busy') return job;
    assert.equal(rule, 'ok');
  }
  return Number.POSITIVE_INFINITY;
}

describe('what waits for signatures is bounded', () => {
  test('blocks, by their number; room comes back with each that goes on', () => {
    const intake = blockIntake();
    const { bytes } = blockOf(0);
    const begin = (job: number) => intake.begin(job, job, bytes);
    assert.equal(fill(begin), INTAKE_BLOCKS_MAX);
    assert.ok(intake.finish(1, NOTHING));
    assert.equal(intake.next(), undefined, 'the one before it waits');
    assert.ok(intake.finish(0, NOTHING));
    assert.deepEqual([intake.next()?.request, intake.next()?.request, intake.next()], [0, 1, undefined]);
    assert.equal(
      fill((job) => begin(1000 + job)),
      2,
    );
  });

  test('blocks, by their bytes', () => {
    const intake = blockIntake();
    const { bytes } = blockOf(32);
    assert.ok(bytes.length > BLOCK_BYTES_MAX * 0.99);
    const begin = (job: number) => intake.begin(job, job, bytes);
    assert.equal(fill(begin), 4);
    assert.ok(intake.finish(0, NOTHING));
    assert.equal(
      fill((job) => begin(1000 + job)),
      0,
      'a verdict alone frees nothing',
    );
    assert.equal(intake.next()?.request, 0);
    assert.equal(
      fill((job) => begin(1000 + job)),
      1,
    );
  });

  test('a refused block takes no room', () => {
    const intake = blockIntake();
    for (let job = 0; job < 1000; job++) {
      assert.match(ruleOf(intake.begin(job, job, NOTHING)), /^codec\//);
      assert.equal(intake.finish(job, NOTHING), false);
    }
    const { bytes } = blockOf(0);
    assert.equal(
      fill((job) => intake.begin(job, job, bytes)),
      INTAKE_BLOCKS_MAX,
    );
  });

  test('a block whose header is refused is not read, and one without a header is refused', () => {
    const intake = new BlockIntake({
      scan: () => {
        throw new Error('read');
      },
      isChecked: () => false,
      checkHeader: () => refuseNode('node/busy'),
    });
    const { bytes } = blockOf(1);
    assert.equal(ruleOf(intake.begin(1, 1, bytes)), 'node/busy');
    assert.equal(ruleOf(intake.begin(2, 2, bytes.subarray(0, 100))), 'codec/truncated');
  });

  test('transactions, by their number and by their bytes, garbage too', () => {
    const spec = devSpec({
      authority: AUTHORITY.publicKey,
      genesisTimeMs: 1_700_000_000_000,
      allocations: [],
    });
    const begin = (transactions: readonly Uint8Array[]) => {
      const parse = (encoded: readonly Uint8Array[]) =>
        parseTransactions(encoded, chainId, createPlainHasher());
      const intake = new Intake({ spec, isKnown: () => ok(undefined), parse });
      return { intake, taken: fill((job) => intake.begin(job, job, transactions)) };
    };
    const small = begin([NOTHING, NOTHING]);
    assert.equal(small.taken, INTAKE_TRANSACTIONS_MAX / 2);
    assert.equal(small.intake.waiting, INTAKE_TRANSACTIONS_MAX);
    const large = begin([new Uint8Array(TRANSACTION_BYTES_MAX)]);
    assert.equal(large.taken, 64);
    assert.ok(large.intake.finish(3, NOTHING, () => []));
    assert.equal(large.intake.waiting, 63);
    assert.ok(large.intake.begin(100, 100, [new Uint8Array(TRANSACTION_BYTES_MAX)]).ok);
    assert.equal(ruleOf(large.intake.begin(101, 101, [Uint8Array.of(1)])), 'node/busy');
  });
});
