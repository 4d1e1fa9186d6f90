import { amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { createGenesis } from '../ledger/genesis.ts';
import { blockReward } from '../ledger/reward.ts';
import { readSupply } from '../ledger/supply.ts';
import { transactionAt, transactionCount } from '../primitives/flat-block.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';
import { type ChainSpec, specHash } from '../spec/chain-spec.ts';
import { viewOf } from '../state/view.ts';
import type { BlockFacts } from './block-facts.ts';
import { CoinFlows } from './coin-flows.ts';
import type { IndexStage, Wanted } from './index-stage.ts';
import {
  ASSETS,
  BALANCES,
  BLOCK_IDS,
  BLOCKS,
  type BlockRow,
  COINS,
  type CoinRow,
  HOLDERS,
  MOVEMENTS,
  PRODUCER_ORDER,
  PRODUCERS,
  TIP,
  TRANSACTIONS,
  UNDO,
} from './tables.ts';
import { applyTokenActions, tokensWanted } from './token-actions.ts';
import { decodeUndo, encodeUndo } from './undo.ts';

/** Asks for rows, which the caller fills into the stage before it goes on. */
export type IndexSteps<T> = Generator<readonly Wanted[], T, undefined>;

/** How a block is to be added. */
export interface ConnectOptions {
  readonly spec: ChainSpec;
  /** Keeps what takes the block back out. */
  readonly isUndoable: boolean;
  /** Blocks that can be taken back out; older records of that are deleted. */
  readonly undoBlocks: number;
}

/** The row before any block: all sums are 0. */
const NOTHING: Pick<BlockRow, TotalName> = {
  totalTransactions: 0,
  totalBytes: 0,
  totalGas: 0n,
  totalFees: 0n,
  totalWeight: 0n,
  totalIssued: 0,
  totalBurned: 0,
  inCoins: 0,
};

type TotalName =
  | 'totalTransactions'
  | 'totalBytes'
  | 'totalGas'
  | 'totalFees'
  | 'totalWeight'
  | 'totalIssued'
  | 'totalBurned'
  | 'inCoins';

/**
 * Adds the next block of the best branch to the index, the genesis block first. What it writes follows from the blocks
 * alone: an index that came here over whatever reorganisations is the same as one made from scratch.
 *
 * @throws AssertionError when the block is not the next one, or the index is damaged
 */
export function* connectBlock(
  { spec, isUndoable, undoBlocks }: ConnectOptions,
  stage: IndexStage,
  facts: BlockFacts,
): IndexSteps<void> {
  const { block } = facts;
  const { height, producer } = block.header;
  const coins = spentOf(facts);
  yield stage.missing([
    wantTip(),
    ...(height === 0 ? [] : [{ table: BLOCKS, cells: [height - 1] }]),
    { table: PRODUCERS, cells: [producer] },
    ...coins.map(({ txid, index }) => ({ table: COINS, cells: [txid, index] })),
    ...tokensWanted(block),
  ]);
  checkNext(stage, facts);
  if (isUndoable) stage.record();
  const flows = new CoinFlows();
  const moved = addTransactions(stage, facts, flows);
  if (height === 0) allocate(flows, spec);
  yield stage.missing(wantBalances(flows, moved));
  const { burned: burnedByActions } = applyTokenActions(stage, block);
  writeCoins(stage, flows);
  writeBalances(stage, flows, moved);
  writeBlock(stage, spec, facts, { burnedByActions, inCoins: nativeChange(flows) });
  if (height > 0) countProducer(stage, facts);
  const tip = stage.get(TIP, { slot: 0 });
  stage.replace(TIP, tip, { slot: 0, height, id: block.id });
  if (!isUndoable) return;
  stage.create(UNDO, { height, changes: encodeUndo(stage.recorded()) });
  if (height > undoBlocks) stage.remove(UNDO, { height: height - undoBlocks, changes: new Uint8Array(0) });
}

/**
 * Takes the last block back out.
 *
 * @returns false when it was added so long ago that this is not known any more: the index has to be made anew
 */
export function* disconnectBlock(stage: IndexStage): IndexSteps<boolean> {
  yield stage.missing([wantTip()]);
  const tip = stage.get(TIP, { slot: 0 });
  if (tip === undefined) return false;
  yield stage.missing([{ table: UNDO, cells: [tip.height] }]);
  const undo = stage.get(UNDO, { height: tip.height });
  if (undo === undefined) return false;
  for (const before of decodeUndo(undo.changes)) stage.restore(before);
  stage.remove(UNDO, undo);
  return true;
}

function wantTip(): Wanted {
  return { table: TIP, cells: [0] };
}

function checkNext(stage: IndexStage, { block }: BlockFacts): void {
  const tip = stage.get(TIP, { slot: 0 });
  const { height, parent } = block.header;
  assert((tip?.height ?? -1) === height - 1, `block ${height} does not follow the index`);
  assert(tip === undefined || equalBytes(tip.id, parent), 'the index ends on another branch');
}

/** What the transactions of a block spend that is not made in it. */
function spentOf({ block }: BlockFacts): readonly Outpoint[] {
  const made = new Set<string>();
  const spent: Outpoint[] = [];
  for (let i = 0; i < transactionCount(block); i++) {
    const { txid, inputs } = transactionAt(block, i);
    for (const input of inputs) if (!made.has(bytesKey(input.txid))) spent.push(input);
    made.add(bytesKey(txid));
  }
  return spent;
}

/** Adds the transactions with what each did to whom; gives how many transactions moved each asset. */
function addTransactions(
  stage: IndexStage,
  { block }: BlockFacts,
  flows: CoinFlows,
): ReadonlyMap<number, number> {
  const moved = new Map<number, number>([[NATIVE_ASSET, 0]]);
  const { height } = block.header;
  const coinOf = ({ txid, index }: Outpoint): CoinRow => {
    const coin = stage.get(COINS, { txid, output: index });
    assert(coin !== undefined, 'a coin that a block spends is not in the index');
    return coin;
  };
  for (let position = 0; position < transactionCount(block); position++) {
    const transaction = transactionAt(block, position);
    const { txid } = transaction;
    stage.create(TRANSACTIONS, { txid, height, position });
    const assets = new Set<number>();
    for (const { address, asset, received, sent } of flows.add(transaction, coinOf)) {
      stage.create(MOVEMENTS, { address, height, position, asset, txid, received, sent });
      assets.add(asset);
    }
    for (const asset of assets) moved.set(asset, (moved.get(asset) ?? 0) + 1);
  }
  return moved;
}

function allocate(flows: CoinFlows, spec: ChainSpec): void {
  const txid = specHash(spec);
  for (const [output, { address, amount }] of spec.allocations.entries()) {
    flows.allocate({ txid, output, address, asset: NATIVE_ASSET, amount });
  }
}

function wantBalances(flows: CoinFlows, moved: ReadonlyMap<number, number>): Wanted[] {
  const wanted: Wanted[] = [];
  for (const { address, asset } of flows.moves) wanted.push({ table: BALANCES, cells: [asset, address] });
  for (const asset of moved.keys()) wanted.push({ table: ASSETS, cells: [asset] });
  return wanted;
}

function writeCoins(stage: IndexStage, flows: CoinFlows): void {
  for (const coin of flows.spent) stage.remove(COINS, coin);
  for (const coin of flows.made) stage.create(COINS, coin);
}

function writeBalances(stage: IndexStage, flows: CoinFlows, moved: ReadonlyMap<number, number>): void {
  const holders = new Map<number, number>();
  for (const { asset, address, change } of flows.moves) {
    if (change === 0) continue;
    const before = stage.get(BALANCES, { asset, address });
    const held = (before?.amount ?? 0) + change;
    assert(held >= 0, 'an address holds less than nothing');
    if (before !== undefined) stage.remove(HOLDERS, { asset, amount: before.amount, address });
    if (held > 0) {
      stage.replace(BALANCES, before, { asset, address, amount: held });
      stage.create(HOLDERS, { asset, amount: held, address });
    } else if (before !== undefined) stage.remove(BALANCES, before);
    const more = Number(held > 0) - Number(before !== undefined);
    if (more !== 0) holders.set(asset, (holders.get(asset) ?? 0) + more);
  }
  for (const [asset, movements] of moved) {
    const before = stage.get(ASSETS, { asset });
    const after = {
      asset,
      holders: (before?.holders ?? 0) + (holders.get(asset) ?? 0),
      movements: (before?.movements ?? 0) + movements,
    };
    stage.replace(ASSETS, before, after);
  }
}

function nativeChange(flows: CoinFlows): number {
  let change = 0;
  for (const move of flows.moves) if (move.asset === NATIVE_ASSET) change += move.change;
  return change;
}

/** What only the transactions of a block tell. */
interface Found {
  readonly burnedByActions: number;
  readonly inCoins: number;
}

function writeBlock(stage: IndexStage, spec: ChainSpec, facts: BlockFacts, found: Found): void {
  const { block, receipts, weight } = facts;
  const { height, timeMs, producer, gasUsed: gas, baseFee } = block.header;
  const bytes = block.bytes.length;
  const before = height === 0 ? NOTHING : stage.get(BLOCKS, { height: height - 1 });
  assert(before !== undefined, 'the block before is not in the index');
  const fees = receipts.reduce((sum, receipt) => sum + receipt.fee, 0);
  const transactions = transactionCount(block);
  const supply = supplyAfter(spec, facts, before, found.burnedByActions);
  stage.create(BLOCKS, {
    height,
    id: block.id,
    timeMs,
    producer,
    transactions,
    bytes,
    gas,
    baseFee,
    fees,
    burned: Math.max(0, supply.burned - before.totalBurned),
    issued: Math.max(0, supply.issued - before.totalIssued),
    weight,
    totalTransactions: before.totalTransactions + transactions,
    totalBytes: before.totalBytes + bytes,
    totalGas: before.totalGas + BigInt(gas),
    totalFees: before.totalFees + BigInt(fees),
    totalWeight: before.totalWeight + weight,
    totalIssued: supply.issued,
    totalBurned: supply.burned,
    inCoins: before.inCoins + found.inCoins,
  });
  stage.create(BLOCK_IDS, { id: block.id, height });
}

function supplyAfter(
  spec: ChainSpec,
  { block, receipts, supply }: BlockFacts,
  before: Pick<BlockRow, 'totalIssued' | 'totalBurned'>,
  burnedByActions: number,
): { readonly issued: number; readonly burned: number } {
  if (supply !== undefined) return supply;
  const { height } = block.header;
  if (height === 0) return readSupply(viewOf(createGenesis(spec).state));
  const burned = receipts.reduce((sum, receipt) => sum + receipt.burned, burnedByActions);
  const issued = amount(before.totalIssued);
  return {
    issued: issued + blockReward(spec, height, issued),
    // Never more than was made, whatever is not known of slashing.
    burned: Math.min(before.totalIssued, before.totalBurned + burned),
  };
}

function countProducer(stage: IndexStage, { block, receipts }: BlockFacts): void {
  const { height, producer } = block.header;
  const before = stage.get(PRODUCERS, { producer });
  const fees = receipts.reduce((sum, receipt) => sum + receipt.fee - receipt.burned, 0);
  const after = {
    producer,
    blocks: (before?.blocks ?? 0) + 1,
    fees: (before?.fees ?? 0n) + BigInt(fees),
    firstHeight: before?.firstHeight ?? height,
    lastHeight: height,
  };
  stage.replace(PRODUCERS, before, after);
  if (before !== undefined) stage.remove(PRODUCER_ORDER, { blocks: before.blocks, producer });
  stage.create(PRODUCER_ORDER, { blocks: after.blocks, producer });
}
