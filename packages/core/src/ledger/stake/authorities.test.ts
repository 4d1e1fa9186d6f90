import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../../base/amount.ts';
import { toHex } from '../../base/bytes.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import { stateEntries } from '../../state/world-state.ts';
import { testKey } from '../testing/owners.testing.ts';
import { auditStake } from '../testing/stake-audit.testing.ts';
import { authoritySpec, StakeChain } from '../testing/stake-chain.testing.ts';
import { vectorEvidence } from '../vector-judge.ts';
import { readAuthorities } from './authorities.ts';
import { readValidatorSet } from './validator-sets.ts';

const key = (n: number) => testKey(n).publicKey;
const vote = (voter: number, change: 'add' | 'remove', subject: number) =>
  ({ kind: 'authority-vote', voter: key(voter), change, subject: key(subject) }) as const;
const members = (chain: StakeChain, epoch: number) =>
  readValidatorSet(chain.view, epoch)?.members.map(({ publicKey }) => toHex(publicKey));
const keys = (...numbers: readonly number[]) => numbers.map((n) => toHex(key(n))).toSorted(compare);
const compare = (a: string, b: string) => (a < b ? -1 : 1);

test('more than half decide, and the set of the epoch after the next shows it', () => {
  const chain = new StakeChain(authoritySpec(4));
  assert.deepEqual(members(chain, 0), keys(10, 11, 12, 13));
  chain.act(5, vote(10, 'add', 14), [10]);
  chain.act(5, vote(11, 'add', 14), [11]);
  assert.equal(readAuthorities(chain.view).length, 4, 'two of four are not more than half');
  chain.act(5, vote(12, 'add', 14), [12]);
  assert.equal(readAuthorities(chain.view).length, 5);
  chain.goTo(1);
  assert.deepEqual(members(chain, 1), keys(10, 11, 12, 13));
  assert.deepEqual(members(chain, 2), keys(10, 11, 12, 13, 14));
  for (const voter of [10, 11, 14]) chain.act(5, vote(voter, 'remove', 13), [voter]);
  chain.goTo(2);
  assert.deepEqual(members(chain, 3), keys(10, 11, 12, 14));
  auditStake(chain.state);
});

test('every member has the weight 1, and a chain of one can grow', () => {
  const chain = new StakeChain(authoritySpec(1));
  chain.act(5, vote(10, 'add', 11), [10]);
  chain.endEpoch();
  const { members: both } = readValidatorSet(chain.view, 2) ?? { members: [] };
  assert.deepEqual(
    both.map(({ weight }) => weight),
    [1, 1],
  );
  assert.equal(chain.refusal(5, vote(10, 'remove', 12), [10]).rule, 'authority/vote-useless');
  chain.act(5, vote(10, 'remove', 11), [10]);
  chain.act(5, vote(11, 'remove', 11), [11]);
  assert.equal(
    chain.refusal(5, vote(10, 'remove', 10), [10]).rule,
    'authority/vote-useless',
    'the last one stays',
  );
});

test('only authorities vote, by their own key, once, and only for what changes something', () => {
  const chain = new StakeChain(authoritySpec(3));
  assert.equal(chain.refusal(5, vote(14, 'add', 15), [14]).rule, 'authority/not-one');
  assert.equal(chain.refusal(5, vote(10, 'add', 15), [11]).rule, 'tx/witness-missing');
  assert.equal(chain.refusal(5, vote(10, 'add', 11), [10]).rule, 'authority/vote-useless');
  const weak = { ...vote(10, 'add', 11), subject: new Uint8Array(32) };
  assert.equal(chain.refusal(5, weak, [10]).rule, 'stake/key-weak');
  chain.act(5, vote(10, 'add', 15), [10]);
  assert.equal(chain.refusal(5, vote(10, 'add', 15), [10]).rule, 'authority/vote-repeated');
  const stakeless = { ...chain.spec, consensus: { ...chain.spec.consensus } };
  delete (stakeless.consensus as { validators?: unknown }).validators;
  const none = new StakeChain(stakeless);
  assert.equal(none.refusal(5, vote(10, 'add', 15), [10]).rule, 'authority/none');
});

test('a vote counts until the end of the next epoch, and a new one takes its place', () => {
  const chain = new StakeChain(authoritySpec(4));
  chain.act(5, vote(10, 'add', 14), [10]);
  chain.act(5, vote(11, 'add', 14), [11]);
  chain.goTo(2);
  chain.act(5, vote(12, 'add', 14), [12]);
  assert.equal(readAuthorities(chain.view).length, 4, 'the first two have expired');
  chain.act(5, vote(12, 'add', 15), [12]);
  chain.act(5, vote(10, 'add', 14), [10]);
  chain.act(5, vote(11, 'add', 14), [11]);
  assert.equal(readAuthorities(chain.view).length, 4, 'the third wants something else now');
  chain.act(5, vote(13, 'add', 14), [13]);
  assert.equal(readAuthorities(chain.view).length, 5);
});

test('an authority votes once in a block', () => {
  const chain = new StakeChain(authoritySpec(3));
  const votes = [vote(10, 'add', 14), vote(10, 'add', 15)];
  const tx = chain.make(5, votes, [10]);
  assert.throws(() => chain.add([tx]), /authority\/vote-often/);
  for (const one of votes) chain.act(5, one, [10]);
});

test('votes leave no more than one record for each voter and each change that is wanted', () => {
  const chain = new StakeChain(authoritySpec(3));
  for (let round = 0; round < 12; round++) {
    for (const voter of [10, 11, 12]) chain.act(5, vote(voter, 'add', 20 + 3 * round + voter - 10), [voter]);
  }
  assert.equal([...stateEntries(chain.state, NAMESPACE.authorityVote)].length, 3);
  assert.ok([...stateEntries(chain.state, NAMESPACE.authorityProposal)].length <= 3);
});

test('an offence takes an authority off the list, but never the last one', () => {
  const chain = new StakeChain(authoritySpec(2));
  const evidence = (n: number, claim = 0) =>
    ({ kind: 'evidence', claim: amount(claim), bytes: vectorEvidence(key(n), 0, 'double-sign') }) as const;
  assert.equal(chain.refusal(5, evidence(10, 1)).rule, 'evidence/claim');
  chain.act(5, evidence(10));
  assert.equal(chain.refusal(5, evidence(10)).rule, 'evidence/known');
  chain.act(5, evidence(11));
  chain.goTo(1);
  assert.deepEqual(members(chain, 2), keys(11));
  auditStake(chain.state);
});
