import { amount, HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { gasOf } from '@calin/core/ledger/transaction-gas.ts';
import { type ChainSpec, specHash } from '@calin/core/spec/chain-spec.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import { type JoinedTransfers, joinTransfers } from './joined-transfers.ts';
import { type BenchKey, createKey, OWNERS } from './keys.ts';
import { makeTransaction } from './make-transaction.ts';
import { createOwners, type Owner } from './owners.ts';

/** Before every clock that a benchmark may meet. */
const GENESIS_TIME_MS = 1_700_000_000_000;

/** No epoch ends while a benchmark lasts. */
const EPOCH_BLOCKS = 86_400;

/** What a chain with votes on each block is made for. */
export interface VotesChainSize {
  readonly validators: number;
  /** Pause after a final block, before the next one is asked for. */
  readonly blockMs: number;
  /** Coins of the genesis, each spent by one transfer. */
  readonly coins: number;
  /** Transfers that fill a block, by its gas. */
  readonly transfers: number;
  /** Transfers in one request. */
  readonly bundle: number;
}

/** A chain of the preset `bft`, and transfers for it. */
export interface VotesChain {
  readonly spec: ChainSpec;
  /** Signed transfers of one input and two outputs, 248 bytes each; those of one request stand together. */
  readonly requests: readonly JoinedTransfers[];
}

/** The key of validator number `n`. */
export function validatorKey(n: number): BenchKey {
  return createKey(OWNERS + n);
}

/** Makes the chain, and signs a transfer of each coin. The same size gives the same bytes. */
export function makeVotesChain(size: VotesChainSize): VotesChain {
  const owners = createOwners({});
  const wide = specOf(size, owners);
  const gas = gasOf(wide, transferOf(makerOf(wide, owners, 0), 0));
  // One more, for the reward may have an action that takes gas.
  const blockGasMax = (size.transfers + 1) * gas;
  const spec = {
    ...wide,
    fees: { ...wide.fees, blockGasTarget: blockGasMax },
    limits: { ...wide.limits, blockGasMax },
  };
  const maker = makerOf(spec, owners, gas * spec.fees.baseFeeMin);
  const requests: JoinedTransfers[] = [];
  for (let from = 0; from < size.coins; from += size.bundle) {
    const length = Math.min(size.bundle, size.coins - from);
    requests.push(joinTransfers(Array.from({ length }, (_, i) => transferOf(maker, from + i).bytes)));
  }
  return { spec, requests };
}

function specOf({ validators, blockMs, coins }: VotesChainSize, owners: readonly Owner[]): ChainSpec {
  const [authority, ...others] = Array.from({ length: validators }, (_, n) => validatorKey(n).publicKey);
  const spec = devSpec({
    authority: authority as Uint8Array,
    others,
    genesisTimeMs: GENESIS_TIME_MS,
    consensus: 'bft',
    blockMs,
    allocations: Array.from({ length: coins }, (_, i) => ({
      address: (owners[i % OWNERS] as Owner).address,
      amount: amount(HUGS_PER_CALIN),
    })),
  });
  const { consensus } = spec;
  if (consensus.validators === undefined) return spec;
  return {
    ...spec,
    consensus: { ...consensus, validators: { ...consensus.validators, epochBlocks: EPOCH_BLOCKS } },
  };
}

interface Maker {
  /** Whose outputs the coins of the genesis are. */
  readonly genesis: Uint8Array;
  readonly chainId: Uint8Array;
  readonly owners: readonly Owner[];
  readonly fee: number;
}

function makerOf(spec: ChainSpec, owners: readonly Owner[], fee: number): Maker {
  return { genesis: specHash(spec), chainId: createGenesis(spec).block.id, owners, fee };
}

/** Pays half of coin `i` of the genesis to the next owner; the other half, less the fee, goes back. */
function transferOf({ genesis, chainId, owners, fee }: Maker, i: number) {
  const coin = { txid: genesis, index: i, owner: i % OWNERS, amount: HUGS_PER_CALIN };
  const paid = Math.floor((coin.amount - fee) / 2);
  return makeTransaction(chainId, owners, coin, [
    { owner: (i + 1) % OWNERS, amount: paid },
    { owner: coin.owner, amount: coin.amount - fee - paid },
  ]);
}
