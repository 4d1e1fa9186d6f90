import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withField } from './edit-bytes.ts';
import { labSession } from './lab.testing.ts';
import type { Verdict } from './lab-chain.ts';
import type { LabSession } from './lab-session.ts';
import { repairFor } from './repairs.ts';
import { runToValue } from './run-to-value.ts';
import { TRIES, type TryName } from './tries.ts';

/** What a node says of a proposed change; `isSealed` when the page sealed it. */
function meet(session: LabSession, name: TryName): string {
  const tried = session.change(name);
  if (!tried.ok) return tried.error.rule;
  const { bytes, isToSeal } = tried.value;
  const sealed = isToSeal ? runToValue(session.seal(bytes)) : ({ ok: true, value: bytes } as const);
  assert(sealed.ok);
  return ruleOf(session.judge(sealed.value));
}

function ruleOf(verdict: Verdict): string {
  return verdict.kind === 'refused' ? verdict.refusal.rule : verdict.kind;
}

for (const consensus of ['poa', 'pow'] as const) {
  test(`every proposed change meets the rule that it names, by ${consensus}`, () => {
    const session = labSession(consensus);
    assert.deepEqual(session.judge(session.facts.bytes), { kind: 'accepted', id: session.facts.id });
    for (const { name, rules, needs } of TRIES) {
      const rule = meet(session, name);
      if (needs === 'turns' && consensus === 'pow') assert.equal(rule, 'lab/not-here');
      else assert((rules as readonly string[]).includes(rule), `${name}: ${rule}`);
    }
    // What was refused and what was accepted before changes nothing.
    assert.equal(ruleOf(session.judge(session.facts.bytes)), 'accepted');
  });
}

test('the rules that the proposed changes meet are of every kind', () => {
  const rules = new Set<string>(TRIES.flatMap(({ rules }) => rules));
  assert(rules.size >= 26, `${rules.size} rules`);
  assert.deepEqual([...new Set([...rules].map((rule) => rule.split('/')[0]))].toSorted(), [
    'block',
    'chain',
    'codec',
    'consensus',
    'tx',
  ]);
  assert.equal(new Set(TRIES.map(({ name }) => name)).size, TRIES.length);
});

test('a block that was changed is repaired step by step until it is another block of the chain', () => {
  const session = labSession('poa');
  const changed = withField(session.facts.bytes, 'tx.1.output.0.amount', '99000000', session.facts.prefix);
  assert(changed.ok);
  let bytes = changed.value;
  const met: string[] = [];
  for (;;) {
    const verdict = session.judge(bytes);
    if (verdict.kind !== 'refused') {
      assert.notEqual(verdict.id, session.facts.id);
      break;
    }
    met.push(verdict.refusal.rule);
    const repair = repairFor(verdict.refusal);
    assert(repair !== undefined && met.length < 32, met.join(' '));
    const repaired = repair.kind === 'seal' ? runToValue(session.seal(bytes)) : session.repair(bytes, repair);
    assert(repaired.ok);
    bytes = repaired.value;
  }
  const first = met.filter((rule, i) => met.indexOf(rule) === i);
  assert.deepEqual(first, [
    'block/tx-root-mismatch',
    'consensus/seal-invalid',
    'tx/signature-invalid',
    'block/reward-amount',
    'block/receipt-root-mismatch',
    'block/state-root-mismatch',
  ]);
});

test('work can be taken as done', () => {
  const session = labSession('pow');
  const changed = session.change('header');
  assert(changed.ok);
  assert.equal(ruleOf(session.judge(changed.value.bytes)), 'consensus/work-missing');
  session.takeWork(true);
  assert.equal(ruleOf(session.judge(changed.value.bytes)), 'block/state-root-mismatch');
  session.takeWork(false);
  assert.equal(ruleOf(session.judge(changed.value.bytes)), 'consensus/work-missing');
});

test('far from genesis what needs no state is still checked, and no more is claimed', () => {
  const session = labSession('poa', false);
  assert.equal(session.facts.isWhole, false);
  assert.equal(session.judge(session.facts.bytes).kind, 'open');
  const met = new Set(TRIES.map(({ name }) => meet(session, name)));
  for (const rule of [
    ...['codec/truncated', 'chain/parent-unknown', 'chain/height-not-next', 'chain/time-too-far'],
    ...['consensus/seal-invalid', 'consensus/wrong-producer', 'block/tx-root-mismatch', 'block/reward-shape'],
    ...['tx/output-zero', 'tx/signature-invalid', 'open'],
  ]) {
    assert(met.has(rule), rule);
  }
});
