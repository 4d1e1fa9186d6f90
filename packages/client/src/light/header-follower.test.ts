import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import type { Result } from '@calin/core/base/result.ts';
import { encodeWorkSeal, readWorkSeal } from '@calin/core/consensus/pow/work.ts';
import { mockKey } from '@calin/core/consensus/voting/mock-signatures.testing.ts';
import { encodeHeader } from '@calin/core/primitives/header.ts';
import { HEADERS_BYTES_MAX } from '@calin/core/rpc/limits.ts';
import fc from 'fast-check';
import { catchUp } from './catch-up.testing.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { depthSpec, HeaderChain, WORK } from './header-chain.testing.ts';
import { MOCK } from './light-chain.testing.ts';
import { LightClient, type LightOptions } from './light-client.ts';

const KEYS = [1, 2, 3, 4, 5].map(mockKey);
const TURNS = { kind: 'poa', authorities: KEYS, slotMs: 1_000 } as const;
const DEPTH = 6;

const ruleOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.rule);
const work = (blocks = DEPTH) => new HeaderChain(depthSpec(WORK, blocks), KEYS.slice(0, 1));
const turns = (blocks = DEPTH) => new HeaderChain(depthSpec(TURNS, blocks), KEYS);

function clientOf({ spec }: HeaderChain, options: Partial<LightOptions> = {}): LightClient {
  const begun = LightClient.begin({ spec, ...options }, { verify: MOCK.verify });
  assert.ok(begun.ok, ruleOf(begun));
  return begun.value;
}

function assertAt(client: LightClient, chain: HeaderChain): void {
  assert.ok(
    client.head && equalBytes(client.head.id, chain.at(chain.height).id),
    `${client.head?.header.height}`,
  );
}

for (const [name, create] of Object.entries({ work, turns })) {
  describe(`a light client that follows headers by ${name}`, () => {
    test('comes to the head and says what is final', () => {
      const chain = create().grow(40);
      const client = clientOf(chain);
      catchUp(client, chain);
      assertAt(client, chain);
      assert.equal(client.final?.header.height, 40 - DEPTH);
      assert.equal(client.trustedUntilMs, undefined);
      catchUp(client, chain.grow(3));
      assertAt(client, chain);
    });

    test('begins at a checkpoint, and at what it saved', () => {
      const chain = create().grow(60);
      const checkpoint = { height: 30, id: chain.at(30).id, sets: [] };
      const client = clientOf(chain, { checkpoint });
      assert.equal(
        ruleOf(
          client.take({ kind: 'anchor', header: encodeHeader(chain.at(31).header), sets: [] }, chain.nowMs),
        ),
        'light/anchor',
      );
      catchUp(client, chain);
      assertAt(client, chain);
      const saved = parseCheckpoint(JSON.parse(JSON.stringify(client.save())), client.chainId);
      assert.ok(saved.ok && saved.value.height === 60 - DEPTH);
      const later = clientOf(chain, { checkpoint: saved.value });
      catchUp(later, chain.grow(5));
      assertAt(later, chain);
    });

    test('goes to the heavier of two branches, in whatever pieces it comes, and no further back than what is final', () => {
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const random = seededRandom(seed);
          const chain = create().grow(10 + random.below(20));
          const client = clientOf(chain);
          catchUp(client, chain);
          const back = 1 + random.below(2 * DEPTH);
          const rival = chain
            .fork(Math.max(0, chain.height - back))
            .grow(back + 1 + random.below(5), { mark: 1 });
          const before = client.head?.id;
          assert.ok(before);
          if (back <= DEPTH) {
            catchUp(client, rival);
            assertAt(client, rival);
          } else {
            assert.throws(() => catchUp(client, rival), /light\/reorg-too-deep/);
            assert.ok(client.head && equalBytes(client.head.id, before));
          }
        }),
        { numRuns: 40 },
      );
    });

    test('refuses a heavier branch from below what is final, wherever it is given from', () => {
      const chain = create().grow(30);
      const client = clientOf(chain);
      catchUp(client, chain);
      const rival = chain.fork(20).grow(20, { mark: 1 });
      for (const [from, rule] of [
        [19, 'light/reorg-too-deep'],
        [21, 'light/reorg-too-deep'],
        [25, 'light/reorg-too-deep'],
        [26, 'light/unconnected'],
      ] as const) {
        assert.equal(
          ruleOf(client.take({ kind: 'headers', headers: rival.headers(from) }, rival.nowMs)),
          rule,
        );
      }
      assertAt(client, chain);
    });

    test('stays on the heavier branch when a server is on a lighter one', () => {
      const chain = create().grow(20);
      const client = clientOf(chain);
      catchUp(client, chain);
      const lighter = chain.fork(17).grow(2, { mark: 1 });
      const update = { kind: 'headers', headers: lighter.headers(18) } as const;
      assert.ok(client.take(update, chain.nowMs).ok);
      assertAt(client, chain);
      // It goes there when more follows on it.
      catchUp(client, lighter.grow(3, { mark: 1 }));
      assertAt(client, lighter);
    });

    test('refuses headers that break a rule, and learns nothing from them', () => {
      const chain = create().grow(12);
      const client = clientOf(chain);
      catchUp(client, chain.fork(8));
      const { header } = chain.at(9);
      const seal = header.seal.slice();
      seal[seal.length - 1] = (seal.at(-1) ?? 0) ^ 1;
      const cases: [RegExp, Uint8Array][] = [
        [/^consensus\//, encodeHeader({ ...header, timeMs: chain.at(8).header.timeMs })],
        [
          /^consensus\//,
          encodeHeader({ ...header, stateRoot: new Uint8Array(32).fill(9), seal: seal.slice(1) }),
        ],
        [/^light\/unconnected$/, chain.headers(11)],
        [/^codec\//, chain.headers(9).slice(1)],
        [/^codec\//, new Uint8Array(0)],
        [/^light\/too-large$/, new Uint8Array(HEADERS_BYTES_MAX + 1)],
      ];
      for (const [rule, headers] of cases) {
        const result = client.take({ kind: 'headers', headers }, chain.nowMs);
        assert.match(ruleOf(result), rule);
        assertAt(client, chain.fork(8));
      }
      assert.equal(
        ruleOf(
          client.take({ kind: 'headers', headers: chain.headers(9) }, chain.at(9).header.timeMs - 15_001),
        ),
        'light/future',
      );
      assert.equal(
        ruleOf(
          client.take(
            { kind: 'final', header: encodeHeader(header), certificate: new Uint8Array(0), sets: [] },
            chain.nowMs,
          ),
        ),
        'light/unexpected',
      );
    });

    test('keeps a bounded number of headers', () => {
      const chain = create(2).grow(4_200);
      const client = clientOf(chain);
      for (let from = 1; from <= chain.height; from += 500) {
        assert.ok(client.take({ kind: 'headers', headers: chain.headers(from, from + 499) }, chain.nowMs).ok);
      }
      assertAt(client, chain);
      assert.equal(ruleOf(client.at(101)), 'light/not-followed');
      assert.ok(client.at(102).ok);
      assert.ok(client.take({ kind: 'ancestors', headers: chain.headers(90, 101) }, chain.nowMs).ok);
      assert.ok(client.at(90).ok);
    });
  });
}

describe('two branches that are equally heavy', () => {
  const heads = (create: () => HeaderChain) => {
    const chain = create().grow(10);
    // Blocks of the same times, so that the targets are the same too.
    const [one, other] = [1, 2].map((mark) => chain.fork(8).grow(2, { mark })) as [HeaderChain, HeaderChain];
    return [
      [one, other],
      [other, one],
    ].map((order) => {
      const client = clientOf(chain);
      catchUp(client, chain.fork(8));
      for (const branch of order) {
        assert.ok(client.take({ kind: 'headers', headers: branch.headers(9) }, chain.nowMs).ok);
      }
      return { first: order[0] as HeaderChain, client };
    });
  };

  test('of authorities end at the smaller id in whatever order they come', () => {
    const [a, b] = heads(turns);
    assert.ok(a?.client.head && b?.client.head && equalBytes(a.client.head.id, b.client.head.id));
  });

  test('of work stay at the one that was seen first', () => {
    for (const { first, client } of heads(work)) assertAt(client, first);
  });
});

describe('work', () => {
  test('counts as the hashes that it took, not as blocks', () => {
    // A branch of blocks at short intervals has the harder targets; one at long intervals has more blocks by then.
    const spec = depthSpec({ ...WORK, halfLifeMs: 4_000 }, 40);
    const chain = new HeaderChain(spec, KEYS.slice(0, 1)).grow(10);
    const quick = chain.fork(10).grow(12, { delayMs: 300, mark: 1 });
    const slow = chain.fork(10).grow(14, { delayMs: 3_000, mark: 2 });
    const client = clientOf(chain);
    catchUp(client, chain);
    assert.ok(client.take({ kind: 'headers', headers: slow.headers(11) }, slow.nowMs).ok);
    assertAt(client, slow);
    assert.ok(client.take({ kind: 'headers', headers: quick.headers(11) }, slow.nowMs).ok);
    assertAt(client, quick);
    assert.ok(quick.height < slow.height);
  });

  test('that is easier than the schedule says is refused', () => {
    const chain = work().grow(5);
    const client = clientOf(chain);
    const { header } = chain.at(1);
    const { nonce } = readWorkSeal(header.seal);
    const easy = encodeHeader({ ...header, seal: encodeWorkSeal({ bits: 0x2100_ffff, nonce }) });
    assert.equal(
      ruleOf(client.take({ kind: 'headers', headers: easy }, chain.nowMs)),
      'consensus/target-wrong',
    );
  });
});

describe('the tail of a chain of authorities', () => {
  const chain = turns().grow(400);

  test('stands for all headers before it', () => {
    const client = clientOf(chain);
    const { taken, requests } = catchUp(client, chain);
    assert.deepEqual(
      requests.map(({ kind }) => kind),
      ['tail'],
    );
    assert.equal(taken, 1);
    assertAt(client, chain);
    assert.equal(client.final?.header.height, 400 - DEPTH);
    assert.ok(client.bytes < 6_000, `${client.bytes} bytes`);
    catchUp(client, chain.fork(400).grow(4));
    assert.equal(client.head?.header.height, 404);
  });

  test('has enough blocks, of more than half of the authorities', () => {
    const client = clientOf(chain);
    const short = { kind: 'tail', headers: chain.headers(400 - DEPTH + 1) } as const;
    assert.equal(ruleOf(client.take(short, chain.nowMs)), 'light/tail-weak');
    // Two of five authorities alone, in their own slots.
    const few = new HeaderChain(chain.spec, KEYS.slice(0, 2), [chain.at(0)]).grow(30);
    assert.equal(
      ruleOf(client.take({ kind: 'tail', headers: few.headers(10) }, few.nowMs)),
      'light/tail-weak',
    );
    const three = new HeaderChain(chain.spec, KEYS.slice(0, 3), [chain.at(0)]).grow(30);
    assert.equal(ruleOf(client.take({ kind: 'tail', headers: three.headers(10) }, three.nowMs)), 'ok');
  });

  test('is above the head, in one piece, and not ahead of the clock', () => {
    const client = clientOf(chain);
    catchUp(client, chain.fork(100));
    const tail = (headers: Uint8Array, nowMs = chain.nowMs) =>
      ruleOf(client.take({ kind: 'tail', headers }, nowMs));
    assert.equal(tail(chain.headers(80, 99)), 'light/tail-weak');
    assert.equal(tail(chain.headers(380), chain.at(385).header.timeMs - 20_000), 'light/future');
    const gap = new Uint8Array([...chain.headers(380, 385), ...chain.headers(387)]);
    assert.equal(tail(gap), 'light/link');
    assert.equal(client.head?.header.height, 100);
  });

  test('ends before a header whose turn has not come by the clock', () => {
    const client = clientOf(chain);
    catchUp(client, chain.fork(100));
    const ahead = (height: number, ms: number) =>
      client.take({ kind: 'headers', headers: chain.headers(101, 110) }, chain.at(height).header.timeMs - ms);
    assert.deepEqual(ahead(101, 501), { ok: true, value: false });
    assert.equal(client.head?.header.height, 100);
    assert.deepEqual(ahead(105, 501), { ok: true, value: true });
    assert.equal(client.head?.header.height, 104);
    assert.deepEqual(ahead(105, 500), { ok: true, value: true });
    assert.equal(client.head?.header.height, 105);
  });

  test('says nothing where work decides', () => {
    const mined = work().grow(30);
    const client = clientOf(mined);
    assert.equal(
      ruleOf(client.take({ kind: 'tail', headers: mined.headers(10) }, mined.nowMs)),
      'light/unexpected',
    );
  });
});

describe('chains that headers alone do not show', () => {
  test('are refused by name', () => {
    const { spec } = turns();
    const empty = { ...TURNS, authorities: [] };
    const consensus = { ...spec.consensus, production: empty };
    const begun = LightClient.begin({ spec: { ...spec, consensus } }, { verify: MOCK.verify });
    assert.equal(ruleOf(begun), 'light/unsupported');
  });
});
