import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { admitInbound, type Candidate, chooseVictim } from './inbound.ts';
import { INBOUND_PER_HOST_MAX } from './limits.ts';
import { networkPlace } from './network-place.ts';
import { addressIn, publicGroup, START_MS } from './peers.testing.ts';

const KEY = { low: 1, high: 2 };

function candidate(n: number, options: Partial<Candidate> & { readonly group?: string } = {}): Candidate {
  const { group = publicGroup(n), ...rest } = options;
  const address = addressIn(group, n);
  return {
    id: `Node${n}`,
    address,
    direction: 'inbound',
    connectedMs: START_MS + n,
    place: networkPlace(address),
    transactionMs: 0,
    blockMs: 0,
    points: 0,
    latencyMs: 100,
    ...rest,
  };
}

/** Honest peers, each in a group of its own, that have done all that a peer can do. */
function honestPeers(count: number): Candidate[] {
  return Array.from({ length: count }, (_, n) =>
    candidate(n, { latencyMs: 10 + n, transactionMs: START_MS + n, blockMs: START_MS + n }),
  );
}

describe('who goes when a new peer comes', () => {
  test('nobody while there is room', () => {
    const limits = { inboundMax: 64, key: KEY };
    assert.deepEqual(admitInbound(candidate(99), honestPeers(63), limits), { ok: true, value: undefined });
    const admitted = admitInbound(candidate(99), honestPeers(64), limits);
    assert.ok(admitted.ok && admitted.value !== undefined);
  });

  test('the new one, when all are worth keeping', () => {
    const refused = admitInbound(candidate(99), honestPeers(8), { inboundMax: 8, key: KEY });
    assert.ok(!refused.ok && refused.error.rule === 'p2p/inbound-full');
  });

  test('the youngest of the largest network group', () => {
    const flood = Array.from({ length: 30 }, (_, n) => candidate(1000 + n, { group: '5.6', latencyMs: 100 }));
    assert.equal(chooseVictim([...honestPeers(34), ...flood], KEY), 'Node1029');
  });

  test('a peer that has erred before one that has not', () => {
    const flood = Array.from({ length: 30 }, (_, n) => candidate(1000 + n, { group: '5.6', latencyMs: 100 }));
    const erred = flood.map((peer) => (peer.id === 'Node1020' ? { ...peer, points: 5 } : peer));
    assert.equal(chooseVictim([...honestPeers(34), ...erred], KEY), 'Node1020');
  });

  test('never the nearest, the last to give transactions or blocks, or the oldest half of the rest', () => {
    const peers = Array.from({ length: 64 }, (_, n) => candidate(n));
    peers[60] = candidate(60, { latencyMs: 1 });
    peers[61] = candidate(61, { transactionMs: START_MS });
    peers[62] = candidate(62, { blockMs: START_MS });
    const kept = new Set(['Node60', 'Node61', 'Node62']);
    const gone: string[] = [];
    let left = peers;
    for (let n = 0; n < 20; n++) {
      const victim = chooseVictim(left, KEY);
      if (victim === undefined) break;
      gone.push(victim);
      left = left.filter(({ id }) => id !== victim);
    }
    assert.equal(gone.length, 20);
    assert.ok(
      gone.every((id) => !kept.has(id) && Number(id.slice(4)) >= 20),
      gone.join(' '),
    );
  });

  test('one machine has a few connections, of a private network as many as there are', () => {
    const limits = { inboundMax: 64, key: KEY };
    const from = (address: string) => ({ address, place: networkPlace(address) });
    const same = (n: number) => candidate(n, from(`/ip4/5.6.7.8/tcp/${n}/p2p/Node${n}`));
    const near = (n: number) => candidate(n, from(`/ip4/127.0.0.1/tcp/${n}/p2p/Node${n}`));
    const several = Array.from({ length: INBOUND_PER_HOST_MAX }, (_, n) => same(n));
    const refused = admitInbound(same(99), several, limits);
    assert.ok(!refused.ok && refused.error.rule === 'p2p/too-many-from-host');
    assert.ok(admitInbound(same(99), several.slice(1), limits).ok);
    assert.ok(admitInbound(candidate(99, { group: '5.6' }), several, limits).ok, 'a neighbour may come');
    assert.ok(
      admitInbound(
        near(99),
        Array.from({ length: 30 }, (_, n) => near(n)),
        limits,
      ).ok,
    );
  });
});

/** Who connects again and again from a few groups throws out his own, whatever else he does well. */
test('a flood of connections does not drive the honest peers out', () => {
  let peers: Candidate[] = honestPeers(48);
  for (let n = 0; n < 2000; n++) {
    const comer = candidate(10_000 + n, { group: `20${n % 3}.9`, latencyMs: 5, transactionMs: START_MS + n });
    const admitted = admitInbound(comer, peers, { inboundMax: 64, key: KEY });
    if (!admitted.ok) continue;
    peers = [...peers.filter(({ id }) => id !== admitted.value), comer];
    assert.ok(peers.length <= 64);
  }
  const honest = peers.filter(({ id }) => Number(id.slice(4)) < 10_000).length;
  assert.ok(honest >= 40, `${honest} of 48 are left`);
});

test('whoever is there, a victim is one of them and outside what is protected by age', () => {
  const peer = fc.record({
    n: fc.integer({ min: 0, max: 500 }),
    group: fc.integer({ min: 0, max: 5 }),
    connectedMs: fc.integer({ min: 0, max: 1000 }),
    latencyMs: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
    transactionMs: fc.integer({ min: 0, max: 100 }),
    blockMs: fc.integer({ min: 0, max: 100 }),
    points: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(peer, { maxLength: 80, selector: ({ n }) => n, size: 'max' }), (list) => {
      const peers = list.map(({ n, group, ...rest }) => candidate(n, { group: publicGroup(group), ...rest }));
      const victim = chooseVictim(peers, KEY);
      if (peers.length <= 20) return assert.equal(victim, undefined);
      if (peers.length >= 22) assert.ok(peers.some(({ id }) => id === victim));
      const nearest = peers.toSorted((a, b) => (a.latencyMs ?? 1e9) - (b.latencyMs ?? 1e9))[0];
      if (peers.filter(({ latencyMs }) => latencyMs === nearest?.latencyMs).length === 1)
        assert.notEqual(victim, nearest?.id);
    }),
  );
});
