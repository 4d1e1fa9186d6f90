import { assert } from '../base/assert.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { parseTransaction, type Transaction } from '../primitives/transaction.ts';
import { testOwners } from './testing/owners.testing.ts';
import { type Found, randomKeyCoin, randomTransfer } from './testing/random-transfer.testing.ts';
import { testSpec } from './testing/spec.testing.ts';
import {
  type Outcomes,
  randomEnvironment,
  stateOf,
  TransferTwins,
} from './testing/transfer-twins.testing.ts';

/** Transactions for one block. */
const INPUTS_PER_BLOCK = 50;

/**
 * Right, wrong and damaged transfers through the fast path and the plain rules, side by side: the same answer, the same
 * receipt, the same coins in the end.
 */
export const fuzz: FuzzTarget = {
  name: 'ledger/transfer',
  run(random: SeededRandom, iterations: number): void {
    const outcomes: Outcomes = new Map();
    for (let done = 0; done < iterations; done += INPUTS_PER_BLOCK) {
      tryBlock(random, Math.min(INPUTS_PER_BLOCK, iterations - done), outcomes);
    }
    assert(iterations < 1000 || (outcomes.get('applied') ?? 0) > 0, 'some transfers are taken');
  },
};

function tryBlock(random: SeededRandom, inputs: number, outcomes: Outcomes): void {
  const spec = testSpec({
    economy: { rewardMaturityBlocks: random.below(5) },
    limits: { transactionBytesMax: random.pick([1000, 8000]), blockGasMax: random.pick([4000, 30_000]) },
  });
  const env = randomEnvironment(random, random.pick([1, 10, 2 ** 40]));
  const owners = testOwners(spec.genesisTimeMs);
  const coins: Found[] = Array.from({ length: 1 + random.below(40) }, () =>
    randomKeyCoin(random, env.height),
  );
  const twins = new TransferTwins(spec, env, stateOf(coins), outcomes);
  for (let i = 0; i < inputs; i++) {
    const drawn = randomTransfer({ random, spec, env, coins }, owners);
    const tx = random.oneIn(3) ? damage(random, drawn, env.chainId) : drawn;
    if (!twins.tryOne(tx)) continue;
    for (const [index, output] of tx.outputs.entries()) {
      const coin = { ...output, index, height: env.height, reward: false };
      coins.push({ outpoint: { txid: tx.txid, index }, coin });
    }
  }
  twins.finish();
}

/** The transaction with one byte changed, when it still is one. */
function damage(random: SeededRandom, tx: Transaction, chainId: Uint8Array): Transaction {
  const bytes = tx.bytes.slice();
  bytes[random.below(bytes.length)] = random.below(256);
  const parsed = parseTransaction(bytes, chainId);
  return parsed.ok ? parsed.value : tx;
}
