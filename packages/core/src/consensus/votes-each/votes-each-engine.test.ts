import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { Reader } from '../../codec/reader.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import { publicKeyOf, sign, verifySignature } from '../../crypto/signature.ts';
import { sortValidators, type ValidatorSet } from '../../primitives/validator-set.ts';
import { CHAIN_ID, GENESIS } from '../voting/cluster.testing.ts';
import { mockKey, mockSet, mockSign, mockVerify } from '../voting/mock-signatures.testing.ts';
import type { BlockRef, VotingDependencies, VotingEffect, VotingEvent } from '../voting/voting-engine.ts';
import { encodeCertificate } from './certificate.ts';
import { CERTIFICATES_KEPT, VERDICTS_MAX } from './limits.ts';
import { createProposerSchedule } from './proposer-schedule.ts';
import { encodeSignedVote, readSignedVote, type SignedVote, type Vote } from './vote.ts';
import { VoteTally } from './vote-tally.ts';
import { blockId, voteOf } from './votes.testing.ts';
import { VotesEachEngine } from './votes-each-engine.ts';

const TIMEOUTS = { proposeMs: 1_000, voteMs: 500, growthMs: 100, blockMs: 0, resendMs: 5_000 };
const BLOCK: BlockRef = { id: blockId(1), height: 1, parent: GENESIS.id };
const OTHER: BlockRef = { id: blockId(2), height: 1, parent: GENESIS.id };
const set = mockSet(0, [1, 1, 1, 1]);

/** An engine of one member, with what it asks for answered at once. */
class Node {
  readonly engine: VotesEachEngine;
  readonly member: number;
  nowMs = 0;
  record: Uint8Array | undefined;
  readonly sent: Uint8Array[] = [];
  readonly done: VotingEffect[] = [];

  constructor(member: number, overrides: Partial<VotingDependencies> = {}) {
    this.member = member;
    this.engine = new VotesEachEngine(TIMEOUTS, {
      chainId: CHAIN_ID,
      epochBlocks: 1_000,
      publicKey: mockKey(member),
      validators: { at: (epoch) => (epoch === 0 ? set : undefined) },
      blocks: { ancestor: () => GENESIS.id },
      verify: mockVerify,
      ...overrides,
    });
  }

  start(record?: Uint8Array): this {
    return this.tell({ kind: 'start', final: GENESIS, certificate: undefined, record });
  }

  tell(event: VotingEvent): this {
    for (const effect of this.engine.step(event, this.nowMs)) {
      this.done.push(effect);
      if (effect.kind === 'save') this.record = effect.record;
      if (effect.kind === 'broadcast' && effect.from === undefined) this.sent.push(effect.bytes);
      if (effect.kind === 'sign') {
        const signature = mockSign(mockKey(this.member), effect.message);
        this.tell({ kind: 'signed', job: effect.job, signature });
      }
    }
    return this;
  }

  hear(...votes: SignedVote[]): this {
    for (const vote of votes) this.tell({ kind: 'message', bytes: encodeSignedVote(vote), from: 'peer' });
    return this;
  }

  wait(ms: number): this {
    this.nowMs += ms;
    return this.tell({ kind: 'tick' });
  }

  /** The node's own votes, in the order in which they were sent. */
  votes(): readonly Vote[] {
    const votes = this.sent
      .filter((bytes) => bytes.length === 120)
      .map((bytes) => readSignedVote(new Reader(bytes)))
      .filter(({ member }) => member === this.member);
    return votes.map(({ member: _, signature: __, ...vote }) => vote);
  }

  said(): readonly string[] {
    return this.votes().map(({ kind, round, blockId: id }) => `${kind} ${round} ${id[0]}`);
  }

  rules(): readonly string[] {
    return this.done.flatMap((effect) => (effect.kind === 'refuse' ? [effect.refusal.rule] : []));
  }

  has(kind: VotingEffect['kind']): boolean {
    return this.done.some((effect) => effect.kind === kind);
  }
}

const turns = createProposerSchedule(set, 1_000);
/** Who proposes in round 0 of height 1, and the others. */
const leader = turns.at(1, 0);
const [a, b, c] = [0, 1, 2, 3].filter((member) => member !== leader) as [number, number, number];
/** A later round of height 1 that `a` does not lead. */
const LATER = [2, 3, 4].find((round) => turns.at(1, round) !== a) as number;

const proposal = voteOf(leader, { kind: 'proposal' });

describe('a validator', () => {
  it('goes through the three phases to a final block', () => {
    const node = new Node(a).start().tell({ kind: 'block', block: BLOCK, valid: true }).hear(proposal);
    assert.deepEqual(node.said(), ['prevote 0 1']);
    node.hear(voteOf(b), voteOf(leader));
    assert.deepEqual(node.said(), ['prevote 0 1', 'precommit 0 1']);
    assert.ok(!node.has('finalise'));
    node.hear(voteOf(b, { kind: 'precommit' }), voteOf(c, { kind: 'precommit' }));
    const final = node.done.find((effect) => effect.kind === 'finalise');
    assert.ok(final?.kind === 'finalise' && final.block === BLOCK);
  });

  it('leads with a block of its own', () => {
    const node = new Node(leader).start();
    assert.deepEqual(node.done[0], { kind: 'propose', height: 1, round: 0, parent: GENESIS.id });
    node.tell({ kind: 'made', round: 0, block: BLOCK });
    assert.deepEqual(node.said(), ['proposal 0 1', 'prevote 0 1']);
  });

  it('asks for the block of a proposal before it votes', () => {
    const node = new Node(a).start().hear(proposal);
    assert.ok(node.done.some((effect) => effect.kind === 'want' && effect.id[0] === 1));
    assert.deepEqual(node.said(), []);
    assert.deepEqual(node.tell({ kind: 'block', block: BLOCK, valid: true }).said(), ['prevote 0 1']);
  });

  it('votes nil for a block that is invalid, does not follow, or does not come', () => {
    const invalid = new Node(a).start().hear(proposal).tell({ kind: 'block', block: BLOCK, valid: false });
    const stray = { ...BLOCK, parent: blockId(9) };
    const elsewhere = new Node(a).start().hear(proposal).tell({ kind: 'block', block: stray, valid: true });
    for (const node of [invalid, elsewhere, new Node(a).start().wait(1_000)])
      assert.deepEqual(node.said(), ['prevote 0 0']);
    assert.deepEqual(new Node(a).start().wait(999).said(), []);
  });

  it('waits for a quorum that disagrees, then goes on to the next round', () => {
    const node = new Node(a).start().wait(1_000);
    node.hear(voteOf(b), voteOf(c, { blockId: blockId(2) }));
    assert.deepEqual(node.wait(499).said(), ['prevote 0 0']);
    assert.deepEqual(node.wait(1).said(), ['prevote 0 0', 'precommit 0 0']);
    const nil = { kind: 'precommit', blockId: ZERO_HASH } as const;
    node.hear(voteOf(b, nil), voteOf(c, nil)).wait(500);
    // Round 1 waits longer.
    assert.equal(node.wait(1_099).said().at(-1), 'precommit 0 0');
    assert.equal(node.wait(1).said().at(-1), 'prevote 1 0');
  });

  it('joins others in a later round when somebody honest is there', () => {
    const node = new Node(a).start().hear(voteOf(b, { round: 7 }));
    assert.equal(node.wait(1_000).said().at(-1), 'prevote 0 0');
    node.hear(voteOf(c, { round: 9 })).wait(2_000);
    assert.equal(node.said().at(-1), 'prevote 7 0');
  });

  /** A node that precommitted block 1 in round 0 and is in a later round now. */
  function locked(): Node {
    const node = new Node(a).start().tell({ kind: 'block', block: BLOCK, valid: true });
    node.tell({ kind: 'block', block: OTHER, valid: true }).hear(proposal, voteOf(b), voteOf(leader));
    assert.equal(node.said().at(-1), 'precommit 0 1');
    const nil = { kind: 'precommit', round: LATER, blockId: ZERO_HASH } as const;
    return node.hear(voteOf(b, nil), voteOf(c, nil));
  }

  const rival = { kind: 'proposal', round: LATER, blockId: OTHER.id } as const;
  const rivalProposal = (validRound: number) => voteOf(turns.at(1, LATER), { ...rival, validRound });

  it('keeps its lock, and gives it up for a later quorum alone', () => {
    assert.equal(locked().hear(rivalProposal(-1)).said().at(-1), `prevote ${LATER} 0`);
    const polka = [leader, b, c].map((member) => voteOf(member, { round: 1, blockId: OTHER.id }));
    const freed = locked().hear(...polka, rivalProposal(1));
    assert.equal(freed.said().at(-1), `prevote ${LATER} 2`);
    // It says which quorum it follows.
    assert.equal(freed.votes().at(-1)?.validRound, 1);
    assert.equal(locked().hear(rivalProposal(1)).said().at(-1), 'precommit 0 1');
  });

  it('says after a crash what it said before, whatever it hears', () => {
    const before = locked();
    const after = new Node(a).start(before.record).tell({ kind: 'block', block: OTHER, valid: true });
    assert.deepEqual(after.votes(), before.votes());
    const nil = { kind: 'prevote', blockId: ZERO_HASH } as const;
    after.hear(voteOf(leader, { kind: 'proposal', blockId: OTHER.id }), voteOf(b, nil), voteOf(c, nil));
    assert.deepEqual(after.votes(), before.votes());
    after.hear(voteOf(b, { round: LATER }), voteOf(c, { round: LATER }));
    assert.equal(after.hear(rivalProposal(-1)).said().at(-1), `prevote ${LATER} 0`);
  });

  it('stays silent below the height of its record', () => {
    const later = { ...BLOCK, height: 2, id: blockId(5), parent: BLOCK.id };
    const before = new Node(a).start().tell({ kind: 'final', block: BLOCK });
    before.wait(1_000);
    assert.deepEqual(
      before.votes().map(({ height }) => height),
      [2],
    );
    const after = new Node(a).start(before.record).wait(1_000).wait(1_000);
    assert.deepEqual(after.said(), []);
    after.tell({ kind: 'final', block: BLOCK });
    assert.deepEqual(after.said(), ['prevote 0 0']);
    after.tell({ kind: 'final', block: later });
    assert.deepEqual(after.wait(1_000).said().length, 2);
  });

  it('saves what it signs before it asks for the signature', () => {
    const effects = new Node(a)
      .start()
      .tell({ kind: 'block', block: BLOCK, valid: true })
      .hear(proposal).done;
    const kinds = effects.map(({ kind }) => kind);
    assert.ok(kinds.indexOf('save') >= 0 && kinds.indexOf('save') < kinds.indexOf('sign'));
    assert.ok(kinds.indexOf('sign') < kinds.lastIndexOf('broadcast'));
  });

  it('goes to the block of a certificate however far ahead it is', () => {
    const far: BlockRef = { id: blockId(7), height: 900, parent: blockId(6) };
    const tally = new VoteTally(set);
    const votes = [0, 1, 2].map((member) =>
      voteOf(member, { kind: 'precommit', height: 900, blockId: far.id }),
    );
    for (const vote of votes) tally.add(vote);
    const bytes = encodeCertificate(tally.certificate(votes[0] as SignedVote, 'precommit'));
    const node = new Node(a).start().tell({ kind: 'message', bytes, from: 'peer' });
    assert.ok(node.done.some((effect) => effect.kind === 'want' && effect.id[0] === 7));
    node.tell({ kind: 'block', block: far, valid: true });
    assert.ok(node.done.some((effect) => effect.kind === 'finalise' && effect.block === far));
    assert.deepEqual(
      node
        .wait(1_000)
        .votes()
        .map(({ height }) => height),
      [901],
    );
  });

  it('finalises by the certificate that a block holds, and neither sends it on nor blames anybody', () => {
    const given = (members: readonly number[], id: Uint8Array) => {
      const tally = new VoteTally(set);
      const votes = members.map((member) => voteOf(member, { kind: 'precommit', blockId: id }));
      for (const vote of votes) tally.add(vote);
      return encodeCertificate(tally.certificate(votes[0] as SignedVote, 'precommit'));
    };
    const bytes = given([0, 1, 2], BLOCK.id);
    const start = (verify = mockVerify) =>
      new Node(a, { publicKey: undefined, verify })
        .start()
        .tell({ kind: 'block', block: BLOCK, valid: true });
    const count = (node: Node, kind: VotingEffect['kind']) =>
      node.done.filter((effect) => effect.kind === kind).length;
    const node = start().tell({ kind: 'certificate', bytes, checkedWith: undefined });
    assert.deepEqual([count(node, 'finalise'), count(node, 'broadcast'), count(node, 'refuse')], [1, 0, 0]);
    const checked = start(() => assert.fail('it was checked')).tell({
      kind: 'certificate',
      bytes,
      checkedWith: set,
    });
    assert.equal(count(checked, 'finalise'), 1);
    const other = mockSet(0, [1, 1, 1, 1]);
    for (const [bad, checkedWith] of [
      [bytes.with(-1, 1 ^ (bytes.at(-1) as number)), other],
      [given([0, 1], BLOCK.id), undefined],
      [new Uint8Array(9), set],
    ] as const) {
      const none = start().tell({ kind: 'certificate', bytes: bad, checkedWith });
      assert.deepEqual([count(none, 'finalise'), count(none, 'refuse')], [0, 0]);
    }
    node.tell({ kind: 'certificate', bytes: given([1, 2, 3], OTHER.id), checkedWith: set });
    assert.equal(count(node, 'finalise'), 1);
    assert.equal(count(node, 'evidence'), 2, 'those who signed both');
    const said = node.done.find((effect) => effect.kind === 'log');
    assert.ok(said?.kind === 'log' && said.level === 'error');
  });

  it('only follows when it has no key, or is no member', () => {
    for (const publicKey of [undefined, mockKey(77)]) {
      const node = new Node(a, { publicKey }).start().tell({ kind: 'block', block: BLOCK, valid: true });
      node.hear(proposal, ...[0, 1, 2].map((member) => voteOf(member, { kind: 'precommit' })));
      assert.ok(node.has('finalise') && !node.has('sign') && !node.has('save'));
    }
  });

  it('counts real signatures', () => {
    const secrets = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
    const members = sortValidators(secrets.map((secret) => ({ publicKey: publicKeyOf(secret), weight: 1 })));
    const real: ValidatorSet = { epoch: 0, members, seed: ZERO_HASH };
    const [secret] = secrets as [Uint8Array];
    const alone: ValidatorSet = { ...real, members: [{ publicKey: publicKeyOf(secret), weight: 1 }] };
    const engine = new VotesEachEngine(TIMEOUTS, {
      chainId: CHAIN_ID,
      epochBlocks: 10,
      publicKey: publicKeyOf(secret),
      validators: { at: () => alone },
      blocks: { ancestor: () => GENESIS.id },
      verify: verifySignature,
    });
    const events: VotingEvent[] = [
      { kind: 'start', final: GENESIS, certificate: undefined, record: undefined },
    ];
    events.push({ kind: 'made', round: 0, block: BLOCK });
    let final = false;
    for (const event of events) {
      for (const effect of engine.step(event, 0)) {
        if (effect.kind === 'finalise') final = true;
        if (effect.kind === 'sign')
          events.push({ kind: 'signed', job: effect.job, signature: sign(effect.message, secret) });
      }
    }
    assert.ok(final);
  });
});

describe('what strangers send', () => {
  it('is refused by its rule', () => {
    const cases: readonly [SignedVote, string][] = [
      [{ ...voteOf(b), signature: new Uint8Array(64) }, 'consensus/vote-signature'],
      [{ ...voteOf(b), member: c }, 'consensus/vote-signature'],
      [voteOf(9), 'consensus/vote-stranger'],
      [voteOf(b, { epoch: 1 }), 'consensus/vote-epoch'],
      [voteOf(b, { kind: 'proposal' }), 'consensus/vote-proposer'],
    ];
    for (const [vote, rule] of cases) assert.deepEqual(new Node(a).start().hear(vote).rules(), [rule]);
    const unknown = new Node(a, { epochBlocks: 1 }).start().hear(voteOf(b, { height: 2, epoch: 1 }));
    assert.deepEqual(unknown.rules(), ['consensus/vote-validators-unknown']);
    const node = new Node(a).start().tell({ kind: 'message', bytes: new Uint8Array(9), from: 'peer' });
    assert.match(node.rules()[0] as string, /^codec\//);
  });

  it('gives evidence when it contradicts itself, and is passed on once', () => {
    const node = new Node(a)
      .start()
      .hear(voteOf(b), voteOf(b), voteOf(b, { blockId: OTHER.id }), voteOf(b, { blockId: blockId(3) }));
    assert.equal(node.done.filter(({ kind }) => kind === 'evidence').length, 1);
    assert.equal(
      node.done.filter((effect) => effect.kind === 'broadcast' && effect.from === 'peer').length,
      2,
    );
  });

  it('cannot make anything grow', () => {
    const random = seededRandom(3);
    const node = new Node(a).start();
    let [votes, verdicts] = [0, 0];
    for (let i = 0; i < 20_000; i++) {
      const kind = random.pick(['proposal', 'prevote', 'precommit'] as const);
      const round = random.pick([0, 1, 2, 3, 4, 50, random.below(65_536)]);
      const height = random.pick([1, 1, 1, 2, 2, 3, random.below(2 ** 32)]);
      const vote = voteOf(random.pick([b, c, leader]), { kind, round, height, blockId: random.bytes(32) });
      if (height < 1_000) node.hear(vote);
      const block = { id: random.bytes(32), height: random.below(3), parent: random.bytes(32) };
      if (random.oneIn(20)) node.tell({ kind: 'block', block, valid: random.oneIn(2) });
      if (random.oneIn(500)) node.wait(400);
      votes = Math.max(votes, node.engine.sizes().votes);
      verdicts = Math.max(verdicts, node.engine.sizes().verdicts);
      node.done.length = 0;
    }
    // Two heights, five rounds, three kinds, twice for each of four members.
    assert.ok(votes > 30 && votes <= 2 * 5 * 3 * 2 * 4, `${votes} votes`);
    assert.equal(verdicts, VERDICTS_MAX);
    assert.ok(node.engine.sizes().certificates <= CERTIFICATES_KEPT);
  });
});
