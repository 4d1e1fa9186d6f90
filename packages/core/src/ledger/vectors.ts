import { sha256 } from '@noble/hashes/sha2.js';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { addressOf } from '../primitives/address.ts';
import { HTLC_CLAIM, HTLC_REFUND, type HtlcLock } from '../primitives/locks/htlc.ts';
import { sortKeys } from '../primitives/locks/key-set.ts';
import {
  RECOVERABLE_GUARDIANS,
  RECOVERABLE_OWNER,
  type RecoverableLock,
} from '../primitives/locks/recoverable.ts';
import type { TimelockLock } from '../primitives/locks/timelock.ts';
import { decodeReceipts, encodeReceipt } from '../primitives/receipt.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { type RewardSchedule, specHash } from '../spec/chain-spec.ts';
import { nextBaseFee } from './base-fee.ts';
import { blockReward } from './reward.ts';
import { tokenId } from './token.ts';
import { keyWay, outpointOf, party, type VectorBlock, VectorChain, type Way } from './vector-chain.ts';
import { beginningOf, vectorSpec } from './vector-spec.ts';

/**
 * Test vectors of the ledger, for any other implementation of it: bytes as lower-case hex, numbers as numbers. What
 * each section means is said in docs/reference/ledger.md#vectors.
 */
export function ledgerVectors() {
  const chain = new VectorChain(SPEC);
  const refusals = runChain(chain);
  return {
    ...beginningOf(chain),
    blocks: chain.blocks.map(blockVector),
    refusals,
    tokenIds: [0, 1, 255, 4_294_967_295].map((index) => ({
      txid: toHex(specHash(SPEC)),
      index,
      actionIndex: index % 16,
      tokenId: tokenId({ txid: specHash(SPEC), index }, index % 16),
    })),
    baseFees: baseFeeVectors(),
    rewards: rewardVectors(),
  };
}

const [alice, bob, carol, dave, erin] = [1, 2, 3, 4, 5].map(party) as [Party, Party, Party, Party, Party];
type Party = ReturnType<typeof party>;

const SECRET = new Uint8Array(32).fill(0x5e);

const committee = [carol, dave, erin];
const publicKeys = sortKeys(committee.map(({ publicKey }) => publicKey));
const multisig = { kind: 'multisig', threshold: 2, publicKeys } as const;
const timelock: TimelockLock = { kind: 'timelock', unit: 'height', from: 2, inner: multisig };
const htlc: HtlcLock = {
  kind: 'htlc',
  sha256: sha256(SECRET),
  receiver: bob.publicKey,
  sender: alice.publicKey,
  refundHeight: 3,
};
const recoverable: RecoverableLock = {
  kind: 'recoverable',
  owner: alice.publicKey,
  threshold: 2,
  guardians: publicKeys,
  restBlocks: 3,
};

const aliceWay = keyWay(alice);
const bobWay = keyWay(bob);
const committeeWay: Way = { lock: multisig, path: 0, signers: [carol, erin] };
const timelockWay: Way = { lock: timelock, path: 0, signers: [dave, erin] };
const claimWay: Way = { lock: htlc, path: HTLC_CLAIM, signers: [bob], preimage: SECRET };
const refundWay: Way = { lock: htlc, path: HTLC_REFUND, signers: [alice] };
const ownerWay: Way = { lock: recoverable, path: RECOVERABLE_OWNER, signers: [alice] };
const guardiansWay: Way = { lock: recoverable, path: RECOVERABLE_GUARDIANS, signers: [carol, dave] };

/** Allocation i belongs to the lock of way i. */
const ALLOCATED = [aliceWay, committeeWay, timelockWay, claimWay, refundWay, ownerWay, guardiansWay];

const SPEC = vectorSpec({
  name: 'calin-vectors',
  economy: { reward: amount(5_000_000_000), schedule: { kind: 'halving', intervalBlocks: 2 } },
  baseFeeInitial: amount(10),
  allocations: ALLOCATED.map(({ lock }) => ({ address: addressOf(lock), amount: amount(100_000_000_000) })),
});

const allocation = (index: number) => ({ txid: specHash(SPEC), index });
const CUP = tokenId(allocation(0), 0);
const toBob = (asset: number, value: number) => ({ asset, amount: amount(value), address: bob.address });

/** Makes the three blocks and returns what the ledger refuses on top of them. */
function runChain(chain: VectorChain) {
  const created = chain.make({
    from: [[allocation(0), aliceWay]],
    to: [toBob(CUP, 600), toBob(0, 50_000_000)],
    actions: [
      {
        kind: 'token-create',
        symbol: 'CUP',
        name: 'Cup of coffee ☕',
        decimals: 1,
        supplyMax: amount(1000),
        supply: amount(600),
        minter: addressOf(multisig),
      },
    ],
    tip: 1234,
  });
  const cup = outpointOf(created, 0);
  const noted = chain.make({
    from: [[outpointOf(created, 2), aliceWay]],
    actions: [{ kind: 'data', hash: sha256(SECRET), note: 'Grüße' }],
    expiryHeight: 1,
  });
  const first = chain.add();
  chain.make({
    from: [[allocation(1), committeeWay]],
    to: [toBob(CUP, 400)],
    actions: [{ kind: 'token-mint', asset: CUP, amount: amount(400) }],
  });
  chain.make({
    from: [
      [allocation(2), timelockWay],
      [allocation(3), claimWay],
    ],
    to: [toBob(0, 1)],
  });
  chain.add();
  const rewardOf = outpointOf(first.transactions[0] as Transaction, 0);
  chain.make({
    from: [
      [rewardOf, aliceWay],
      [allocation(4), refundWay],
    ],
    tip: 5,
  });
  chain.make({ from: [[allocation(5), ownerWay]] });
  chain.make({ from: [[allocation(6), guardiansWay]] });
  chain.make({
    from: [
      [outpointOf(created, 1), bobWay],
      [cup, bobWay],
    ],
    to: [toBob(CUP, 599)],
    actions: [
      { kind: 'token-burn', asset: CUP, amount: amount(1) },
      { kind: 'token-burn', asset: 0, amount: amount(777) },
    ],
  });
  chain.add();
  return refusalVectors(chain, outpointOf(noted, 0), created);
}

function refusalVectors(chain: VectorChain, coin: ReturnType<typeof outpointOf>, spent: Transaction) {
  const from = [[coin, aliceWay]] as const;
  const repeated = { kind: 'data', hash: sha256(SECRET), note: '' } as const;
  return [
    chain.refused(spent),
    chain.refused(chain.sign({ from, expiryHeight: 3 })),
    chain.refused(chain.sign({ from, tip: -1 })),
    chain.refused(chain.sign({ from, actions: [repeated] })),
    chain.refused(chain.sign({ from, to: [toBob(CUP, 1)] })),
    chain.refused(chain.sign({ from, agree: [bobWay], actions: [{ ...repeated, hash: specHash(SPEC) }] })),
    chain.refused(chain.sign({ from, signWith: [bob] })),
    chain.refused(chain.sign({ from, actions: [{ kind: 'token-mint', asset: CUP, amount: amount(1) }] })),
  ];
}

function blockVector({ block, env, result }: VectorBlock) {
  return {
    id: toHex(block.id),
    bytes: toHex(block.bytes),
    height: env.height,
    baseFee: env.baseFee,
    gasUsed: result.gasUsed,
    txids: block.transactions.map(({ txid }) => toHex(txid)),
    receipts: decodeReceipts(result.receipts).map((receipt) => toHex(encodeReceipt(receipt))),
    receiptRoot: toHex(result.receiptRoot),
    stateRoot: toHex(result.stateRoot),
    undo: toHex(result.undo),
  };
}

function baseFeeVectors() {
  const { baseFeeMin, baseFeeChangeDenominator, blockGasTarget } = SPEC.fees;
  const parents = [
    [10, 0],
    [10, 1999],
    [10, 2000],
    [10, 2001],
    [10, 4000],
    [10, 100_000],
    [1, 0],
    [1_000_000_007, 1],
    [1_000_000_007, 3999],
    [Number.MAX_SAFE_INTEGER, 0],
    [Number.MAX_SAFE_INTEGER, 4000],
  ] as const;
  return {
    baseFeeMin,
    baseFeeChangeDenominator,
    blockGasTarget,
    steps: parents.map(([baseFee, gasUsed]) => ({
      baseFee,
      gasUsed,
      next: nextBaseFee(SPEC, { height: 1, baseFee: amount(baseFee), gasUsed }),
    })),
  };
}

function rewardVectors() {
  const schedules: readonly RewardSchedule[] = [
    { kind: 'constant' },
    { kind: 'halving', intervalBlocks: 3 },
    { kind: 'decay', intervalBlocks: 2, numerator: 9, denominator: 10 },
  ];
  const economy = { ...SPEC.economy, reward: amount(1001), cap: amount(10_000) };
  return schedules.map((schedule) => ({
    schedule,
    reward: economy.reward,
    cap: economy.cap,
    paid: [1, 2, 3, 4, 7, 10, 40, 1000].map((height) => ({
      height,
      nothingIssued: blockReward({ economy: { ...economy, schedule } }, height, amount(0)),
      nearCap: blockReward({ economy: { ...economy, schedule } }, height, amount(9_900)),
    })),
  }));
}
