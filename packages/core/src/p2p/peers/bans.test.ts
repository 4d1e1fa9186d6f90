import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeBans, ORDERED, parseBans } from './ban-records.ts';
import { Bans, parseBanTarget } from './bans.ts';
import { BAN_MS, BAN_PAGES, BANS_PER_PAGE, ORDERED_BANS_MAX } from './limits.ts';
import { networkPlace } from './network-place.ts';
import { addressIn, PeersHost, publicGroup, START_MS } from './peers.testing.ts';

const BANS_MAX = BAN_PAGES * BANS_PER_PAGE;
const REASON = 'p2p/frame-too-large';

function offence(peer: string, address: string | undefined, untilMs = START_MS + BAN_MS) {
  return { peer, place: address === undefined ? undefined : networkPlace(address), untilMs, reason: REASON };
}

describe('bans', () => {
  test('hold for the peer and for its machine, until they end', () => {
    const bans = new Bans(new PeersHost());
    bans.punish(offence('Bad', '/ip4/5.6.7.8/tcp/1/p2p/Bad'), START_MS);
    const find = (peer: string, address: string, nowMs = START_MS) =>
      bans.find(peer, networkPlace(address), nowMs)?.target;
    assert.equal(find('Bad', '/ip4/9.9.9.9/tcp/1/p2p/Bad'), 'Bad');
    assert.equal(find('Other', '/ip4/5.6.7.8/tcp/9/p2p/Other'), '5.6.7.8/32');
    assert.equal(find('Other', '/ip4/5.6.7.9/tcp/1/p2p/Other'), undefined, 'neighbours are not meant');
    assert.equal(find('Bad', '/ip4/5.6.7.8/tcp/1/p2p/Bad', START_MS + BAN_MS), undefined);
    assert.deepEqual(bans.list(START_MS + BAN_MS), []);
  });

  test('name no machine in a private network or behind a relay', () => {
    const bans = new Bans(new PeersHost());
    bans.punish(offence('A', '/ip4/192.168.1.5/tcp/1/p2p/A'), START_MS);
    bans.punish(offence('B', '/ip4/5.6.7.8/tcp/1/p2p/R/p2p-circuit/p2p/B'), START_MS);
    bans.punish(offence('C', undefined), START_MS);
    assert.deepEqual(
      bans.list(START_MS).map(({ target }) => target),
      ['A', 'B', 'C'],
    );
  });

  test('of a network hold for all in it', () => {
    const bans = new Bans(new PeersHost());
    assert.ok(bans.order('5.6.0.0/16', START_MS + 1000, START_MS).ok);
    assert.ok(bans.order('2a01:4f8::/32', START_MS + 1000, START_MS).ok);
    assert.equal(bans.find('A', networkPlace('/ip4/5.6.99.1/tcp/1/p2p/A'), START_MS)?.target, '5.6.0.0/16');
    assert.equal(
      bans.find('A', networkPlace('/ip6/2a01:4f8:1::2/tcp/1/p2p/A'), START_MS)?.target,
      '2a01:4f8::/32',
    );
    assert.equal(bans.find('A', networkPlace('/ip4/5.7.0.1/tcp/1/p2p/A'), START_MS), undefined);
  });

  test('may name a private network, which only the owner does', () => {
    const bans = new Bans(new PeersHost());
    assert.ok(bans.order('192.168.0.0/16', START_MS + 1000, START_MS).ok);
    const find = (address: string) => bans.find('A', networkPlace(address), START_MS)?.target;
    assert.equal(find('/ip4/192.168.1.5/tcp/1/p2p/A'), '192.168.0.0/16');
    assert.equal(find('/ip4/10.0.0.1/tcp/1/p2p/A'), undefined);
    assert.equal(find('/ip4/192.168.1.5/tcp/1/p2p/R/p2p-circuit/p2p/A'), undefined, 'that is the relay');
  });

  test('of a machine are found before its peer has a name, those of a peer are not', () => {
    const bans = new Bans(new PeersHost());
    bans.punish(offence('Bad', '/ip4/5.6.7.8/tcp/1/p2p/Bad'), START_MS);
    bans.punish(offence('Worse', '/ip4/192.168.1.5/tcp/1'), START_MS);
    const find = (address: string, nowMs = START_MS) =>
      bans.find(undefined, networkPlace(address), nowMs)?.target;
    assert.equal(find('/ip4/5.6.7.8/tcp/2'), '5.6.7.8/32');
    assert.equal(find('/ip4/5.6.7.8/tcp/2', START_MS + BAN_MS), undefined);
    assert.equal(find('/ip4/192.168.1.5/tcp/1'), undefined);
  });

  test('survive a restart, and so does lifting one', () => {
    const { records } = new PeersHost();
    const before = new Bans(new PeersHost({ records }));
    before.punish(offence('Bad', '/ip4/5.6.7.8/tcp/1/p2p/Bad'), START_MS);
    assert.ok(before.order('Worse', START_MS + 5000, START_MS).ok);
    assert.equal(before.lift('5.6.7.8/32'), true);
    assert.equal(before.lift('5.6.7.8/32'), false);
    const after = new Bans(new PeersHost({ records }));
    assert.deepEqual(after.list(START_MS), before.list(START_MS));
    assert.deepEqual(
      after.list(START_MS).map(({ target, reason }) => [target, reason]),
      [
        ['Bad', REASON],
        ['Worse', ORDERED],
      ],
    );
  });

  test('that were ordered stand, whatever the peer does', () => {
    const bans = new Bans(new PeersHost());
    assert.ok(bans.order('Bad', START_MS + 30 * BAN_MS, START_MS).ok);
    bans.punish(offence('Bad', undefined), START_MS);
    assert.deepEqual(bans.list(START_MS), [
      { target: 'Bad', untilMs: START_MS + 30 * BAN_MS, reason: ORDERED },
    ]);
    assert.ok(bans.order('Bad', START_MS + 1000, START_MS).ok, 'the owner may change it');
    assert.equal(bans.find('Bad', { ip: undefined }, START_MS + 1000), undefined);
  });

  test('do not grow in memory or on disk; the one that ends first makes room, orders never', () => {
    const host = new PeersHost();
    const bans = new Bans(host);
    for (let n = 0; n < ORDERED_BANS_MAX; n++)
      assert.ok(bans.order(`Order${n}`, START_MS + BAN_MS, START_MS).ok);
    const refused = bans.order('OneMore', START_MS + BAN_MS, START_MS);
    assert.ok(!refused.ok && refused.error.rule === 'p2p/too-many-bans');
    for (let n = 0; n < BANS_MAX; n++) {
      bans.punish(offence(`Peer${n}`, addressIn(publicGroup(n), n), START_MS + BAN_MS + n), START_MS);
      assert.ok(bans.size <= BANS_MAX);
    }
    assert.equal(bans.list(START_MS).filter(({ reason }) => reason === ORDERED).length, ORDERED_BANS_MAX);
    assert.equal(bans.find('Peer0', { ip: undefined }, START_MS), undefined);
    assert.ok(bans.find(`Peer${BANS_MAX - 1}`, { ip: undefined }, START_MS) !== undefined);
    assert.ok(
      host.records.size <= BAN_PAGES + 1 && host.recordBytes < BANS_MAX * 150,
      `${host.recordBytes} bytes`,
    );
    assert.equal(new Bans(new PeersHost({ records: host.records })).size, bans.size);
    assert.ok(
      bans.order('Later', START_MS + 3 * BAN_MS, START_MS + 2 * BAN_MS).ok,
      'what has ended is forgotten',
    );
    assert.equal(bans.size, 1);
    assert.equal(host.records.size, 2);
  });

  test('whose record is damaged are left out, and the others are there', () => {
    const host = new PeersHost();
    const bans = new Bans(host);
    for (let n = 0; n <= BANS_PER_PAGE; n++) bans.punish(offence(`Peer${n}`, undefined), START_MS);
    host.records.get('bans/0')?.fill(0xff, 0, 2);
    const again = new PeersHost({ records: host.records });
    assert.equal(new Bans(again).size, 1);
    assert.equal(again.warnings.length, 1);
    host.records.get('bans')?.fill(0xff);
    const none = new PeersHost({ records: host.records });
    assert.equal(new Bans(none).size, 0);
    assert.equal(none.warnings.length, 1);
  });

  test('any order of bans, lifts and restarts ends as a plain map would', () => {
    const step = fc.record({
      kind: fc.constantFrom('order', 'lift', 'restart'),
      peer: fc.integer({ min: 0, max: 9 }).map((n) => `Peer${n}`),
      lengthMs: fc.integer({ min: 1, max: 5000 }),
      passedMs: fc.integer({ min: 0, max: 2000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const { records } = new PeersHost();
        const model = new Map<string, number>();
        let bans = new Bans(new PeersHost({ records }));
        let nowMs = START_MS;
        for (const { kind, peer, lengthMs, passedMs } of steps) {
          nowMs += passedMs;
          if (kind === 'order') {
            assert.ok(bans.order(peer, nowMs + lengthMs, nowMs).ok);
            model.set(peer, nowMs + lengthMs);
          } else if (kind === 'lift') {
            bans.lift(peer);
            model.delete(peer);
          } else bans = new Bans(new PeersHost({ records }));
          const expected = [...model].filter(([, untilMs]) => untilMs > nowMs).map(([name]) => name);
          assert.deepEqual(
            bans.list(nowMs).map(({ target }) => target),
            expected.toSorted((a, b) => (a < b ? -1 : 1)),
          );
        }
      }),
    );
  });
});

test('a page of bans is read back from its bytes', () => {
  const text = fc.stringMatching(/^[!-~]{1,64}$/);
  const ban = fc.record({ target: text, reason: text, untilMs: fc.maxSafeNat() }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(ban, { maxLength: BANS_PER_PAGE }), (bans) => {
      assert.deepEqual(parseBans(encodeBans(bans)), { ok: true, value: bans });
    }),
  );
});

test('the target of a ban is a peer or a network, in one form', () => {
  const parse = (text: string) => {
    const parsed = parseBanTarget(text);
    return parsed.ok ? parsed.value : parsed.error.rule;
  };
  assert.equal(parse('12D3KooWA'), '12D3KooWA');
  assert.equal(parse('n17'), 'n17');
  assert.equal(parse('5.6.7.8'), '5.6.7.8/32');
  assert.equal(parse('5.6.7.8/8'), '5.0.0.0/8');
  for (const text of ['', '5.6.7', '5.6.7.8/40', '1.2.3.999', 'a b', '/ip4/5.6.7.8', 'x'.repeat(65)]) {
    assert.equal(parse(text), 'p2p/ban-target', text);
  }
});
