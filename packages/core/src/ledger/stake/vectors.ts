import { amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { decodeReceipts, encodeReceipt } from '../../primitives/receipt.ts';
import { type ChainSpec, type FinalitySpec, specHash } from '../../spec/chain-spec.ts';
import type { GenesisStake, ValidatorsSpec } from '../../spec/validator-spec.ts';
import type { LedgerAction } from '../actions/registry.ts';
import { keyWay, party, type VectorBlock, VectorChain, type VectorParty, type Way } from '../vector-chain.ts';
import { vectorCertificate, vectorEvidence } from '../vector-judge.ts';
import { beginningOf, vectorSpec } from '../vector-spec.ts';
import { type ConvictionRecord, keptOf } from './convictions.ts';
import { mulDiv, sharesFor, tokensFor } from './share-math.ts';
import { readUnbondings } from './unbonding.ts';

/**
 * Test vectors of stake, for any other implementation of it: bytes as lower-case hex, numbers as numbers. What each
 * section means is said in docs/reference/stake.md#vectors.
 */
export function stakeVectors() {
  return {
    arithmetic: arithmeticVectors(),
    convictions: convictionVectors(),
    stake: chainVectors(STAKE, growStake),
    authorities: chainVectors(AUTHORITIES, growAuthorities),
    rewards: chainVectors(VOTED, growRewards),
  };
}

const CALIN = 100_000_000;
const parties = [1, 2, 3, 4].map(party) as [VectorParty, VectorParty, VectorParty, VectorParty];
const [alice, bob, carol, dave] = parties;
const hugs = (calin: number) => amount(calin * CALIN);

const stakeOf = ({ publicKey, address }: VectorParty, calin: number): GenesisStake => ({
  publicKey,
  owner: address,
  amount: hugs(calin),
  commissionPermille: 100,
});

const STAKE_VALIDATORS: ValidatorsSpec = {
  kind: 'stake',
  epochBlocks: 2,
  membersMax: 2,
  bondMin: hugs(100),
  unbondingEpochs: 1,
  jailEpochs: 1,
  missedPermilleMax: 500,
  commissionPermilleMax: 200,
  signersPermille: 250,
  slashPermille: { 'double-sign': 50, 'lock-break': 300, surround: 500 },
  stakes: [stakeOf(alice, 1000), stakeOf(bob, 2000)],
};

const STAKE = specOf(STAKE_VALIDATORS);

const AUTHORITIES = specOf({
  kind: 'authorities',
  epochBlocks: 2,
  authorities: [alice, bob, carol].map(({ publicKey }) => publicKey),
});

/** The same stake, where votes make blocks final: those who sign share a part of the rewards. */
const VOTED = specOf(STAKE_VALIDATORS, { kind: 'votes', intervalBlocks: 1, lagBlocks: 0, resendMs: 1000 });

function specOf(validators: ValidatorsSpec, finality?: FinalitySpec): ChainSpec {
  return vectorSpec({
    name: `calin-vectors-${validators.kind}`,
    economy: { reward: amount(700_000_003), schedule: { kind: 'constant' } },
    baseFeeInitial: amount(1),
    validators,
    ...(finality === undefined ? {} : { finality }),
    allocations: Array.from({ length: 6 }, () => parties)
      .flat()
      .map(({ address }) => ({ address, amount: hugs(10_000) })),
  });
}

/** Does one thing in a block of its own, with a coin of the genesis state that was not spent before. */
type Act = (who: VectorParty, actions: readonly LedgerAction[], agree?: readonly Way[]) => void;

function growStake(act: Act, refuse: Act, chain: VectorChain): void {
  act(carol, [{ kind: 'delegate', validator: alice.publicKey, amount: hugs(500) }]);
  const bond = {
    kind: 'bond',
    publicKey: dave.publicKey,
    payTo: carol.address,
    amount: hugs(3000),
    commissionPermille: 20,
  } as const;
  act(carol, [bond], [keyWay(dave)]);
  const move = { kind: 'redelegate', from: alice.publicKey, to: bob.publicKey, shares: hugs(200) } as const;
  act(carol, [move, { kind: 'unbond', validator: alice.publicKey, amount: hugs(100) }]);
  const edit = { kind: 'validator-edit', validator: bob.publicKey, payTo: carol.address } as const;
  act(bob, [{ ...edit, commissionPermille: 150 }]);
  for (let i = 0; i < 3; i++) act(dave, []);
  const withdraw = { kind: 'withdraw', validator: alice.publicKey, epoch: 1 } as const;
  refuse(carol, [{ ...withdraw, amount: amount(1) }]);
  refuse(carol, [{ kind: 'unbond', validator: bob.publicKey, amount: amount(1) }]);
  refuse(carol, [{ kind: 'unjail', validator: dave.publicKey }]);
  refuse(alice, [{ ...edit, commissionPermille: 201 }]);
  refuse(alice, [{ ...edit, commissionPermille: 1 }]);
  refuse(bob, [bond], [keyWay(dave)]);
  refuse(bob, [{ ...bond, publicKey: alice.publicKey }]);
  refuse(dave, [{ kind: 'delegate', validator: alice.publicKey, amount: amount(1_000_000) }]);
  act(dave, []);
  const [rested] = readUnbondings(chain.view, carol.address);
  assert(rested !== undefined, 'something rests');
  refuse(carol, [{ ...withdraw, amount: amount(rested.amount - 1) }]);
  act(carol, [{ ...withdraw, amount: rested.amount }]);
  act(carol, [{ kind: 'unbond', validator: dave.publicKey, amount: hugs(3000) }]);
}

function growAuthorities(act: Act, refuse: Act): void {
  const vote = (voter: VectorParty, change: 'add' | 'remove', { publicKey }: VectorParty) =>
    ({ kind: 'authority-vote', voter: voter.publicKey, change, subject: publicKey }) as const;
  act(alice, [vote(alice, 'add', dave)]);
  refuse(alice, [vote(alice, 'add', dave)]);
  refuse(dave, [vote(dave, 'remove', bob)]);
  act(dave, [vote(bob, 'add', dave)], [keyWay(bob)]);
  refuse(alice, [vote(alice, 'add', dave)]);
  for (let i = 0; i < 2; i++) act(bob, []);
}

function growRewards(act: Act, refuse: Act, chain: VectorChain): void {
  act(carol, [{ kind: 'delegate', validator: bob.publicKey, amount: hugs(500) }]);
  const [keys, evidence] = [[alice.publicKey, bob.publicKey], vectorEvidence(bob.publicKey, 0, 'lock-break')];
  chain.add({ evidence: [evidence], certificate: vectorCertificate(0, 1, keys) });
  refuse(carol, [{ kind: 'evidence', claim: amount(0), bytes: evidence }]);
  refuse(carol, [{ kind: 'certificate', bytes: vectorCertificate(1, 2, [carol.publicKey]) }]);
  refuse(carol, [{ kind: 'delegate', validator: bob.publicKey, amount: hugs(1) }]);
  chain.add({ evidence: [], certificate: vectorCertificate(1, 2, keys.slice(0, 1)) });
}

function chainVectors(spec: ChainSpec, grow: (act: Act, refuse: Act, chain: VectorChain) => void) {
  const chain = new VectorChain(spec);
  const refusals: ReturnType<VectorChain['refused']>[] = [];
  const used = new Map<VectorParty, number>();
  const spendOf = (who: VectorParty, actions: readonly LedgerAction[], agree: readonly Way[] = []) => {
    const index = 4 * (used.get(who) ?? 0) + parties.indexOf(who);
    return { from: [[{ txid: specHash(spec), index }, keyWay(who)]], actions, agree } as const;
  };
  const act: Act = (who, actions, agree) => {
    if (actions.length > 0) {
      chain.make(spendOf(who, actions, agree));
      used.set(who, (used.get(who) ?? 0) + 1);
    }
    chain.add();
  };
  const refuse: Act = (who, actions, agree) => {
    refusals.push(chain.refused(chain.sign(spendOf(who, actions, agree))));
  };
  grow(act, refuse, chain);
  return {
    ...beginningOf(chain),
    blocks: chain.blocks.map(blockVector),
    refusals,
  };
}

function blockVector({ block, env, result }: VectorBlock) {
  return {
    id: toHex(block.id),
    bytes: toHex(block.bytes),
    height: env.height,
    receipts: decodeReceipts(result.receipts).map((receipt) => toHex(encodeReceipt(receipt))),
    stateRoot: toHex(result.stateRoot),
    undo: toHex(result.undo),
  };
}

function arithmeticVectors() {
  const most = Number.MAX_SAFE_INTEGER;
  const products = [
    [7, 3, 2],
    [most, most, most],
    [most, 999, 1000],
    [123_456_789_012, 987_654_321_098, 555_555_555_555],
    [1, 1, 2],
  ] as const;
  const pools = [
    { tokens: 0, shares: 0 },
    { tokens: 3, shares: 2 },
    { tokens: 1_000_000_007, shares: 999_999_937 },
    { tokens: most, shares: most - 1 },
  ];
  return {
    products: products.map(([a, b, c]) => ({ a, b, c, result: mulDiv(a, b, c) })),
    pools: pools.map(({ tokens, shares }) => {
      const pool = { tokens: amount(tokens), shares: amount(shares) };
      const part = amount(Math.floor(shares / 3));
      return {
        tokens,
        shares,
        sharesOf1001: sharesFor(pool, amount(1001)),
        part,
        worth: tokensFor(pool, part),
      };
    }),
  };
}

function convictionVectors() {
  const line = (epoch: number, permille: number): ConvictionRecord => ({
    epoch,
    offence: 'double-sign',
    permille,
    height: 1,
    id: specHash(STAKE),
  });
  const log = [line(3, 50), line(5, 500), line(4, 1)];
  const cases = [
    [3, 0],
    [3, 1],
    [4, 1],
    [9, 0],
    [9, 3],
    [1, 0],
  ] as const;
  return {
    log: log.map(({ epoch, permille }) => ({ epoch, permille })),
    kept: cases.map(([epoch, convictions]) => ({
      amount: 999,
      epoch,
      convictions,
      kept: keptOf(amount(999), { epoch, convictions }, log),
    })),
  };
}
