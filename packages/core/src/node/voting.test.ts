import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Writer } from '../codec/writer.ts';
import { encodeCertificate } from '../consensus/votes-each/certificate.ts';
import type { SignedVote } from '../consensus/votes-each/vote.ts';
import { VoteTally } from '../consensus/votes-each/vote-tally.ts';
import { voteOf } from '../consensus/votes-each/votes.testing.ts';
import { mockSet } from '../consensus/voting/mock-signatures.testing.ts';
import type { VotingEffect, VotingEvent, VotingProgress } from '../consensus/voting/voting-engine.ts';
import type { Hash } from '../crypto/hash.ts';
import { CERTIFICATE_TAG } from '../ledger/actions/certificate.ts';
import type { LogEntry } from '../ports/log.ts';
import type { Block } from '../primitives/block.ts';
import type { Header } from '../primitives/header.ts';
import type { ValidatorSet } from '../primitives/validator-set.ts';
import { Outbox } from './outbox.ts';
import { FAST_ROUNDS } from './validators.testing.ts';
import { Voting, type VotingChain } from './voting.ts';

const id = (n: number): Hash => new Writer(32).u32(n).bytes(new Uint8Array(28)).finish();
const header = (height: number): Header => ({ height, parent: id(Math.max(0, height - 1)) }) as Header;
const block = (height: number) => ({ id: id(height), header: header(height) });
const UPDATE = {
  kind: 'final',
  removed: [],
  added: [],
  batch: { puts: [], deletes: [] },
  finalised: [],
} as const;
const refuse = (rule: string) =>
  ({ ok: false, error: { rule, message: '', help: '', evidence: {}, banPoints: 0, retry: false } }) as const;

/** Votes whose engine does what the test says, over a chain of the heights 0 to `head`. */
function setUp({ head = 5 } = {}) {
  const outbox = new Outbox();
  const script: VotingEffect[][] = [];
  const events: VotingEvent[] = [];
  const did: string[] = [];
  const invalid = new Set<number>();
  const state = {
    final: 0,
    head,
    progress: undefined as VotingProgress | undefined,
    decided: undefined as ValidatorSet | undefined,
    set: mockSet(0, [1, 1, 1, 1]),
  };
  const heightOf = (of: Hash) => new DataView(of.buffer, of.byteOffset).getUint32(0, true);
  const node = (height: number) => ({ ...block(height), height, weight: 1n });
  const chain = {
    chainId: id(999),
    layout: { voting: Uint8Array.of(0x76) },
    get head() {
      return node(state.head);
    },
    get final() {
      return node(state.final);
    },
    node: (of: Hash) => (heightOf(of) <= state.head ? node(heightOf(of)) : undefined),
    header: (of: Hash) =>
      heightOf(of) <= state.head ? { ok: true, value: header(heightOf(of)) } : refuse('data/x'),
    idAt: (height: number) => id(height),
    isInvalid: (of: Hash) => invalid.has(heightOf(of)),
    certificate: (height: number) => (height > 0 && height % 2 === 0 ? id(height) : undefined),
    validatorsAfter: () => ({ at: () => state.decided }),
    setOfEpoch: () => state.set,
    execute: (of: Hash) => {
      did.push(`execute ${heightOf(of)}`);
      return invalid.has(heightOf(of)) ? refuse('tx/x') : { ok: true, value: undefined };
    },
    prefer: (of: Hash) => {
      did.push(`prefer ${heightOf(of)}`);
      return { ok: true, value: UPDATE };
    },
    finalise: (of: Hash) => {
      state.final = heightOf(of);
      return { ok: true, value: UPDATE };
    },
  } as unknown as VotingChain;
  let jobs = 100;
  const voting = new Voting({
    finality: FAST_ROUNDS,
    createEngine: () => ({
      step: (event) => {
        events.push(event);
        return script.shift() ?? [];
      },
      get progress() {
        return state.progress;
      },
    }),
    epochBlocks: 5,
    publicKey: undefined,
    judge: () => undefined,
    verify: () => true,
    chain,
    store: { get: () => undefined },
    outbox,
    nextJob: () => ++jobs,
    adopt: () => void did.push('adopt'),
    propose: ({ round }) => void did.push(`propose ${round}`),
    evidence: (bytes) => void did.push(`evidence ${bytes.length}`),
    link: () => ({
      holdUntilDurable: () => void did.push('hold'),
      broadcastVote: (_payload, except) => void did.push(`broadcast ${except}`),
      wantBlock: (of) => void did.push(`ask for ${heightOf(of)}`),
      punish: (peer, { rule }) => void did.push(`punish ${peer} ${rule}`),
    }),
  });
  voting.start(1_000);
  events.splice(0);
  const engineSays = (...effects: VotingEffect[]) => {
    script.push(effects);
    voting.tick();
    voting.settle(2_000);
  };
  const logs = (): readonly LogEntry[] =>
    outbox.take().flatMap((one) => (one.type === 'log' ? [one.entry] : []));
  return { voting, outbox, script, events, did, state, invalid, engineSays, logs };
}

describe('votes in a node', () => {
  it('ask for signatures when the record is on disk, and hold back what is said', () => {
    const { outbox, did, engineSays } = setUp();
    outbox.take();
    engineSays(
      { kind: 'save', record: Uint8Array.of(7) },
      { kind: 'sign', job: 4, message: id(44) },
      { kind: 'broadcast', bytes: Uint8Array.of(1), from: 'n2' },
    );
    const before = outbox.take();
    assert.deepEqual(before, [
      {
        type: 'commit',
        sequence: 1,
        batch: { puts: [[Uint8Array.of(0x76), Uint8Array.of(7)]], deletes: [] },
      },
    ]);
    assert.deepEqual(did, ['hold', 'broadcast n2']);
    outbox.committed(1);
    assert.deepEqual(outbox.take(), [{ type: 'sign', job: 101, message: id(44) }]);
  });

  it('give the engine its signatures under its own numbers, and leave those of others alone', () => {
    const { voting, events, engineSays } = setUp();
    engineSays({ kind: 'sign', job: 4, message: id(44) });
    assert.equal(voting.signed(55, undefined), false);
    assert.equal(voting.signed(101, id(1)), true);
    voting.settle(2_001);
    assert.deepEqual(events.at(-1), { kind: 'signed', job: 4, signature: id(1) });
    assert.equal(voting.signed(101, id(1)), false, 'once');
  });

  it('execute what is voted on, now or when it comes, and say what came of it', () => {
    const { voting, events, did, state, invalid, engineSays } = setUp();
    engineSays({ kind: 'want', id: id(5) });
    assert.deepEqual(did, ['execute 5']);
    assert.deepEqual(events.at(-1), {
      kind: 'block',
      block: { id: id(5), height: 5, parent: id(4) },
      valid: true,
    });
    engineSays({ kind: 'want', id: id(6) }, { kind: 'want', id: id(7) });
    assert.deepEqual(did.slice(1), ['ask for 6', 'ask for 7']);
    voting.imported(block(9), { ok: true, value: undefined });
    state.head = 6;
    voting.imported(block(6), { ok: true, value: undefined });
    invalid.add(7);
    voting.imported(block(7), refuse('tx/x'));
    voting.settle(2_000);
    assert.deepEqual(
      events.slice(-2).map((event) => event.kind === 'block' && [event.block.height, event.valid]),
      [
        [6, true],
        [7, false],
      ],
    );
    assert.equal(voting.counts.wanted, 0);
  });

  it('say nothing of a block that was refused for another reason than its own', () => {
    const { voting, events, engineSays } = setUp();
    engineSays({ kind: 'want', id: id(8) });
    voting.imported(block(8), refuse('block/tx-root-mismatch'));
    voting.settle(2_000);
    assert.ok(events.every(({ kind }) => kind !== 'block'));
    assert.equal(voting.counts.wanted, 1);
  });

  it('do what the engine wants in its order, and what follows from it after', () => {
    const { did, engineSays, voting } = setUp();
    engineSays(
      { kind: 'prefer', id: id(3) },
      { kind: 'propose', height: 6, round: 2, parent: id(5) },
      { kind: 'evidence', bytes: new Uint8Array(9) },
      { kind: 'refuse', from: 'n1', refusal: refuse('consensus/vote-signature').error },
      { kind: 'finalise', block: { id: id(4), height: 4, parent: id(3) }, certificate: id(40) },
    );
    const punished = 'punish n1 consensus/vote-signature';
    assert.deepEqual(did, ['prefer 3', 'adopt', 'propose 2', 'evidence 9', punished, 'adopt']);
    assert.deepEqual(voting.certificateUpTo(9), id(4));
    assert.deepEqual(voting.certificateUpTo(3), id(2));
    assert.equal(voting.certificateUpTo(1), undefined);
  });

  it('tell the engine of what a snapshot made final', () => {
    const { voting, state, events } = setUp();
    state.final = 5;
    voting.settle(2_000);
    assert.deepEqual(events, [{ kind: 'final', block: { id: id(5), height: 5, parent: id(4) } }]);
    voting.settle(2_001);
    assert.equal(events.length, 1);
  });

  it('tell the engine of certificates in blocks, those of other branches when final blocks say who could sign', () => {
    const { voting, events, state } = setUp();
    const set = mockSet(0, [1, 1, 1, 1]);
    const told = (blockId: Hash, height = 4) => {
      const tally = new VoteTally(set);
      const votes = [0, 1, 2].map((member) => voteOf(member, { kind: 'precommit', height, blockId }));
      for (const vote of votes) tally.add(vote);
      const body = encodeCertificate(tally.certificate(votes[0] as SignedVote, 'precommit'));
      const transactions = [{ actions: [{ tag: CERTIFICATE_TAG, body }] }];
      voting.headMoved({ added: [{ ...block(5), transactions } as unknown as Block] });
      voting.settle(2_000);
      const taken = events.splice(0).find(({ kind }) => kind === 'certificate');
      return taken?.kind === 'certificate' && taken.bytes === body ? taken.checkedWith : 'not told';
    };
    assert.equal(told(id(4)), state.set);
    const other = new Uint8Array(32).fill(9);
    assert.equal(told(other), 'not told');
    state.decided = set;
    assert.equal(told(other), state.set);
    state.decided = undefined;
    assert.equal(told(id(9), 9), 'not told', 'a block that is not here');
    voting.headMoved({ added: [{ ...block(5), transactions: [{ actions: [] }] } as unknown as Block] });
    voting.settle(2_000);
    assert.ok(events.every(({ kind }) => kind === 'block' || kind === 'head'));
  });

  it('hold nothing that grows, whatever is asked for and sent', () => {
    const { voting, engineSays } = setUp();
    for (let i = 0; i < 1_000; i++) {
      engineSays({ kind: 'want', id: id(1_000 + i) }, { kind: 'sign', job: i, message: id(i) });
      voting.message(new Uint8Array(3), `n${i}`);
    }
    voting.settle(3_000);
    assert.deepEqual(voting.counts, { events: 0, jobs: 32, wanted: 32 });
  });

  it('say when they come to no end, more and more rarely, and when they go on', () => {
    const { voting, state, logs } = setUp();
    state.progress = { height: 1, round: 3, heard: 2, quorum: 3 };
    logs();
    const said: number[] = [];
    for (let nowMs = 2_000; nowMs <= 102_000; nowMs += 500) {
      voting.settle(nowMs);
      for (const { level, fields } of logs()) {
        assert.deepEqual([level, fields['heard'], fields['quorum'], fields['round']], ['warn', 2, 3, 3]);
        said.push(nowMs);
      }
    }
    assert.deepEqual(said, [12_000, 32_000, 72_000]);
    assert.deepEqual(voting.status, { progress: state.progress, sinceMs: 2_000 });
    state.final = 1;
    voting.settle(103_000);
    assert.deepEqual(
      logs().map(({ message }) => message),
      ['blocks become final again'],
    );
    assert.equal(voting.status.sinceMs, 103_000);
  });

  it('take nothing more once the node stops', () => {
    const { voting, events } = setUp();
    voting.stop();
    voting.message(new Uint8Array(3), 'n0');
    voting.tick();
    voting.settle(9_000);
    assert.deepEqual(events, []);
  });
});
