import { type Amount, addAmounts, amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { HEADER_VERSION, type Header } from '../primitives/header.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';
import { type Allocation, type ChainSpec, specHash } from '../spec/chain-spec.ts';
import { coinKey } from '../state/coin.ts';
import { Overlay, viewOf } from '../state/view.ts';
import { applyChanges, emptyState, stateRoot, type WorldState } from '../state/world-state.ts';
import { beginValidators } from './stake/genesis-stake.ts';
import { growSupply } from './supply.ts';

/**
 * The first block of a chain and the state it starts from; both follow from the spec alone. The block has no
 * transactions and no seal, its parent is the hash of the spec, and its id is the chain id. Allocation i is the coin
 * of the outpoint (spec hash, i), created at height 0.
 *
 * @param empty - the state to begin with; the reference's when left out
 * @throws AssertionError when an allocation is empty or their sum is above the cap; a spec is checked when it is read
 */
export function createGenesis(
  spec: ChainSpec,
  empty: WorldState = emptyState,
): { readonly block: Block; readonly state: WorldState } {
  const origin = specHash(spec);
  const overlay = new Overlay(viewOf(empty));
  spec.allocations.forEach((allocation, i) => {
    assert(allocation.amount >= 1, `allocation ${i} is empty`);
    const coin = { index: i, asset: NATIVE_ASSET, ...allocation, height: 0, reward: false };
    assert(overlay.addCoin(coinKey(origin, i), coin), 'two allocations with one key');
  });
  const bonded = beginValidators(overlay, spec, origin);
  const issued = addAmounts(allocated(spec), bonded);
  assert(issued !== undefined && issued <= spec.economy.cap, 'allocations and stakes above the cap');
  growSupply(overlay, { issued, burned: amount(0) });
  const { state } = applyChanges(empty, overlay.changes());
  const header: Header = {
    version: HEADER_VERSION,
    height: 0,
    parent: origin,
    timeMs: spec.genesisTimeMs,
    producer: ZERO_HASH,
    txRoot: ZERO_HASH,
    receiptRoot: ZERO_HASH,
    stateRoot: stateRoot(state),
    gasUsed: 0,
    baseFee: spec.fees.baseFeeInitial,
    seal: new Uint8Array(0),
  };
  return { block: createBlock(header, []), state };
}

function allocated({ allocations, economy }: Pick<ChainSpec, 'allocations' | 'economy'>): Amount {
  const total = allocations.reduce(
    (sum: Amount | undefined, { amount: part }: Allocation) =>
      sum === undefined ? undefined : addAmounts(sum, part),
    amount(0),
  );
  assert(total !== undefined && total <= economy.cap, 'allocations above the cap');
  return total;
}
