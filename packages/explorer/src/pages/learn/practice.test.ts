import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import { presentHeader } from '@calin/core/rpc/json/header.ts';
import { bitsOf, countDifferentBits, flipBit, leadingZeroBits } from './bits.ts';
import {
  damageHeader,
  idOf,
  moveNumber,
  NUMBER_FIELDS,
  readHeaderJson,
  turnBit,
} from './block/header-fields.ts';
import { delayHeader, judgeHeaders, redoHeader, rejoin } from './chain/linked-headers.ts';
import { Ballot } from './consensus/ballot.ts';
import { Race } from './consensus/race.ts';
import { AUTHORITIES, Turns } from './consensus/turns.ts';
import { layoutFork } from './fork/layout-fork.ts';
import { SIDES, TwoMiners } from './fork/two-miners.ts';
import { coinsOf, outputOf, pay, signOutputs, withOutputs } from './practice/payments.ts';
import { practiceKey } from './practice/practice-key.ts';
import { PracticeNode } from './practice/practice-node.ts';
import { workSpec } from './practice/practice-spec.ts';

const you = practiceKey('you');
const shop = practiceKey('shop');
const miner = practiceKey('A');
const ruleOf = (result: { readonly ok: boolean; readonly error?: { readonly rule: string } }) =>
  result.ok ? 'ok' : result.error?.rule;

test('bits are counted from the highest of the first byte', () => {
  const bytes = Uint8Array.of(0, 0b0001_0000);
  assert.equal(leadingZeroBits(bytes), 11);
  assert.equal(leadingZeroBits(new Uint8Array(2)), 16);
  assert.deepEqual(flipBit(bytes, 11), new Uint8Array(2));
  assert.equal(countDifferentBits(bytes, flipBit(flipBit(bytes, 0), 15)), 2);
  assert.equal(bitsOf(bytes).indexOf(true), 11);
});

test('a header that was read back from JSON has the id of its block, until a field is changed', () => {
  const node = new PracticeNode(workSpec());
  const { block } = node.mine(miner);
  const json = presentHeader(block.id, block.header, 'dcal');
  const header = readHeaderJson(json);
  assert(header.ok);
  assert.equal(idOf(header.value), json.id);
  for (const field of Object.keys(NUMBER_FIELDS) as (keyof typeof NUMBER_FIELDS)[]) {
    assert.notEqual(idOf(moveNumber(header.value, field, 1)), json.id);
    assert.equal(idOf(moveNumber(moveNumber(header.value, field, 1), field, -1)), json.id);
  }
  assert.notEqual(idOf(turnBit(header.value, 'stateRoot')), json.id);
  assert.equal(new Set([0, 1, 2, 3].map((dice) => idOf(damageHeader(header.value, dice)))).size, 4);
  assert.equal(ruleOf(readHeaderJson({ ...json, producer: 'dcal1nonsense' })), 'codec/address');
});

test('a changed block breaks all after it, and redoing the work mends them one by one', () => {
  const node = new PracticeNode(workSpec());
  const blocks = [node.chain.genesis, ...[1, 2, 3].map(() => node.mine(miner).block)];
  const judge = (headers: readonly Header[]) =>
    judgeHeaders(node, headers).map(
      ({ isLinked, verdict }) => `${isLinked ? 'linked' : 'loose'} ${ruleOf(verdict)}`,
    );
  let headers: readonly Header[] = blocks.map(({ header }) => header);
  assert.deepEqual(judge(headers), ['linked ok', 'linked ok', 'linked ok']);
  headers = delayHeader(headers, 1);
  assert.equal(judge(headers)[0], 'linked consensus/work-missing');
  assert.match(judge(headers)[1] ?? '', /^loose/);
  assert.deepEqual(
    judgeHeaders(node, headers).map(({ isGrounded }) => isGrounded),
    [true, false, false],
  );
  for (const index of [1, 2, 3]) headers = redoHeader(node, headers, index, miner).headers;
  assert.deepEqual(judge(headers), ['linked ok', 'linked ok', 'linked ok']);
  const forged = rejoin(headers, blocks).slice(1);
  assert.deepEqual(
    forged.map((block) => {
      const taken = node.take(block);
      return taken.ok ? taken.value.kind : taken.error.rule;
    }),
    ['side', 'side', 'side'],
  );
});

describe('coins', () => {
  const world = () => {
    const node = new PracticeNode(workSpec([5, 3, 2].map((calin) => ({ owner: you, calin }))));
    return { node, coins: coinsOf(node, you) };
  };
  const calin = (coins: ReturnType<typeof coinsOf>) => coins.map(({ amount }) => amount / HUGS_PER_CALIN);

  test('are spent whole, with change, and once', () => {
    const { node, coins } = world();
    assert.deepEqual(calin(coins), [5, 3, 2]);
    const payment = { from: you, coins: coins.slice(0, 1), to: shop.address };
    const paid = pay(node, { ...payment, calin: 4 });
    assert(paid.ok && node.send(paid.value).ok);
    node.mine(miner);
    assert.deepEqual(calin(coinsOf(node, shop)), [4]);
    assert.equal(coinsOf(node, you).length, 3);
    assert.equal(ruleOf(node.send(paid.value)), 'tx/coin-missing');
    const again = pay(node, { ...payment, to: you.address });
    assert(again.ok);
    assert.equal(ruleOf(node.judge(again.value)), 'tx/coin-missing');
  });

  test('cannot be made from nothing, nor more be paid than there is', () => {
    const { node, coins } = world();
    const invented = signOutputs(node, you, coins.slice(0, 1), [outputOf(you.address, 7)]);
    assert.equal(ruleOf(node.judge(invented)), 'tx/native-overspent');
    assert.equal(
      ruleOf(pay(node, { from: you, coins, to: shop.address, calin: 11 })),
      'wallet/insufficient-funds',
    );
  });

  test('can become one', () => {
    const { node, coins } = world();
    const gathered = pay(node, { from: you, coins, to: you.address });
    assert(gathered.ok && node.send(gathered.value).ok);
    node.mine(miner);
    const [left, ...others] = calin(coinsOf(node, you));
    assert.equal(others.length, 0);
    assert(left !== undefined && left > 9.99 && left < 10);
  });

  test('move only as their owner has signed', () => {
    const { node, coins } = world();
    const thief = practiceKey('thief');
    const payment = pay(node, { from: you, coins: coins.slice(0, 1), to: shop.address, calin: 4 });
    assert(payment.ok);
    const turned = withOutputs(node, payment.value, [outputOf(thief.address, 4)]);
    assert.equal(ruleOf(node.judge(turned)), 'tx/signature-invalid');
    const stolen = signOutputs(node, thief, coins.slice(0, 1), [outputOf(thief.address, 4)]);
    assert.equal(ruleOf(node.judge(stolen)), 'tx/witness-missing');
    assert.equal(ruleOf(node.judge(payment.value)), 'ok');
  });
});

test('authorities make blocks in their slots only', () => {
  const turns = new Turns();
  const seen = new Set<string>();
  for (let slot = 0; slot < 3; slot++) {
    const { owner } = turns;
    assert(owner !== undefined);
    seen.add(owner.name);
    for (const key of AUTHORITIES.filter((one) => one !== owner))
      assert.equal(ruleOf(turns.attempt(key)), 'consensus/wrong-producer');
    assert.equal(ruleOf(turns.attempt(owner)), 'ok');
    turns.wait();
  }
  assert.equal(seen.size, 3);
});

test('miners find blocks by the share of the hashes that are theirs', () => {
  const race = new Race(7);
  const wins = [0, 0];
  for (let i = 0; i < 40; i++) {
    const { miner: winner } = race.next(9);
    wins[winner] = (wins[winner] ?? 0) + 1;
  }
  assert.equal(race.node.chain.head.height, 40);
  assert((wins[0] ?? 0) > 25, `${wins}`);
});

test('three of four votes make a block final, and only two liars make two', () => {
  const ballot = new Ballot();
  assert.equal(ballot.quorum, 3);
  assert.equal(ballot.vote(0, 'red').kind, 'new');
  ballot.vote(1, 'red');
  assert.equal(ruleOf(ballot.certify('red')), 'consensus/certificate-weight');
  ballot.vote(2, 'red');
  assert.equal(ruleOf(ballot.certify('red')), 'ok');
  assert.equal(ballot.vote(0, 'blue').kind, 'contradiction');
  ballot.vote(3, 'blue');
  assert.equal(ruleOf(ballot.certify('blue')), 'consensus/certificate-weight');
  ballot.vote(1, 'blue');
  assert.equal(ruleOf(ballot.certify('blue')), 'ok');
  assert.deepEqual(ballot.liars, [0, 1]);
});

describe('two miners', () => {
  test('part, and the heavier branch wins', () => {
    const world = new TwoMiners();
    world.cut();
    for (const side of SIDES) world.mine(side);
    assert(!world.isAgreed);
    world.join();
    assert(!world.isAgreed, 'the first one seen stays');
    assert.deepEqual(
      layoutFork(world.tree()).map(({ column, lane }) => [column, lane]),
      [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    );
    world.mine('B');
    assert(world.isAgreed);
    assert.equal(world.reorganisations, 1);
  });

  test('give a payment back that was in the branch that lost', () => {
    const world = new TwoMiners();
    world.cut();
    assert(world.pay('A', 'goods', 'shop').ok);
    const [goods] = world.payments;
    assert(goods !== undefined);
    const states = () => SIDES.map((side) => world.stateOf(goods, side));
    assert.deepEqual(states(), ['waiting', 'unknown']);
    world.mine('A');
    assert.deepEqual(states(), ['in a block', 'unknown']);
    for (let i = 0; i < 2; i++) world.mine('B');
    world.join();
    assert.deepEqual(states(), ['waiting', 'waiting']);
    world.mine('B');
    assert.deepEqual(states(), ['in a block', 'in a block']);
  });

  test('let a coin be spent twice, of which one payment holds', () => {
    const world = new TwoMiners();
    world.cut();
    assert(world.pay('A', 'goods', 'shop').ok);
    world.mine('A');
    assert(world.pay('B', 'back', 'yourself').ok);
    for (let i = 0; i < 2; i++) world.mine('B');
    world.join();
    const [goods, back] = world.payments;
    assert(goods !== undefined && back !== undefined);
    assert.deepEqual([world.stateOf(goods, 'A'), world.stateOf(back, 'A')], ['impossible', 'in a block']);
    assert.equal(ruleOf(world.judge(goods, 'A')), 'tx/coin-missing');
  });
});
