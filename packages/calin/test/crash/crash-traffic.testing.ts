import { amount } from '@calin/core/base/amount.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { SeededRandom } from '@calin/core/base/fuzz.testing.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { keyOpening, signTransaction } from '@calin/core/ledger/testing/owners.testing.ts';
import { gasOf } from '@calin/core/ledger/transaction-gas.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import { specHash } from '@calin/core/spec/chain-spec.ts';
import { CRASH_AUTHORITY, CRASH_SPEC, LANE_AMOUNT, LANES, laneKey } from './crash-chain.testing.ts';

/** A coin that is moved on and on. */
interface Lane {
  readonly number: number;
  /** The output that the next transaction spends, and its amount. */
  tip: Outpoint;
  left: number;
  /** Sent and not seen in a block yet, oldest first. */
  readonly waiting: Transaction[];
}

/** What each transaction pays to the producer's address. */
const PAID = amount(1000);
/** Fee per gas: the base fee of these small blocks stays at 1, the rest is the tip. */
const FEE_PER_GAS = 2;
/** As many as wait may be lost by a kill, and the pool takes 25 in a line. */
const WAITING_MAX = 8;

/**
 * Transactions without end: each lane spends what its last transaction left. Knows which of them are in blocks that
 * the node told of, so that after a kill the others can be sent again as they were.
 */
export class CrashTraffic {
  readonly #random: SeededRandom;
  readonly #chainId = createGenesis(CRASH_SPEC).block.id;
  readonly #lanes: Lane[];

  constructor(random: SeededRandom) {
    this.#random = random;
    const txid = specHash(CRASH_SPEC);
    this.#lanes = Array.from({ length: LANES }, (_, number) => ({
      number,
      tip: { txid, index: number },
      left: LANE_AMOUNT,
      waiting: [],
    }));
  }

  /** A few new transactions of lanes that have room; none when all wait. */
  next(): Transaction[] {
    const open = this.#lanes.filter(({ waiting }) => waiting.length < WAITING_MAX);
    if (open.length === 0) return [];
    return Array.from({ length: 1 + this.#random.below(6) }, () => this.#extend(this.#random.pick(open)));
  }

  /** Everything that was sent and is in no block, parents before children. */
  unconfirmed(): Transaction[] {
    return this.#lanes.flatMap(({ waiting }) => waiting);
  }

  /** Takes note of the transactions of a block. */
  confirm(txids: readonly string[]): void {
    const known = new Set(txids);
    for (const { waiting } of this.#lanes) {
      while (waiting[0] !== undefined && known.has(toHex(waiting[0].txid))) waiting.shift();
    }
  }

  #extend(lane: Lane): Transaction {
    const key = laneKey(lane.number);
    const build = (change: number): Transaction =>
      signTransaction(
        {
          expiryHeight: 0,
          inputs: [lane.tip],
          outputs: [
            { asset: NATIVE_ASSET, amount: amount(change), address: key.address },
            { asset: NATIVE_ASSET, amount: PAID, address: CRASH_AUTHORITY.address },
          ],
          actions: [],
        },
        [keyOpening(key)],
        this.#chainId,
      );
    this.#gas ??= gasOf(CRASH_SPEC, build(1));
    lane.left -= PAID + this.#gas * FEE_PER_GAS;
    const transaction = build(lane.left);
    lane.tip = { txid: transaction.txid, index: 0 };
    lane.waiting.push(transaction);
    return transaction;
  }

  /** Of every transaction here: they have the same shape. */
  #gas: number | undefined;
}
