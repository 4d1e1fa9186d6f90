import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Signed } from '../study-keys.ts';
import { type NewViewBody, NOTHING, requestDigest, type ViewChangeBody } from './pbft-messages.ts';
import { isNewView, isPrepared, isViewChange, reproposals, WINDOW } from './proofs.ts';
import { NODES, Replicas, STATUS_MS } from './replicas.testing.ts';

const ALL = [0, 1, 2, 3];

/** The wishes for a view that replicas have sent. */
function wishesOf({ effects }: Replicas): readonly Signed<ViewChangeBody>[] {
  const wishes = effects.flat().flatMap((effect) => {
    return effect.kind === 'send' && effect.message.kind === 'view-change' ? [effect.message.signed] : [];
  });
  return wishes.filter(({ from }, i) => wishes.findIndex((one) => one.from === from) === i);
}

/** Requests 1 and 2 are prepared by all, and the second one is committed by nobody; then view 1 begins. */
function suspecting(): Replicas {
  const replicas = new Replicas();
  replicas.ask(1);
  replicas.passes = (_from, _to, { kind }) => kind !== 'commit';
  replicas.ask(2);
  assert.deepEqual(
    ALL.map((index) => replicas.executed(index)),
    [[1], [1], [1], [1]],
  );
  replicas.passes = () => true;
  replicas.wait(400);
  return replicas;
}

describe('the three phases (section 4.2)', () => {
  it('execute requests in one order', () => {
    const replicas = new Replicas();
    for (let number = 1; number <= WINDOW + 5; number++) replicas.ask(number);
    const numbers = Array.from({ length: WINDOW + 5 }, (_, i) => i + 1);
    for (const index of ALL) assert.deepEqual(replicas.executed(index), numbers);
  });

  it('go on without a backup, and not without two', () => {
    const replicas = new Replicas();
    replicas.passes = (from, to) => from !== 3 && to !== 3;
    replicas.ask(1);
    assert.deepEqual(
      ALL.map((index) => replicas.executed(index)),
      [[1], [1], [1], []],
    );
    replicas.passes = (from, to) => from < 2 && to < 2;
    replicas.ask(2);
    assert.deepEqual(replicas.executed(0), [1]);
  });

  it('save what is accepted and what is prepared before they say so', () => {
    const replicas = new Replicas();
    replicas.ask(1);
    const kinds = (replicas.effects[1] ?? []).map((effect) =>
      effect.kind === 'send' ? effect.message.kind : effect.kind,
    );
    assert.ok(kinds.indexOf('save') >= 0 && kinds.indexOf('save') < kinds.indexOf('prepare'));
    assert.ok(kinds.lastIndexOf('save') > kinds.indexOf('prepare'));
    assert.ok(kinds.lastIndexOf('save') < kinds.indexOf('commit'));
  });

  it('take one pre-prepare for each number, of the primary, with a request of a client', () => {
    const replicas = new Replicas();
    const propose = (from: number, number: number, seq = 1, view = 0) => {
      const request = replicas.request(number);
      const digest = requestDigest(request.body.request);
      const body = { kind: 'pre-prepare', view, seq, digest } as const;
      return { prePrepare: replicas.keys.signerOf(from)(body), request };
    };
    const prepares = (proposal: ReturnType<typeof propose>) => {
      const before = replicas.effects[1]?.length ?? 0;
      replicas.step(1, 0, { kind: 'pre-prepare', proposal });
      return (replicas.effects[1] ?? []).slice(before).filter((effect) => {
        return effect.kind === 'send' && effect.message.kind === 'prepare';
      }).length;
    };
    replicas.passes = () => false;
    assert.equal(prepares(propose(2, 1)), 0, 'not the primary');
    assert.equal(prepares(propose(0, 1, 1, 4)), 0, 'of another view');
    assert.equal(prepares(propose(0, 1, WINDOW + 1)), 0, 'above the high watermark');
    assert.equal(prepares({ ...propose(0, 1), request: replicas.request(2) }), 0, 'of another request');
    const stranger = { ...replicas.request(1), from: NODES + 1 };
    assert.equal(prepares({ ...propose(0, 1), request: stranger }), 0, 'not from its client');
    assert.equal(prepares(propose(0, 1)), NODES - 1);
    assert.equal(prepares(propose(0, 2)), 0, 'a second one for the number');
    replicas.restart(1);
    assert.equal(prepares(propose(0, 2)), 0, 'also after a restart');
  });

  it('execute a request once, however often it is sent', () => {
    const replicas = new Replicas();
    replicas.ask(1);
    replicas.ask(1);
    for (const index of ALL) assert.deepEqual(replicas.executed(index), [1]);
    const answers = (replicas.effects[0] ?? []).filter((effect) => {
      return effect.kind === 'send' && effect.message.kind === 'answer';
    });
    assert.equal(answers.length, 2);
  });
});

describe('a change of view (section 4.4)', () => {
  it('goes on with what was prepared', () => {
    const replicas = suspecting();
    for (const index of ALL) assert.deepEqual(replicas.executed(index), [1, 2]);
    replicas.ask(3);
    for (const index of ALL) assert.deepEqual(replicas.executed(index), [1, 2, 3]);
  });

  it('happens when the primary is silent, and a replica that was off remembers it', () => {
    const replicas = new Replicas();
    replicas.passes = (from, to) => from !== 0 && to !== 0;
    replicas.ask(1);
    replicas.wait(400);
    for (const index of [1, 2, 3]) assert.deepEqual(replicas.executed(index), [1]);
    for (const index of [1, 2, 3]) replicas.restart(index);
    replicas.wait(STATUS_MS);
    replicas.ask(2);
    for (const index of [1, 2, 3]) assert.deepEqual(replicas.executed(index), [1, 1, 2]);
    const leads = replicas.effects.flat().flatMap((effect) => (effect.kind === 'lead' ? [effect.term] : []));
    assert.deepEqual(leads, [1]);
  });

  it('is joined when f + 1 want it', () => {
    const replicas = new Replicas();
    replicas.passes = (_from, to, { kind }) => kind === 'view-change' && to === 3;
    replicas.ask(1);
    const [, one, two] = replicas.nodes.map((node, index) =>
      [1, 2].includes(index) ? node.step({ kind: 'tick' }, 500) : [],
    );
    const wishes = [one, two].flatMap((effects) =>
      (effects ?? []).flatMap((effect) =>
        effect.kind === 'send' && effect.to === 3 ? [effect.message] : [],
      ),
    );
    const suspects = () => (replicas.effects[3] ?? []).filter(({ kind }) => kind === 'suspect').length;
    for (const [i, message] of wishes.entries()) {
      assert.equal(suspects(), 0);
      replicas.step(3, i + 1, message);
    }
    assert.equal(wishes.length, 2);
    assert.equal(suspects(), 1);
  });
});

describe('the proofs of a change of view', () => {
  const replicas = suspecting();
  const wishes = wishesOf(replicas);
  const context = { nodes: NODES, keys: replicas.keys };

  it('show what was prepared, by anybody and to anybody', () => {
    assert.equal(wishes.length, NODES, 'the primary joins the others');
    for (const wish of wishes) {
      assert.equal(isViewChange(context, wish), true);
      assert.deepEqual(
        wish.body.prepared.map(({ prePrepare }) => prePrepare.body.seq),
        [1, 2],
      );
    }
  });

  it('fail with a prepare too few, one of the primary, one twice, or one of something else', () => {
    const [proof, other] = wishes[0]?.body.prepared ?? [];
    assert.ok(proof !== undefined && other !== undefined);
    const [one, two] = proof.prepares;
    assert.ok(one !== undefined && two !== undefined);
    assert.equal(isPrepared(context, proof), true);
    const ofPrimary = replicas.keys.signerOf(0)(one.body);
    for (const prepares of [[one], [one, one], [one, ofPrimary], [one, { ...two, from: 3 - two.from }]])
      assert.equal(isPrepared(context, { ...proof, prepares }), false);
    assert.equal(isPrepared(context, { ...proof, prepares: other.prepares }), false);
    const signed = replicas.keys.signerOf(1);
    const wish = { kind: 'view-change', view: 1, stableSeq: 0, checkpoints: [], prepared: [proof] } as const;
    assert.equal(isViewChange(context, signed(wish)), true);
    assert.equal(isViewChange(context, { ...signed(wish), from: 2 }), false);
    assert.equal(
      isViewChange(context, signed({ ...wish, stableSeq: 16 })),
      false,
      'no proof of a checkpoint',
    );
    assert.equal(isViewChange(context, signed({ ...wish, view: 0 })), false, 'prepared later than it ends');
    assert.equal(isViewChange(context, signed({ ...wish, prepared: [other, proof] })), false, 'out of order');
  });

  it('lead to one set of proposals: what was prepared last, and nothing in the gaps', () => {
    const [first] = wishes;
    assert.ok(first !== undefined);
    const [one, two] = first.body.prepared;
    assert.ok(one !== undefined && two !== undefined);
    const sign = replicas.keys.signerOf(1);
    const later = { ...one.prePrepare, body: { ...one.prePrepare.body, view: 3, digest: NOTHING, seq: 2 } };
    const changed = [
      sign({ ...first.body, prepared: [two] }),
      sign({ ...first.body, prepared: [{ ...two, prePrepare: later }] }),
    ];
    const follows = reproposals(changed).map(({ seq, proof }) => [seq, proof?.prePrepare.body.view]);
    assert.deepEqual(follows, [
      [1, undefined],
      [2, 3],
    ]);
  });

  it('show that a new view is right, and every other one wrong', () => {
    const sign = replicas.keys.signerOf(1);
    const propose = (seq: number, digest: string, request: NewViewBody['proposals'][0]['request']) => {
      return { prePrepare: sign({ kind: 'pre-prepare', view: 1, seq, digest } as const), request };
    };
    const proposals = reproposals(wishes).map(({ seq, proof }) =>
      propose(seq, proof?.prePrepare.body.digest ?? NOTHING, proof?.request),
    );
    const right: NewViewBody = { kind: 'new-view', view: 1, viewChanges: wishes, proposals };
    assert.equal(isNewView(context, sign(right)), true);
    const [first, second] = proposals;
    assert.ok(first !== undefined && second !== undefined);
    const wrong: Partial<NewViewBody>[] = [
      { proposals: [first] },
      { proposals: [first, propose(2, NOTHING, undefined)] },
      { proposals: [first, { ...second, request: undefined }] },
      { viewChanges: wishes.slice(2) },
      { viewChanges: [...wishes.slice(2), ...wishes.slice(2)] },
      { view: 5 },
    ];
    for (const [i, change] of wrong.entries())
      assert.equal(isNewView(context, sign({ ...right, ...change })), false, `${i}`);
    assert.equal(isNewView(context, replicas.keys.signerOf(2)(right)), false, 'of another replica');
  });
});
