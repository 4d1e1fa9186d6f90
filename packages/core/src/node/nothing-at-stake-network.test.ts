import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../base/amount.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { readConvictions } from '../ledger/stake/convictions.ts';
import { FOR_EVER, readPool } from '../ledger/stake/pool.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { auditStake } from '../ledger/testing/stake-audit.testing.ts';
import { epochOfHeight, validatorIndex } from '../primitives/validator-set.ts';
import { viewOf } from '../state/view.ts';
import type { TestNode } from './test-node.testing.ts';
import { stakesOf, validator, validatorNetwork, votingSpec } from './validators.testing.ts';

const SLOT_MS = 500;
const OFFENDER = 3;
const HONEST = [0, 1, 2];
/** Has the key of the offender, and works on the other branch. */
const SECOND = 4;

const equal = stakesOf(4);
/** The offender has half of the stake; the epochs are long enough that both branches draw the same lots. */
const validators = {
  ...equal,
  epochBlocks: 12,
  stakes: equal.stakes.map((stake) => {
    const isOffender = equalBytes(stake.publicKey, testKey(OFFENDER).publicKey);
    return isOffender ? { ...stake, amount: amount(3_000_000_000) } : stake;
  }),
};
const spec = votingSpec({
  production: { kind: 'pos', slotMs: SLOT_MS, winnersPermille: 600 },
  finality: { kind: 'depth', blocks: 40 },
  validators,
});

test('who makes blocks on both of two branches is convicted by them, and honest nodes of both agree', () => {
  const net = validatorNetwork(spec, { validators: 4, nodes: 5 });
  const chain = (index: number) => net.node(index).node.chain;
  const log = (index: number) => readConvictions(viewOf(chain(index).state), testKey(OFFENDER).publicKey);
  const pool = (index: number) => readPool(viewOf(chain(index).state), testKey(OFFENDER).publicKey);
  const idAt = (index: number, height: number) => toHex(chain(index).idAt(height) ?? new Uint8Array(0));
  net.run(5_000);
  const fork = Math.min(...[...HONEST, SECOND].map((index) => chain(index).head.height));

  const isApart = (name: string) => name === 'n2' || name === `n${SECOND}`;
  net.wire = (frame) => (isApart(frame.from) === isApart(frame.to) ? [frame] : []);
  net.restart(SECOND, validator(OFFENDER));
  net.connect(SECOND, 2);
  net.run(15_000);
  const given = chain(2).head;
  assert.ok(given.height > fork + 2, 'the smaller part goes on by itself');
  assert.notEqual(idAt(0, given.height), toHex(given.id));
  for (const index of HONEST) assert.deepEqual(log(index), [], 'each branch alone shows nothing');
  const [one, two] = [0, 2].map((index) => ownSlots(chain(index), fork));
  assert.ok(
    one?.some((slot) => two?.includes(slot)),
    `slots ${one} and ${two}: one block on each branch`,
  );

  net.wire = (frame) => [frame];
  net.connectAll();
  const isConvicted = () => HONEST.every((index) => pool(index)?.jailedUntil === FOR_EVER);
  assert.ok(net.runUntil(isConvicted, 30_000));
  assert.ok(log(0).every(({ offence }) => offence === 'double-sign'));
  const shown = log(0)[0]?.height ?? assert.fail();
  const [whole, left] = [shown - 1, shown].map((at) => tokensAt(chain(0), at));
  assert.ok(whole !== undefined && left !== undefined && left < 0.951 * whole, `${left} of ${whole}`);
  const gone = epochOfHeight(shown, validators.epochBlocks) + 2;
  const isOver = () =>
    HONEST.every((i) => epochOfHeight(chain(i).head.height, validators.epochBlocks) >= gone);
  assert.ok(net.runUntil(isOver, 120_000), 'blocks go on');
  const height = Math.min(...HONEST.map((index) => chain(index).head.height)) - 2;
  assert.ok(height > given.height);
  assert.equal(new Set(HONEST.map((index) => idAt(index, height))).size, 1);
  for (const index of HONEST) {
    const set = chain(index).setOfEpoch(gone) ?? assert.fail();
    assert.equal(validatorIndex(set, testKey(OFFENDER).publicKey), undefined);
    auditStake(chain(index).state);
  }
});

/** The slots in which the offender made blocks above a height, on the best branch of a node. */
function ownSlots(chain: TestNode['node']['chain'], above: number): readonly number[] {
  const headers = Array.from({ length: chain.head.height - above }, (_, i) =>
    chain.header(chain.idAt(above + 1 + i) ?? new Uint8Array(0)),
  );
  return headers.flatMap((header) => {
    const isOwn = header.ok && equalBytes(header.value.producer, testKey(OFFENDER).address);
    return isOwn ? [Math.floor(header.value.timeMs / SLOT_MS)] : [];
  });
}

/** The stake of the offender after the block at a height. */
function tokensAt(chain: TestNode['node']['chain'], height: number): number | undefined {
  const state = chain.stateAt(height);
  return state && readPool(viewOf(state), testKey(OFFENDER).publicKey)?.tokens;
}
