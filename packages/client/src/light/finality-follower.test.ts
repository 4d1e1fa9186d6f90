import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import type { Result } from '@calin/core/base/result.ts';
import { mockKey } from '@calin/core/consensus/voting/mock-signatures.testing.ts';
import { encodeHeader } from '@calin/core/primitives/header.ts';
import type { FinalitySpec } from '@calin/core/spec/chain-spec.ts';
import fc from 'fast-check';
import { catchUp } from './catch-up.testing.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { LightChain, MOCK, mockMembers, VOTES_EACH, votes, votingSpec } from './light-chain.testing.ts';
import { LightClient, type LightOptions } from './light-client.ts';

const EPOCH_BLOCKS = 8;
const EVER = Number.POSITIVE_INFINITY;

const ruleOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.rule);

/** Four validators of equal weight, of whom one leaves and one comes with each epoch. */
function chainOf(finality: FinalitySpec, first = 0): LightChain {
  const keys = mockMembers(0, [1, 1, 1, 1]).map(({ publicKey }) => publicKey);
  const spec = votingSpec(finality, keys, EPOCH_BLOCKS);
  return new LightChain({
    spec,
    membersOf: (epoch) => mockMembers(first + epoch, [1, 1, 1, 1]),
    sign: MOCK.sign,
  });
}

function clientOf(chain: LightChain, options: Partial<LightOptions> = {}): LightClient {
  const begun = LightClient.begin(
    { spec: chain.options.spec, trustMs: EVER, ...options },
    { verify: MOCK.verify },
  );
  assert.ok(begun.ok, ruleOf(begun));
  return begun.value;
}

const KINDS = { 'votes on each block': VOTES_EACH, 'votes on checkpoints': votes(2) } as const;

for (const [name, finality] of Object.entries(KINDS)) {
  describe(`a light client of a chain with ${name}`, () => {
    const chain = chainOf(finality).grow(100);

    test('comes from genesis to the last final block over thirteen changes of the set', () => {
      const client = clientOf(chain);
      const { taken } = catchUp(client, chain);
      assert.equal(client.final?.header.height, chain.finalHeight);
      assert.ok(equalBytes(client.final.id, chain.block(chain.finalHeight).id));
      assert.equal(client.next(chain.tip()), undefined);
      // One step for each epoch, or for two of them, and the last one.
      assert.ok(taken <= (finality.kind === 'votes' ? 14 : 8), `${taken} updates`);
    });

    test('goes on as the chain grows, one set for each epoch', () => {
      const growing = chainOf(finality).grow(10);
      const client = clientOf(growing);
      let sets = 0;
      for (let blocks = 0; blocks < 60; blocks += 3) {
        const { requests } = catchUp(client, growing.grow(3));
        for (const request of requests) if (request.kind === 'final') sets += request.sets.length;
        assert.equal(client.final?.header.height, growing.finalHeight);
      }
      assert.ok(sets <= 9, `${sets} sets for 8 epochs`);
    });

    test('begins at a checkpoint, with or without its header and sets', () => {
      const { id, header } = chain.block(48);
      const bare = { height: 48, id, sets: [] };
      for (const checkpoint of [bare, { ...bare, header: { id, header } }]) {
        const client = clientOf(chain, { checkpoint });
        assert.equal(client.save(), undefined);
        assert.equal(ruleOf(client.take(chain.final(50), chain.nowMs)), 'light/waiting');
        const anchor = chain.answer({ kind: 'anchor', height: 48, sets: [6] });
        assert.equal(ruleOf(client.take(anchor, chain.nowMs)), 'light/waiting', 'that of epoch 7 is missing');
        catchUp(client, chain);
        assert.equal(client.final?.header.height, chain.finalHeight);
      }
    });

    test('is saved as JSON and goes on from there', () => {
      const grown = chainOf(finality).grow(60);
      const client = clientOf(grown);
      catchUp(client, grown);
      const json: unknown = JSON.parse(JSON.stringify(client.save()));
      const checkpoint = parseCheckpoint(json, grown.chainId);
      assert.ok(checkpoint.ok, ruleOf(checkpoint));
      assert.ok(JSON.stringify(json).length < 2_500, `${JSON.stringify(json).length} characters`);
      const later = clientOf(grown, { checkpoint: checkpoint.value });
      assert.equal(later.final?.header.height, client.final?.header.height);
      catchUp(later, grown.grow(40));
      assert.equal(later.final?.header.height, grown.finalHeight);
    });

    test('refuses the header of another block, and a header that was changed', () => {
      const client = clientOf(chain);
      const update = chain.final(8);
      const { header } = chain.block(8);
      const forged = { ...update, header: encodeHeader({ ...header, stateRoot: new Uint8Array(32) }) };
      assert.equal(ruleOf(client.take(forged, chain.nowMs)), 'light/header-mismatch');
      const other = { ...update, header: encodeHeader(chain.block(10).header) };
      assert.equal(ruleOf(client.take(other, chain.nowMs)), 'light/header-mismatch');
      assert.equal(client.final?.header.height, 0);
    });

    test('refuses a certificate without a quorum, and one with a signature of somebody else', () => {
      const client = clientOf(chain);
      assert.equal(
        ruleOf(client.take(chain.final(8, [], [0, 1]), chain.nowMs)),
        'consensus/certificate-weight',
      );
      const strange = chain.fork(chain.height, {
        sign: (key, message) => MOCK.sign(mockKey(99), message.slice(0, key.length)),
      });
      assert.equal(ruleOf(client.take(strange.final(8), chain.nowMs)), 'consensus/vote-signature');
    });

    test('refuses a certificate of a set that it does not know yet', () => {
      const client = clientOf(chain);
      assert.equal(ruleOf(client.take(chain.final(40), chain.nowMs)), 'light/set-unknown');
    });

    test('refuses sets that the state does not hold', () => {
      const update = chain.final(16, [3]);
      const [proof] = update.sets;
      assert.ok(proof);
      const wrong = chainOf(finality, 40).grow(20).proveSet(3, 16);
      const cases: [string, typeof update.sets][] = [
        ['light/value-mismatch', [{ ...proof, set: wrong.set }]],
        ['state/proof-root', [wrong]],
        ['state/proof-root', [{ ...proof, epoch: 2 }]],
        ['light/set-proof', [{ ...proof, epoch: -1 }]],
        ['light/too-large', [proof, proof, proof]],
        ['light/too-large', [{ ...proof, set: new Uint8Array(100_000) }]],
        ['light/too-large', [{ ...proof, proof: new Uint8Array(100_000) }]],
      ];
      for (const [rule, sets] of cases) {
        const client = clientOf(chain);
        catchUp(client, chain.fork(14));
        const before = client.save();
        assert.equal(ruleOf(client.take({ ...update, sets }, chain.nowMs)), rule);
        assert.deepEqual(client.save(), before, 'nothing has changed');
      }
    });

    test('refuses a header that is ahead of the clock', () => {
      const client = clientOf(chain);
      const { timeMs } = chain.block(8).header;
      assert.equal(ruleOf(client.take(chain.final(8), timeMs - 15_001)), 'light/future');
      assert.equal(ruleOf(client.take(chain.final(8), timeMs - 15_000)), 'ok');
    });

    test('names two certificates for one height, with the evidence and the guilty', () => {
      const client = clientOf(chain);
      catchUp(client, chain.fork(41));
      const height = client.final?.header.height ?? 0;
      const rival = chain.fork(height - 1).grow(10, 1);
      const refused = client.take(rival.final(height, [], [1, 2, 3]), chain.nowMs);
      assert.equal(ruleOf(refused), 'light/conflicting-final');
      const { conflict } = client;
      assert.ok(conflict);
      // Members 0 to 2 signed the one, 1 to 3 the other.
      const set = chain.set(
        finality.kind === 'votes' ? Math.floor((height + 1) / 8) : Math.floor((height - 1) / 8),
      );
      assert.deepEqual(
        conflict.guilty.map(toHex),
        [1, 2].map((i) => toHex(set.members[i]?.publicKey ?? new Uint8Array())),
      );
      assert.equal(conflict.evidence.length, 2);
      assert.deepEqual(conflict.certificates[1], rival.certificate(height, [1, 2, 3]));
      // It trusts nothing more, from neither side.
      assert.equal(ruleOf(client.take(chain.final(height), chain.nowMs)), 'light/conflicting-final');
    });

    test('finds two branches by a set, where no height is on both', () => {
      const client = clientOf(chain);
      catchUp(client, chain.fork(47));
      // Another one decided the set of epoch 6, which is known here, at the end of epoch 4.
      const other = (epoch: number) => mockMembers(60 + epoch, [1, 1, 1, 1]);
      const rival = chain.fork(38, { membersOf: other }).grow(20, 1);
      const height = finality.kind === 'votes' ? 46 : 45;
      assert.equal(ruleOf(client.take(rival.final(height, [6]), chain.nowMs)), 'light/conflicting-final');
      assert.deepEqual(client.conflict?.blocks[1].id, rival.block(height).id);
      const { id, header } = chain.block(44);
      const checkpoint = { height: 44, id, header: { id, header }, sets: [chain.set(5), chain.set(6)] };
      const alone = clientOf(chain, { checkpoint });
      assert.equal(ruleOf(alone.take(rival.final(height, [6]), chain.nowMs)), 'light/conflicting-final');
      assert.equal(alone.conflict?.certificates[0], undefined, 'a checkpoint needs none');
    });

    test('takes what is below the last final block too, and finds a contradiction there', () => {
      const client = clientOf(chain);
      catchUp(client, chain.fork(95));
      const height = (client.final?.header.height ?? 0) - 4;
      assert.deepEqual(client.take(chain.final(height), chain.nowMs), { ok: true, value: true });
      assert.deepEqual(client.take(chain.final(height), chain.nowMs), { ok: true, value: false });
      assert.ok(client.at(height).ok);
      assert.ok((client.final?.header.height ?? 0) > height, 'what is final stays');
      const rival = chain.fork(height - 1).grow(20, 1);
      assert.equal(ruleOf(client.take(rival.final(height), chain.nowMs)), 'light/conflicting-final');
    });

    test('follows headers back from a final one', () => {
      const client = clientOf(chain);
      catchUp(client, chain);
      const top = chain.finalHeight;
      assert.equal(ruleOf(client.at(top - 5)), 'light/not-followed');
      const headers = chain.headers(top - 6, top - 1);
      assert.ok(client.take({ kind: 'ancestors', headers }, chain.nowMs).ok);
      assert.ok(client.take({ kind: 'ancestors', headers: chain.headers(top - 9, top - 7) }, chain.nowMs).ok);
      const found = client.at(top - 8);
      assert.ok(found.ok && equalBytes(found.value.id, chain.block(top - 8).id));
      const forged = chain.fork(top - 20).grow(30, 1);
      const rules = [
        [chain.headers(top - 30, top - 20), 'light/not-followed'],
        [forged.headers(top - 4, top - 1), 'light/link'],
        [new Uint8Array(0), 'codec/truncated'],
      ] as const;
      for (const [bytes, rule] of rules) {
        assert.equal(ruleOf(client.take({ kind: 'ancestors', headers: bytes }, chain.nowMs)), rule);
      }
    });

    test('comes to the end of any chain, whatever the sets, epochs and interval are', () => {
      fc.assert(
        fc.property(
          fc.nat(),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 20, max: 90 }),
          (seed, size, height) => {
            const random = seededRandom(seed);
            const interval = finality.kind === 'votes' ? size : 1;
            const chosen = finality.kind === 'votes' ? votes(interval) : finality;
            const epochBlocks = 2 * interval + random.below(7);
            const draw = () =>
              mockMembers(
                random.below(40),
                Array.from({ length: 1 + random.below(6) }, () => 1 + random.below(50)),
              );
            const sets = Array.from({ length: 64 }, draw);
            const keys = draw().map(({ publicKey }) => publicKey);
            const spec = votingSpec(chosen, keys, epochBlocks);
            const drawn = new LightChain({ spec, membersOf: (epoch) => sets[epoch] ?? [], sign: MOCK.sign });
            const client = clientOf(drawn);
            while (drawn.height < height) {
              catchUp(client, drawn.grow(1 + random.below(30)));
              assert.equal(client.final?.header.height, drawn.finalHeight);
            }
          },
        ),
        { numRuns: 60 },
      );
    });
  });
}

describe('trust', () => {
  const chain = chainOf(VOTES_EACH).grow(100);

  test('expires when the last final block is older than the trust period', () => {
    const client = clientOf(chain, { trustMs: 50_000 });
    const early = chain.fork(40);
    catchUp(client, early);
    assert.equal(client.trustedUntilMs, early.nowMs + 50_000);
    assert.equal(ruleOf(client.take(chain.final(41), early.nowMs + 50_001)), 'light/trust-expired');
    assert.equal(ruleOf(client.take(chain.final(41), early.nowMs + 50_000)), 'ok');
  });

  test('is not given to a certificate that is older than the trust period', () => {
    const client = clientOf(chain, { trustMs: 20_000 });
    for (const height of [10, 20, 30, 40]) catchUp(client, chain.fork(height));
    const { nowMs } = chain.fork(40);
    assert.equal(ruleOf(client.take(chain.final(25), nowMs)), 'ok');
    assert.equal(ruleOf(client.take(chain.final(15), nowMs)), 'light/trust-expired');
  });

  test('lasts two thirds of the time that stake rests when nothing else is said', () => {
    const begun = LightClient.begin({ spec: chain.options.spec }, { verify: MOCK.verify });
    assert.ok(begun.ok);
    // Offences of authorities can be shown for 14 epochs, here of 8 blocks a second apart.
    const { genesisTimeMs } = chain.options.spec;
    assert.equal(begun.value.trustedUntilMs, genesisTimeMs + Math.floor((2 * 14 * 8 * 1000) / 3));
  });
});

describe('what is followed by votes', () => {
  test('has two checkpoints in an epoch at least', () => {
    const spec = votingSpec(votes(5), [mockKey(1)], 9);
    const refused = LightClient.begin({ spec }, { verify: MOCK.verify });
    assert.equal(ruleOf(refused), 'light/unsupported');
  });

  test('is signed by validators who sign no two links to one height', () => {
    const chain = chainOf(votes(2)).grow(40);
    const client = clientOf(chain);
    catchUp(client, chain.fork(18));
    const { final } = client;
    assert.equal(final?.header.height, 16);
    // Both make block 16 final, and each another block 18 justified.
    const rival = chain.fork(16).grow(4, 1);
    assert.equal(ruleOf(client.take(rival.final(16, [], [0, 1, 2]), chain.nowMs)), 'light/conflicting-final');
    assert.equal(client.conflict?.guilty.length, 3);
  });

  test('has the blocks of neighbouring heights follow each other', () => {
    const chain = chainOf(VOTES_EACH).grow(40);
    const rival = chain.fork(19).grow(10, 1);
    for (const [own, other] of [
      [20, 21],
      [21, 20],
    ] as const) {
      const client = clientOf(chain);
      catchUp(client, chain.fork(own));
      assert.equal(client.final?.header.height, own);
      assert.equal(ruleOf(client.take(rival.final(other), chain.nowMs)), 'light/conflicting-final');
    }
  });

  test('takes neither headers alone, nor prevotes, nor a link that skips a checkpoint', () => {
    const chain = chainOf(votes(2)).grow(40);
    const client = clientOf(chain);
    assert.equal(
      ruleOf(client.take({ kind: 'headers', headers: chain.headers(1, 4) }, chain.nowMs)),
      'light/unexpected',
    );
    const skipping = { ...chain.options.spec.consensus, finality: votes(4) };
    const far = chain.fork(40, { spec: { ...chain.options.spec, consensus: skipping } });
    assert.equal(ruleOf(client.take(far.final(4), chain.nowMs)), 'light/not-final');
    const each = chainOf(VOTES_EACH).grow(10);
    assert.equal(ruleOf(client.take(each.final(4), chain.nowMs)), 'codec/unknown-tag');
    const update = each.final(4);
    // The first byte says that they are prevotes.
    const prevotes = { ...update, certificate: Uint8Array.of(0x12, ...update.certificate.slice(1)) };
    assert.equal(ruleOf(clientOf(each).take(prevotes, each.nowMs)), 'light/not-final');
  });
});
