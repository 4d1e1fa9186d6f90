import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { FAILURES_FREE, TRANSACTION_TIMEOUT_MS } from './limits.ts';
import { type LinkFault, RelayNet } from './relay.testing.ts';

const dice = () => seededRandom(7);
const SETTLE_MS = 2_000;

describe('a peer that does not give what it has announced', () => {
  it('loses points when it never gives, and not when it loses a few', () => {
    for (const [lost, isBlamed] of [
      [FAILURES_FREE, false],
      [Number.POSITIVE_INFINITY, true],
    ] as const) {
      const net = new RelayNet();
      net.join('a', 'b');
      const random = dice();
      let left = lost;
      net.fault = (from, _to, message) => {
        if (from !== 'b' || message.kind !== 'transactions' || left === 0) return undefined;
        left -= 1;
        return [];
      };
      for (let round = 0; round < 10; round++) {
        net.member('b').add(...net.transactions(random, 20));
        net.run(TRANSACTION_TIMEOUT_MS + SETTLE_MS);
      }
      const late = net.member('a').rulesOf('b');
      assert.equal(late.includes('p2p/transactions-late'), isBlamed, late.join());
      if (isBlamed) assert.ok(net.member('a').pointsOf('b') >= 100, late.join());
    }
  });

  it('loses points when it ends its link whenever it is asked, and not when it gives in between', () => {
    for (const isHonest of [false, true]) {
      const net = new RelayNet();
      const random = dice();
      const silent: LinkFault = (from, _to, message) =>
        from === 'b' && message.kind === 'transactions' ? [] : undefined;
      net.fault = silent;
      for (let round = 0; round < 12; round++) {
        net.join('b', 'a');
        if (isHonest) {
          net.fault = undefined;
          net.member('b').add(...net.transactions(random, 3));
          net.run(SETTLE_MS);
          net.fault = silent;
        }
        net.member('b').add(...net.transactions(random, 20));
        net.run(SETTLE_MS);
        net.part('a', 'b');
        // What it has is news again.
        net.member('b').pool.clear();
      }
      const { rules, points } = {
        rules: net.member('a').rulesOf('b'),
        points: net.member('a').pointsOf('b'),
      };
      assert.equal(points >= 100, !isHonest, rules.join());
      assert.deepEqual([...new Set(rules)], isHonest ? [] : ['p2p/transactions-late']);
      assert.equal(net.member('a').relay.counts['failing'], 1);
    }
  });

  it('loses none when its link is slow and all answers come late', () => {
    const net = new RelayNet();
    net.join('a', 'b');
    const random = dice();
    net.fault = (from, _to, message) =>
      from === 'b' && message.kind === 'transactions'
        ? [{ message, delayMs: 2 * TRANSACTION_TIMEOUT_MS }]
        : undefined;
    for (let round = 0; round < 60; round++) {
      net.member('b').add(...net.transactions(random, 5));
      net.run(2_000);
    }
    assert.deepEqual(net.member('a').rulesOf('b'), []);
  });

  it('fails once for all that it is asked while its link stands still', () => {
    const net = new RelayNet();
    net.join('a', 'b');
    const random = dice();
    net.fault = (from, _to, message) => (from === 'b' && message.kind === 'transactions' ? [] : undefined);
    for (let round = 0; round < 20; round++) {
      net.member('b').add(...net.transactions(random, 5));
      net.run(400);
    }
    assert.ok(net.log.filter(({ message }) => message.kind === 'tx-request').length > 10);
    net.run(TRANSACTION_TIMEOUT_MS + SETTLE_MS);
    assert.deepEqual(net.member('a').rulesOf('b'), []);
  });
});
