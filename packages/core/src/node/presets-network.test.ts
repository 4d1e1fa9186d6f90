import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import { encodeLinkVote, linkMessage } from '../consensus/votes/link.ts';
import { sign } from '../crypto/signature.ts';
import { blockReward } from '../ledger/reward.ts';
import { readConvictions } from '../ledger/stake/convictions.ts';
import { FOR_EVER, readPool } from '../ledger/stake/pool.ts';
import { readSupply } from '../ledger/supply.ts';
import { keyOpening, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import { auditStake } from '../ledger/testing/stake-audit.testing.ts';
import type { TestNetwork } from '../p2p/test-network.testing.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { epochOfHeight, validatorIndex } from '../primitives/validator-set.ts';
import { type ChainSpec, type ConsensusSpec, specHash } from '../spec/chain-spec.ts';
import { viewOf } from '../state/view.ts';
import type { TestNode } from './test-node.testing.ts';
import { FAST_ROUNDS, stakesOf, validatorNetwork, votingSpec } from './validators.testing.ts';

const VOTES = { kind: 'votes', intervalBlocks: 4, lagBlocks: 1, resendMs: 500 } as const;
const DEPTH = { kind: 'depth', blocks: 6 } as const;
const validators = stakesOf(4);
const { epochBlocks } = validators;

/** How each preset agrees, with short slots, epochs and distances of checkpoints. */
const PRESETS = {
  pos: { production: { kind: 'pos', winnersPermille: 600, slotMs: 500 }, finality: VOTES },
  dpos: { production: { kind: 'dpos', slotMs: 500 }, finality: DEPTH },
  hybrid: {
    production: { kind: 'pow', initialDifficulty: 16, blockMs: 1_000, halfLifeMs: 600_000 },
    finality: VOTES,
  },
  bft: { production: { kind: 'leader' }, finality: FAST_ROUNDS },
} as const satisfies Record<string, Omit<ConsensusSpec, 'validators'>>;

type Preset = keyof typeof PRESETS;

/** The four validators that a chain begins with, and the one that comes later. */
const OLD = [0, 1, 2, 3];
const NEW = 4;
const ALL = [...OLD, NEW];
const OFFENDER = 3;
const HONEST = ALL.filter((index) => index !== OFFENDER);

/** Five nodes with a chain of a preset, and time that passes for them. */
class PresetRun {
  readonly spec: ChainSpec;
  readonly net: TestNetwork;
  readonly #random = seededRandom(3);
  readonly #isMined: boolean;
  readonly #off = new Set<number>();

  constructor(preset: Preset) {
    this.spec = votingSpec({ ...PRESETS[preset], validators });
    this.net = validatorNetwork(this.spec, { validators: ALL.length });
    this.#isMined = PRESETS[preset].production.kind === 'pow';
  }

  chain(index: number): TestNode['node']['chain'] {
    return this.net.node(index).node.chain;
  }

  view(index: number): ReturnType<TestNode['node']['view']> {
    return viewOf(this.chain(index).state);
  }

  idAt(index: number, height: number): string {
    return toHex(this.chain(index).idAt(height) ?? new Uint8Array(0));
  }

  /** The epoch of the block after the head. */
  epoch(index: number): number {
    return epochOfHeight(this.chain(index).head.height + 1, epochBlocks);
  }

  /** Whether a key is in the set of an epoch, as a node knows it. */
  isMember(index: number, epoch: number, key: number): boolean {
    const set = this.chain(index).setOfEpoch(epoch);
    return set !== undefined && validatorIndex(set, testKey(key).publicKey) !== undefined;
  }

  /** What is staked with a validator after the block at a height. */
  tokensAt(index: number, height: number, key: number): number | undefined {
    const state = this.chain(index).stateAt(height);
    return state && readPool(viewOf(state), testKey(key).publicKey)?.tokens;
  }

  /** Lets a second pass; miners find a block in it. */
  second(miners: readonly number[] = HONEST): void {
    this.net.run(800 + this.#random.below(400));
    const miner = this.net.node(this.#random.pick(miners.filter((index) => !this.#off.has(index))));
    for (let tries = 0; this.#isMined && miner.mining !== undefined && !miner.mine(10_000); tries++)
      assert.ok(tries < 100);
  }

  until(what: string, condition: () => boolean, secondsMax = 90): void {
    for (let passed = 0; !condition(); passed++) {
      assert.ok(passed < secondsMax, `${what}: heads at ${ALL.map((i) => this.chain(i).head.height)}`);
      this.second();
    }
  }

  final(of = HONEST): number {
    return Math.min(...of.map((index) => this.chain(index).final.height));
  }

  /** A part of the network goes on by itself. */
  cut(index: number): void {
    for (const other of ALL) if (other !== index) this.net.disconnect(index, other);
    this.#off.add(index);
  }

  heal(index: number): void {
    this.#off.delete(index);
    for (const other of ALL) if (other !== index) this.net.connect(index, other);
  }

  kill(index: number): void {
    this.net.kill(index);
    this.#off.add(index);
  }

  restart(index: number): void {
    this.net.restart(index);
    this.heal(index);
  }

  /** Asserts that all honest nodes have the same final blocks, and that their books are right. */
  audit(): void {
    const height = this.final();
    assert.equal(new Set(HONEST.map((index) => this.idAt(index, height))).size, 1, `one block at ${height}`);
    for (const index of HONEST) {
      auditStake(this.chain(index).state);
      assert.equal(readSupply(this.view(index)).issued, this.#issued(index));
    }
  }

  /** What should have been issued: all rewards, but for the maker's part of who is convicted. */
  #issued(index: number): number {
    const chain = this.chain(index);
    const { signersPermille } = validators;
    const [conviction] = readConvictions(this.view(index), testKey(OFFENDER).publicKey);
    const bonded = validators.stakes.reduce((sum, stake) => sum + stake.amount, 0);
    let issued = this.spec.allocations.reduce((sum, part) => sum + part.amount, bonded);
    for (let height = 1; height <= chain.head.height; height++) {
      const header = chain.header(chain.idAt(height) as Uint8Array);
      assert.ok(header.ok);
      const reward = blockReward(this.spec, height, amount(issued));
      const isVoted = this.spec.consensus.finality.kind !== 'depth';
      const isShut =
        !this.#isMined &&
        conviction !== undefined &&
        height >= conviction.height &&
        equalBytes(header.value.producer, testKey(OFFENDER).address);
      issued += isShut ? (isVoted ? Math.floor((reward * signersPermille) / 1000) : 0) : reward;
    }
    return issued;
  }
}

/** Bonds stake for the new validator. */
function bondNew({ spec, net }: PresetRun): void {
  const { node } = net.node(1);
  const { publicKey, address } = testKey(NEW);
  const place = { spec, env: node.nextEnvironment(), view: node.view() };
  const bond = { kind: 'bond', publicKey, payTo: address, commissionPermille: 50 } as const;
  const transaction = spend(place, {
    from: [{ outpoint: { txid: specHash(spec), index: 0 }, opening: keyOpening(testKey(10)) }],
    actions: [{ ...bond, amount: amount(500_000_000) }],
    authorities: [keyOpening(testKey(NEW))],
  });
  assert.ok(net.node(1).ask({ kind: 'submit', transactions: [transaction.bytes] }).ok);
}

/** The offender seals another block in the turn of one it has just made, and shows it to node 0. */
function sealTwice(run: PresetRun): void {
  const { spec, net } = run;
  const { production } = createConsensus(spec);
  const { signedTurns } = production;
  assert.ok(signedTurns !== undefined);
  const newest = (): Block | undefined => {
    const { head, final } = run.chain(0);
    const isOwn = equalBytes(head.header.producer, testKey(OFFENDER).address);
    const block = isOwn && head.height > final.height ? run.chain(0).block(head.id) : undefined;
    return block?.ok ? block.value : undefined;
  };
  assert.ok(net.runUntil(() => newest() !== undefined, 30_000));
  const { header, transactions } = newest() as Block;
  const claim = production.claimOf(header.seal);
  const turn = signedTurns.numberOf({ ...header, claim });
  const timeMs = [header.timeMs + 1, header.timeMs - 1].find(
    (ms) => signedTurns.numberOf({ ...header, timeMs: ms, claim }) === turn,
  );
  const other = { ...header, timeMs: timeMs as number };
  const signature = sign(signedTurns.message(other, claim), testKey(OFFENDER).secretKey);
  const twin = createBlock({ ...other, seal: concatBytes(claim, signature) }, transactions);
  assert.ok(net.node(0).ask({ kind: 'import', block: twin.bytes }).ok);
}

/** The offender votes for two checkpoints of one height, and tells node 0. */
function voteTwice(run: PresetRun): void {
  const { final, head, chainId } = run.chain(0);
  const height = head.height - (head.height % VOTES.intervalBlocks) + VOTES.intervalBlocks;
  const epoch = epochOfHeight(height, epochBlocks);
  const set = run.chain(0).setOfEpoch(epoch);
  assert.ok(set !== undefined);
  const member = validatorIndex(set, testKey(OFFENDER).publicKey);
  assert.ok(member !== undefined);
  for (const byte of [1, 2]) {
    const target = { height, id: new Uint8Array(32).fill(byte) };
    const link = { epoch, source: { height: final.height, id: final.id }, target };
    const signature = sign(linkMessage(chainId, link), testKey(OFFENDER).secretKey);
    const payload = encodeLinkVote({ ...link, member, signature });
    run.net.send(OFFENDER, 0, { kind: 'consensus', engine: 1, payload });
  }
}

describe('each preset over a life of its own, in nodes: rewards add up, and all agree,', () => {
  for (const preset of Object.keys(PRESETS) as Preset[]) {
    it(`${preset}: a new validator, a restart, a reorganisation, an offender`, () => {
      const run = new PresetRun(preset);
      bondNew(run);
      run.until('blocks become final', () => run.final() >= 4);
      run.audit();
      run.until('the new validator serves', () => HONEST.every((i) => run.isMember(i, run.epoch(i), NEW)));
      run.until('the set is final', () => run.final() > epochBlocks * 3);
      run.audit();

      run.kill(1);
      const stopped = run.final([0, 2, 4]);
      run.until('the others go on', () => run.final([0, 2, 4]) >= stopped + 4);
      run.restart(1);
      run.until('who was away is back', () => run.final() >= stopped + 4);
      run.audit();

      run.cut(2);
      for (let i = 0; i < 4; i++) {
        run.second();
        if (preset === 'hybrid' && i === 0) run.net.node(2).mine(1_000);
      }
      const own = run.chain(2).head;
      run.heal(2);
      run.until('both branches are one', () => run.final() > own.height + 1);
      const isUndone = run.idAt(2, own.height) !== toHex(own.id);
      // Votes on each block let nobody make one alone.
      assert.equal(isUndone, preset !== 'bft', 'a branch was given up');
      run.audit();

      const before = run.final();
      if (preset === 'hybrid') voteTwice(run);
      else sealTwice(run);
      const pool = (index: number) => readPool(run.view(index), testKey(OFFENDER).publicKey);
      run.until('the offender is convicted', () => HONEST.every((i) => pool(i)?.jailedUntil === FOR_EVER));
      const log = readConvictions(run.view(0), testKey(OFFENDER).publicKey);
      assert.deepEqual(
        log.map(({ offence, permille }) => [offence, permille]),
        [['double-sign', 50]],
      );
      const { height } = log[0] ?? assert.fail();
      const [whole, left] = [height - 1, height].map((at) => run.tokensAt(0, at, OFFENDER));
      assert.ok(whole !== undefined && left !== undefined && left < 0.951 * whole, `${left} of ${whole}`);
      const last = epochOfHeight(height, epochBlocks) + 1;
      run.until('it is out of the set', () => HONEST.every((i) => run.epoch(i) > last));
      for (const i of HONEST) assert.equal(run.isMember(i, run.epoch(i), OFFENDER), false);
      const head = run.chain(0).head.height;
      run.until('blocks go on', () => run.final() >= Math.max(head, before) + 2);
      run.audit();
    });
  }
});
