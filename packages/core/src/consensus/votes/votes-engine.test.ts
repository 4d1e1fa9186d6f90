import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockKey, mockSet, mockSign, mockVerify } from '../voting/mock-signatures.testing.ts';
import type { VotingDependencies, VotingEffect, VotingEvent } from '../voting/voting-engine.ts';
import { CERTIFICATES_KEPT, CHECKPOINTS_MAX } from './limits.ts';
import {
  encodeLinkCertificate,
  encodeLinkVote,
  LINK_VOTE_BYTES,
  type Link,
  type LinkVote,
  parseLinkMessage,
} from './link.ts';
import { checkpoint, linkCertificate, linkOf, linkVote } from './links.testing.ts';
import { VotesEngine } from './votes-engine.ts';

const OPTIONS = { intervalBlocks: 4, lagBlocks: 1, resendMs: 1_000 };
const GENESIS = { ...checkpoint(0), parent: checkpoint(0).id };

/** A node on branch 0, whose blocks it has up to a height; what its engine asks for is answered at once. */
class Node {
  readonly engine: VotesEngine;
  height = 0;
  branch = 0;
  nowMs = 0;
  record: Uint8Array | undefined;
  readonly done: VotingEffect[] = [];

  constructor(overrides: Partial<VotingDependencies> = {}) {
    const ancestor = (id: Uint8Array, height: number) => {
      const top = (id[0] as number) * 256 + (id[1] as number);
      if (top > this.height || height > top || height < 0) return undefined;
      return checkpoint(height, height === 0 ? 0 : id[2]).id;
    };
    this.engine = new VotesEngine(OPTIONS, {
      chainId: CHAIN_ID,
      epochBlocks: 1_000,
      publicKey: mockKey(0),
      validators: { at: (epoch) => (epoch === 0 ? mockSet(0, [1, 1, 1, 1]) : undefined) },
      blocks: { ancestor },
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
      if (effect.kind === 'sign')
        this.tell({ kind: 'signed', job: effect.job, signature: mockSign(mockKey(0), effect.message) });
    }
    return this;
  }

  grow(height: number): this {
    this.height = height;
    const { id } = checkpoint(height, this.branch);
    return this.tell({ kind: 'head', block: { height, id, parent: checkpoint(height - 1, this.branch).id } });
  }

  hear(...votes: LinkVote[]): this {
    for (const vote of votes) this.tell({ kind: 'message', bytes: encodeLinkVote(vote), from: 'peer' });
    return this;
  }

  /** A quorum of the others votes for a link. */
  quorum(link: Link): this {
    return this.hear(...[1, 2, 3].map((member) => linkVote(member, link)));
  }

  wait(ms: number): this {
    this.nowMs += ms;
    return this.tell({ kind: 'tick' });
  }

  sent(): readonly LinkVote[] {
    return this.done.flatMap((effect) => {
      if (effect.kind !== 'broadcast' || effect.bytes.length !== LINK_VOTE_BYTES) return [];
      const message = parseLinkMessage(effect.bytes);
      return message.ok && message.value.kind === 'vote' && message.value.vote.member === 0
        ? [message.value.vote]
        : [];
    });
  }

  said(): readonly string[] {
    return this.sent().map(({ source, target }) => `${source.height} > ${target.height}`);
  }

  finals(): readonly number[] {
    return this.done.flatMap((effect) => (effect.kind === 'finalise' ? [effect.block.height] : []));
  }

  rules(): readonly string[] {
    return this.done.flatMap((effect) => (effect.kind === 'refuse' ? [effect.refusal.rule] : []));
  }
}

describe('a validator of checkpoints', () => {
  it('votes once for each, when enough blocks stand on it', () => {
    const node = new Node().start();
    for (let height = 1; height <= 10; height++) {
      node.grow(height);
      assert.equal(node.said().length, height < 5 ? 0 : height < 9 ? 1 : 2);
    }
    assert.deepEqual(node.said(), ['0 > 4', '0 > 8']);
  });

  it('justifies by a quorum, and finalises what is justified with its next', () => {
    const node = new Node().start().grow(5).quorum(linkOf(0, 4));
    assert.ok(node.done.some((effect) => effect.kind === 'prefer' && effect.id[1] === 4));
    assert.deepEqual(node.finals(), []);
    node.grow(9).quorum(linkOf(4, 8));
    assert.deepEqual(node.said(), ['0 > 4', '4 > 8']);
    assert.deepEqual(node.finals(), [4]);
    // A link that leaves one out justifies, and finalises nothing.
    node.grow(17).quorum(linkOf(8, 16));
    assert.deepEqual(node.finals(), [4]);
    node.grow(21).quorum(linkOf(16, 20));
    assert.deepEqual(node.finals(), [4, 16]);
  });

  it('waits for the block of a certificate, and needs none of those before', () => {
    const bytes = encodeLinkCertificate(linkCertificate([1, 2, 3], linkOf(396, 400)));
    const node = new Node().start().tell({ kind: 'message', bytes, from: 'peer' });
    assert.ok(
      node.done.some((effect) => effect.kind === 'want' && effect.id[0] === 1 && effect.id[1] === 144),
    );
    assert.deepEqual(node.finals(), []);
    assert.deepEqual(node.grow(400).finals(), [396]);
  });

  it('takes the certificate that a block holds, and neither sends it on nor blames anybody', () => {
    const set = mockSet(0, [1, 1, 1, 1]);
    const validators = { at: () => set };
    const bytes = encodeLinkCertificate(linkCertificate([1, 2, 3], linkOf(4, 8)));
    const kinds = (node: Node) =>
      node.done.flatMap(({ kind }) => (kind === 'wake' || kind === 'prefer' ? [] : [kind]));
    const start = (verify = mockVerify) =>
      new Node({ publicKey: undefined, validators, verify }).start().grow(10);
    const node = start().tell({ kind: 'certificate', bytes, checkedWith: undefined });
    assert.deepEqual([node.finals(), kinds(node)], [[4], ['finalise']]);
    const checked = start(() => assert.fail('it was checked'));
    assert.deepEqual(checked.tell({ kind: 'certificate', bytes, checkedWith: set }).finals(), [4]);
    const spoiled = bytes.with(-1, 1 ^ (bytes.at(-1) as number));
    for (const [bad, checkedWith] of [
      [spoiled, mockSet(0, [1, 1, 1, 1])],
      [new Uint8Array(9), set],
    ] as const)
      assert.deepEqual(kinds(start().tell({ kind: 'certificate', bytes: bad, checkedWith })), []);
    const around = encodeLinkCertificate(linkCertificate([0, 1, 2], linkOf(0, 12)));
    node.tell({ kind: 'certificate', bytes: around, checkedWith: set });
    assert.equal(kinds(node).filter((kind) => kind === 'evidence').length, 2, 'those who signed both');
    assert.ok(node.done.some((effect) => effect.kind === 'log' && effect.level === 'error'));
  });

  it('does not vote on a branch without the highest justified checkpoint', () => {
    const node = new Node().start().grow(5).quorum(linkOf(0, 4));
    node.branch = 7;
    assert.deepEqual(node.grow(13).said(), ['0 > 4']);
    node.branch = 0;
    assert.deepEqual(node.grow(13).said(), ['0 > 4', '4 > 12']);
  });

  it('says after a crash what it said before, and nothing against it', () => {
    const before = new Node().start().grow(5).quorum(linkOf(0, 4)).grow(9);
    const after = new Node();
    after.height = 9;
    after.start(before.record);
    assert.deepEqual(after.sent(), before.sent().slice(-1));
    // The record holds why the source is justified.
    after.branch = 7;
    assert.deepEqual(after.grow(9).grow(40).said(), ['4 > 8']);
    after.branch = 0;
    assert.deepEqual(after.grow(9).grow(13).said(), ['4 > 8', '4 > 12']);
  });

  it('saves what it signs before it asks for the signature', () => {
    const kinds = new Node()
      .start()
      .grow(5)
      .done.map(({ kind }) => kind);
    assert.ok(kinds.indexOf('save') >= 0 && kinds.indexOf('save') < kinds.indexOf('sign'));
  });

  it('sends again what did not come to a quorum, and what the late need', () => {
    const node = new Node()
      .start()
      .grow(5)
      .hear(linkVote(1, linkOf(0, 4)));
    node.done.length = 0;
    assert.deepEqual(node.wait(999).said(), []);
    assert.deepEqual(node.wait(1).said(), ['0 > 4']);
    node
      .hear(linkVote(2, linkOf(0, 4)), linkVote(3, linkOf(0, 4)))
      .grow(9)
      .quorum(linkOf(4, 8));
    node.done.length = 0;
    assert.equal(
      node.wait(1_000).done.some(({ kind }) => kind === 'broadcast'),
      false,
    );
    node.hear(linkVote(2, linkOf(0, 4))).wait(1_000);
    assert.equal(node.done.filter(({ kind }) => kind === 'broadcast').length >= 2, true);
  });

  it('sends the last links, however many led there without making anything final', () => {
    const node = new Node().start();
    for (let height = 8; height <= 160; height += 8) node.grow(height + 1).quorum(linkOf(height - 8, height));
    assert.deepEqual(node.grow(180).finals(), []);
    node.done.length = 0;
    const sent = node.wait(1_000).done.flatMap((effect) => {
      const message = effect.kind === 'broadcast' ? parseLinkMessage(effect.bytes) : undefined;
      return message?.ok && message.value.kind === 'certificate'
        ? [message.value.certificate.target.height]
        : [];
    });
    assert.ok(sent.includes(160), `${sent}`);
    assert.ok(sent.length > 2 && sent.length <= 8, `${sent}`);
  });

  it('only follows when it has no key', () => {
    const node = new Node({ publicKey: undefined }).start().grow(5).quorum(linkOf(0, 4));
    assert.deepEqual(node.grow(9).quorum(linkOf(4, 8)).finals(), [4]);
    assert.ok(!node.done.some(({ kind }) => kind === 'sign' || kind === 'save'));
  });
});

describe('what strangers send', () => {
  it('is refused by its rule', () => {
    const cases: readonly [LinkVote, string][] = [
      [{ ...linkVote(1, linkOf(0, 4)), signature: new Uint8Array(64) }, 'consensus/vote-signature'],
      [{ ...linkVote(1, linkOf(0, 4)), member: 2 }, 'consensus/vote-signature'],
      [linkVote(9, linkOf(0, 4)), 'consensus/vote-stranger'],
      [linkVote(1, linkOf(0, 4, 1)), 'consensus/vote-epoch'],
      [linkVote(1, linkOf(0, 5)), 'consensus/link-invalid'],
      [linkVote(1, linkOf(1, 4)), 'consensus/link-invalid'],
    ];
    for (const [vote, rule] of cases) assert.deepEqual(new Node().start().grow(5).hear(vote).rules(), [rule]);
    const unknown = new Node({ epochBlocks: 4 })
      .start()
      .grow(5)
      .hear(linkVote(1, linkOf(4, 8, 1)));
    assert.deepEqual(unknown.rules(), ['consensus/vote-validators-unknown']);
    const light = encodeLinkCertificate(linkCertificate([1, 2], linkOf(0, 4)));
    const node = new Node().start().tell({ kind: 'message', bytes: light, from: 'peer' });
    assert.deepEqual(node.rules(), ['consensus/certificate-weight']);
    assert.match(
      node.tell({ kind: 'message', bytes: new Uint8Array(9), from: 'peer' }).rules()[1] as string,
      /^codec\//,
    );
  });

  it('gives evidence when it contradicts itself, also in certificates', () => {
    const evidence = (node: Node) => node.done.filter(({ kind }) => kind === 'evidence').length;
    const other = { ...linkOf(0, 4), target: checkpoint(4, 9) };
    assert.equal(
      evidence(
        new Node()
          .start()
          .grow(9)
          .hear(linkVote(1, linkOf(0, 4)), linkVote(1, other)),
      ),
      1,
    );
    assert.equal(
      evidence(
        new Node()
          .start()
          .grow(9)
          .hear(linkVote(1, linkOf(4, 8)), linkVote(1, linkOf(0, 12))),
      ),
      1,
    );
    const bytes = encodeLinkCertificate(linkCertificate([1, 2, 3], other));
    const node = new Node().start().grow(5);
    for (const one of [encodeLinkCertificate(linkCertificate([0, 1, 2], linkOf(0, 4))), bytes])
      node.tell({ kind: 'message', bytes: one, from: 'peer' });
    assert.equal(evidence(node), 2);
    assert.ok(node.done.some(({ kind }) => kind === 'log'));
  });

  it('cannot make anything grow', () => {
    const random = seededRandom(4);
    const node = new Node({ epochBlocks: 1_000_000 }).start().grow(200);
    let [votes, certificates] = [0, 0];
    for (let i = 0; i < 10_000; i++) {
      const source = 4 * random.below(60);
      const target = source + 4 * (1 + random.below(20));
      const link = { ...linkOf(source, target), target: checkpoint(target, random.below(250)) };
      if (random.oneIn(20)) {
        const bytes = encodeLinkCertificate(
          linkCertificate([1, 2, 3], { ...link, target: checkpoint(2_000 + 4 * i) }),
        );
        if (4 * i < 60_000 && i % 4 === 0) node.tell({ kind: 'message', bytes, from: 'peer' });
      }
      node.hear(linkVote(1 + random.below(3), link));
      votes = Math.max(votes, node.engine.sizes().votes);
      certificates = Math.max(certificates, node.engine.sizes().certificates);
      node.done.length = 0;
    }
    assert.ok(votes > 200 && votes <= CHECKPOINTS_MAX * 2 * 4, `${votes} votes`);
    assert.ok(certificates > 0 && certificates <= CERTIFICATES_KEPT, `${certificates} certificates`);
  });
});
