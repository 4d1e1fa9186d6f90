import { amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { encodeAction, type LedgerAction } from '../ledger/actions/registry.ts';
import type { BlockEnvironment } from '../ledger/environment.ts';
import { History } from '../ledger/testing/history.testing.ts';
import {
  keyOpening,
  type Opening,
  signBlank,
  signTransaction,
  testKey,
} from '../ledger/testing/owners.testing.ts';
import { ALLOCATION, type SpecChanges, testSpec } from '../ledger/testing/spec.testing.ts';
import { tokenId } from '../ledger/token.ts';
import { gasOf } from '../ledger/transaction-gas.ts';
import { addressOf } from '../primitives/address.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import { type AssetId, NATIVE_ASSET, type Output } from '../primitives/output.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { type ChainSpec, specHash } from '../spec/chain-spec.ts';
import { type StateView, viewOf } from '../state/view.ts';
import type { PoolMove } from './head-move.ts';
import { type Added, Mempool, type MempoolOptions } from './mempool.ts';

/** A coin that a test can spend. */
export interface TestCoin {
  readonly outpoint: Outpoint;
  readonly amount: number;
  readonly asset: AssetId;
  readonly opening: Opening;
}

/** How {@link PoolBench.pay} makes a transaction. */
export interface PayOptions {
  /** Hugs per gas; 20 when left out, twice the first base fee. */
  readonly feePerGas?: number;
  /** The whole fee, in place of feePerGas. */
  readonly fee?: number;
  /** Native outputs that share what is left; 1 when left out. */
  readonly parts?: number;
  readonly outputs?: readonly Output[];
  readonly actions?: readonly LedgerAction[];
  readonly expiryHeight?: number;
  readonly to?: Opening;
}

/** Coins that the bench chain begins with; coin i belongs to test key i mod 4. */
const BENCH_COINS = 200;

/** The opening of coin i. */
function benchOpening(i: number): Opening {
  return keyOpening(testKey(i % 4));
}

/** A pool on a small chain, with a clock that moves when told. */
export class PoolBench {
  readonly spec: ChainSpec;
  readonly pool: Mempool;
  history: History;
  nowMs: number;

  constructor(options: MempoolOptions = {}, changes: SpecChanges = {}) {
    const allocated = Array.from({ length: BENCH_COINS }, (_, i) => addressOf(benchOpening(i).lock));
    this.spec = testSpec({ allocated, ...changes });
    this.history = new History({ seed: 1, spec: this.spec });
    this.pool = new Mempool(options, { spec: this.spec, chainId: this.history.chainId });
    this.nowMs = this.spec.genesisTimeMs;
  }

  get env(): BlockEnvironment {
    return this.history.env;
  }

  get view(): StateView {
    return viewOf(this.history.state);
  }

  /** The i-th coin of the chain's beginning. */
  coin(i: number): TestCoin {
    const outpoint = { txid: specHash(this.spec), index: i };
    return { outpoint, amount: ALLOCATION, asset: NATIVE_ASSET, opening: benchOpening(i) };
  }

  /** Spends coins completely: the fee, the given outputs, and the rest in equal parts to the first owner. */
  pay(from: TestCoin | readonly TestCoin[], options: PayOptions = {}): Transaction {
    const coins: readonly TestCoin[] = 'outpoint' in from ? [from] : from;
    const { outputs = [], actions = [], parts = 1, expiryHeight = 0 } = options;
    const first = coins[0] as TestCoin;
    const openings = new Set(
      coins.map(({ opening }) => (opening.lock.kind === 'key' ? toKeyOpening(opening) : opening)),
    );
    const address = addressOf((options.to ?? first.opening).lock);
    const build = (left: number): Transaction => {
      const share = Math.floor(left / parts);
      const shares = Array.from({ length: parts }, (_, i): Output => {
        const own = i === 0 ? left - share * (parts - 1) : share;
        return { asset: NATIVE_ASSET, amount: amount(own), address };
      });
      const inputs = coins.map(({ outpoint }) => outpoint);
      const body = {
        expiryHeight,
        inputs,
        outputs: [...shares, ...outputs],
        actions: actions.map(encodeAction),
      };
      return signTransaction(body, [...openings], this.history.chainId, signBlank);
    };
    let left = coins.reduce((sum, coin) => sum + (coin.asset === NATIVE_ASSET ? coin.amount : 0), 0);
    for (const output of outputs) if (output.asset === NATIVE_ASSET) left -= output.amount;
    for (const action of actions) {
      if (action.kind === 'token-burn' && action.asset === NATIVE_ASSET) left -= action.amount;
    }
    const fee = options.fee ?? gasOf(this.spec, build(parts)) * (options.feePerGas ?? 20);
    return build(left - fee);
  }

  /** Output `index` of a transaction of {@link pay}. */
  out(tx: Transaction, index = 0, opening: Opening = benchOpening(0)): TestCoin {
    const output = tx.outputs[index];
    assert(output !== undefined, `no output ${index}`);
    const owners = [opening, ...[0, 1, 2, 3].map(benchOpening)];
    const owner = owners.find(({ lock }) => equalBytes(addressOf(lock), output.address));
    assert(owner !== undefined, 'an output of the bench');
    return { outpoint: { txid: tx.txid, index }, amount: output.amount, asset: output.asset, opening: owner };
  }

  /** The id of the token that the first action of a transaction creates whose first input is this coin. */
  tokenOf({ outpoint }: TestCoin): AssetId {
    return tokenId(outpoint, 0);
  }

  add(tx: Transaction): Result<Added> {
    return this.pool.add(tx, this.view, this.env, this.nowMs);
  }

  addPackage(...txs: readonly Transaction[]): Result<Added> {
    return this.pool.addPackage(txs, this.view, this.env, this.nowMs);
  }

  /** Adds what must be admitted. */
  mustAdd(...txs: readonly Transaction[]): void {
    for (const tx of txs) {
      const added = this.add(tx);
      assert(added.ok, added.ok ? '' : `${added.error.rule} ${JSON.stringify(added.error.evidence)}`);
    }
  }

  /** Makes a block of these transactions, all of which must fit, or of the pool's candidates. */
  mine(txs?: readonly Transaction[]): PoolMove {
    const { block } = this.history.add(txs ?? [...this.pool.candidates()]);
    assert(txs === undefined || block.transactions.length === txs.length + 1, 'the block takes all');
    this.nowMs += 1000;
    return this.pool.headMoved({ removed: [], added: [block] }, this.view, this.env, this.nowMs);
  }

  /** Puts a branch with these blocks in the place of the last `depth` blocks. */
  reorganise(depth: number, ...blocks: readonly (readonly Transaction[])[]): PoolMove {
    const kept = this.history.blocks.length - depth;
    const removed = this.history.blocks.slice(kept).flatMap(({ block }) => block.transactions);
    this.history = this.history.fork(kept, 2);
    const added = blocks.map((txs) => this.history.add(txs).block);
    return this.pool.headMoved({ removed, added }, this.view, this.env, this.nowMs);
  }

  /** The candidates as positions in a list of transactions. */
  order(txs: readonly Transaction[]): number[] {
    return [...this.pool.candidates()].map((tx) => txs.indexOf(tx));
  }
}

const openings = new Map<string, Opening>();

/** One object for each key, so that a set of openings has each witness once. */
function toKeyOpening(opening: Opening): Opening {
  const name = addressOf(opening.lock).join();
  const known = openings.get(name);
  if (known !== undefined) return known;
  openings.set(name, opening);
  return opening;
}
