import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../base/amount.ts';
import { readPool } from '../ledger/stake/pool.ts';
import { readValidatorSet } from '../ledger/stake/validator-sets.ts';
import { type History, historySpec } from '../ledger/testing/history.testing.ts';
import { signBlank, testKey } from '../ledger/testing/owners.testing.ts';
import { allocationOf, spend } from '../ledger/testing/spend.testing.ts';
import type { Block } from '../primitives/block.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { StakeSpec } from '../spec/validator-spec.ts';
import { plainKernel } from '../state/kernel.ts';
import { viewOf } from '../state/view.ts';
import { stateRoot } from '../state/world-state.ts';
import { blankHistory, TestChain, testMapKernel } from './chain.testing.ts';

const VALIDATOR = testKey(0).publicKey;

/** Key 0 makes the blocks of a history and is the only validator. */
function stakedSpec(): ChainSpec {
  const validators: StakeSpec = {
    kind: 'stake',
    epochBlocks: 2,
    membersMax: 4,
    bondMin: amount(1_000_000_000),
    unbondingEpochs: 2,
    jailEpochs: 1,
    missedPermilleMax: 500,
    commissionPermilleMax: 200,
    signersPermille: 100,
    slashPermille: { 'double-sign': 50, 'lock-break': 300, surround: 500 },
    stakes: [
      {
        publicKey: VALIDATOR,
        owner: testKey(0).address,
        amount: amount(5_000_000_000),
        commissionPermille: 100,
      },
    ],
  };
  const spec = historySpec();
  return { ...spec, consensus: { ...spec.consensus, finality: { kind: 'depth', blocks: 20 }, validators } };
}

/** Adds blocks with a delegation each, by key 1 or 2, and what the dice of the history give. */
function delegated(history: History, blocks: number, key: number): readonly Block[] {
  for (let i = 0; i < blocks; i++) {
    const place = { spec: history.spec, env: history.env, view: viewOf(history.state) };
    const from = allocationOf(history, `key ${key}`, i);
    const action = { kind: 'delegate', validator: VALIDATOR, amount: amount(2_000_000_000) } as const;
    const tx = spend(place, { from: [from], actions: [action], signer: signBlank });
    assert.equal(history.add([tx]).block.transactions.length, 2, 'the delegation holds');
  }
  return history.blocks.map(({ block }) => block);
}

for (const [name, kernel] of [
  ['plain', plainKernel],
  ['map', testMapKernel],
] as const) {
  test(`branches of different stake over a border of epochs, forth, back and after a restart (${name} kernel)`, () => {
    const spec = stakedSpec();
    const trunk = blankHistory(5, spec);
    // Without transactions, so that the coins of the genesis are there for the delegations.
    for (let i = 0; i < 2; i++) trunk.grow(0);
    const fork = trunk.fork(2, 50);
    const [one, two] = [delegated(trunk, 3, 1), delegated(fork, 3, 2)];
    const longer = Array.from({ length: 2 }, () => fork.grow(2).block);
    const chain = new TestChain({ spec, kernel });
    chain.importAll([...one, ...two.slice(2), ...longer]);
    assert.deepEqual(chain.chain.head.id, longer[1]?.id, 'the longer branch');
    assert.deepEqual(stateRoot(chain.chain.state), longer[1]?.header.stateRoot);
    const view = viewOf(chain.chain.state);
    // Two of the delegations were there when the set of epoch 3 was written, after block 4.
    const [member] = readValidatorSet(view, 3)?.members ?? [];
    assert.ok(member !== undefined && member.weight > 9_000_000_000 && member.weight < 100_000_000_000);
    assert.equal(readPool(view, VALIDATOR)?.owner.length, 32);
    for (let i = 0; i < 3; i++) trunk.grow(2);
    chain.importAll(trunk.blocks.slice(5).map(({ block }) => block));
    assert.deepEqual(stateRoot(chain.chain.state), trunk.head.header.stateRoot, 'and back');
    assert.deepEqual(chain.reopen().summary, chain.summary);
  });
}
