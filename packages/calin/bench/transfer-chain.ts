import { amount, HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { draftBlock } from '@calin/core/ledger/build-block.ts';
import { environmentAfter } from '@calin/core/ledger/environment.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { gasOf } from '@calin/core/ledger/transaction-gas.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import { createBlock } from '@calin/core/primitives/block.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  transactionId,
} from '@calin/core/primitives/transaction.ts';
import { type ChainSpec, specHash } from '@calin/core/spec/chain-spec.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import sodium from 'sodium-native';
import type { BenchProgress } from './bench.ts';

/** How large the chain is. */
export interface TransferChainOptions {
  /** Coins that exist from the start; each is spent once at most. */
  readonly coins: number;
  readonly blocks: number;
  /** Transfers of each block. */
  readonly transfers: number;
}

/** A chain as another node would send it. */
export interface TransferChain {
  readonly spec: ChainSpec;
  readonly chainId: Uint8Array;
  /** The encoded blocks after genesis, oldest first. */
  readonly blocks: readonly Uint8Array[];
  /** Later than every block, so that none comes from the future. */
  readonly nowMs: number;
}

interface Key {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
  readonly address: Uint8Array;
}

/** Different owners; enough that no cache of keys would help. */
const OWNERS = 1000;
const GENESIS_TIME_MS = 1_760_000_000_000;
const BLOCK_INTERVAL_MS = 1000;
const COIN = amount(HUGS_PER_CALIN);
const PAID = amount(HUGS_PER_CALIN / 4);

/** Makes blocks of transfers with one input and two outputs each, all signed by key locks. */
export function createTransferChain(options: TransferChainOptions, progress: BenchProgress): TransferChain {
  const { coins, blocks: blockCount, transfers } = options;
  assert(coins >= blockCount * transfers, 'each transfer spends a coin of its own: more --coins are needed');
  const owners = Array.from({ length: Math.min(OWNERS, coins) }, (_, i) => createKey(i));
  const authority = createKey(OWNERS);
  const spec = transferSpec(authority, owners, coins);
  const { production } = createConsensus(spec.consensus);
  const genesis = createGenesis(spec);
  const chainId = genesis.block.id;
  const origin = specHash(spec);
  const gasPerTransfer = gasOf(spec, createTransfer({ origin, chainId, fee: 0 }, owners, 0));
  const blocks: Uint8Array[] = [];
  let { state } = genesis;
  let parent = genesis.block.header;
  for (let i = 0; i < blockCount; i++) {
    progress(i, blockCount, 'making blocks');
    const env = environmentAfter(spec, chainId, parent, {
      timeMs: parent.timeMs + BLOCK_INTERVAL_MS,
      producer: authority.address,
    });
    const fee = gasPerTransfer * env.baseFee;
    const candidates = Array.from({ length: transfers }, (_, n) =>
      createTransfer({ origin, chainId, fee }, owners, i * transfers + n),
    );
    const draft = draftBlock(spec, state, parent, env, candidates, authority.address);
    assert(draft.transactions.length === transfers + 1, 'the transfers do not fit into a block');
    const { message } = production.sealRequest(draft.header, authority);
    parent = { ...draft.header, seal: signFast(message, authority) };
    blocks.push(createBlock(parent, draft.transactions).bytes);
    state = draft.result.state;
  }
  return { spec, chainId, blocks, nowMs: parent.timeMs };
}

/** A chain with room for the blocks, so that the import is measured and not the limits. */
function transferSpec(authority: Key, owners: readonly Key[], coins: number): ChainSpec {
  const allocations = Array.from({ length: coins }, (_, i) => ({
    address: (owners[i % owners.length] as Key).address,
    amount: COIN,
  }));
  const spec = devSpec({ authority: authority.publicKey, genesisTimeMs: GENESIS_TIME_MS, allocations });
  const limits = { ...spec.limits, blockBytesMax: 32 * 1024 * 1024, blockGasMax: 1_000_000_000 };
  return { ...spec, dev: false, fees: { ...spec.fees, blockGasTarget: 500_000_000 }, limits };
}

/** Where the coins of the start are, and what a transfer costs in this block. */
interface Place {
  readonly origin: Uint8Array;
  readonly chainId: Uint8Array;
  readonly fee: number;
}

/** Spends allocation `index`: a quarter to the next owner, the rest but the fee back. */
function createTransfer({ origin, chainId, fee }: Place, owners: readonly Key[], index: number): Transaction {
  const from = owners[index % owners.length] as Key;
  const to = owners[(index + 1) % owners.length] as Key;
  const body = {
    expiryHeight: 0,
    inputs: [{ txid: origin, index }],
    outputs: [
      { asset: NATIVE_ASSET, amount: PAID, address: to.address },
      { asset: NATIVE_ASSET, amount: amount(COIN - PAID - fee), address: from.address },
    ],
    actions: [],
    witnessCount: 1,
  };
  const signature = signFast(transactionId(encodeBody(body), chainId), from);
  const lock = { kind: 'key', publicKey: from.publicKey } as const;
  const witness = { lock, path: 0, signers: [0], signatures: [signature], preimage: undefined };
  return createTransaction(body, [witness], chainId);
}

function createKey(n: number): Key {
  const seed = hash('seal', Uint8Array.of(n & 0xff, n >> 8));
  const publicKey = new Uint8Array(32);
  const secretKey = new Uint8Array(64);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
  return { publicKey, secretKey, address: keyAddress(publicKey) };
}

function signFast(message: Uint8Array, { secretKey }: Key): Uint8Array {
  const signature = new Uint8Array(64);
  sodium.crypto_sign_detached(signature, message, secretKey);
  return signature;
}
