import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Result } from '@calin/core/base/result.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { stakesOf, validatorNetwork, votingSpec } from '@calin/core/node/validators.testing.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { askUpdate, type LightServer } from './ask-server.ts';
import { serverOfView } from './face-server.testing.ts';
import { catchUpLight } from './follow-light.ts';
import { LightClient, type LightOptions } from './light-client.ts';
import type { LightRequest, LightUpdate } from './light-update.ts';

/** Epochs of five blocks; a block is final when three follow it. */
const spec: ChainSpec = votingSpec({
  production: { kind: 'dpos', slotMs: 1_000 },
  finality: { kind: 'depth', blocks: 3 },
  validators: stakesOf(4),
});

const ruleOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.rule);

function clientOf(options: Partial<LightOptions> = {}): LightClient {
  const begun = LightClient.begin(
    { spec, trustMs: Number.POSITIVE_INFINITY, ...options },
    { verify: verifySignature },
  );
  assert.ok(begun.ok, ruleOf(begun));
  return begun.value;
}

describe('headers whose makers are validators of epochs', () => {
  let server: LightServer;
  let nowMs = 0;

  before(() => {
    const net = validatorNetwork(spec, { validators: 4 });
    net.run(42_000);
    server = serverOfView(net.node(0).queries);
    nowMs = net.nowMs;
  });

  const ask = async (request: LightRequest): Promise<LightUpdate> => {
    const update = await askUpdate(server, request);
    assert.ok(update.ok && update.value !== undefined, ruleOf(update));
    return update.value;
  };

  test('are taken as far as their sets are known', async () => {
    const client = clientOf();
    const all = await ask({ kind: 'headers', from: 1 });
    assert.deepEqual(client.take(all, nowMs), { ok: true, value: true });
    // Genesis has the sets of epochs 0 and 1.
    assert.equal(client.head?.header.height, 10);
    assert.equal(ruleOf(client.take(await ask({ kind: 'headers', from: 11 }), nowMs)), 'light/set-unknown');
    const tip = { head: { height: 30, id: new Uint8Array(32) }, finalHeight: 27 };
    const wanted = client.next(tip);
    assert.deepEqual(wanted, { kind: 'sets', height: 5, sets: [2] });
    assert.ok(wanted && client.take(await ask(wanted), nowMs).ok);
    assert.deepEqual(client.take(await ask(wanted), nowMs), { ok: true, value: false });
    assert.ok(client.take(await ask({ kind: 'headers', from: 11 }), nowMs).ok);
    assert.equal(client.head.header.height, 15);
  });

  test('need sets that a final block proves', async () => {
    const client = clientOf();
    client.take(await ask({ kind: 'headers', from: 1 }), nowMs);
    const sets = await ask({ kind: 'sets', height: 5, sets: [2] });
    assert.ok(sets.kind === 'sets');
    const [proof] = sets.sets;
    assert.ok(proof);
    const changed = proof.set.slice();
    changed[50] = (changed[50] ?? 0) ^ 1;
    const cases: [string, LightUpdate][] = [
      ['light/value-mismatch', { ...sets, sets: [{ ...proof, set: changed }] }],
      ['state/proof-root', { ...sets, height: 4 }],
      ['state/proof-root', { ...sets, sets: [{ ...proof, epoch: 3 }] }],
      ['light/not-followed', { ...sets, height: 8 }],
      ['light/not-followed', { ...sets, height: 40 }],
    ];
    for (const [rule, update] of cases) assert.equal(ruleOf(client.take(update, nowMs)), rule);
    assert.deepEqual(client.next({ head: { height: 30, id: proof.set }, finalHeight: 0 })?.kind, 'sets');
  });

  test('are not followed from what is too old: their makers may have left', async () => {
    const headers = await ask({ kind: 'headers', from: 1 });
    // Three epochs of five blocks a second apart, less a third.
    const client = clientOf({ trustMs: undefined });
    assert.equal(client.trustedUntilMs, spec.genesisTimeMs + 10_000);
    assert.equal(ruleOf(client.take(headers, spec.genesisTimeMs + 10_001)), 'light/trust-expired');
    assert.equal(client.head?.header.height, 0);
  });

  test('are followed from a checkpoint', async () => {
    const start = clientOf();
    await catchUpLight(start, server, { nowMs: () => nowMs });
    const at = start.at(22);
    assert.ok(at.ok);
    const client = clientOf({ checkpoint: { height: 22, id: at.value.id, sets: [] } });
    const reached = await catchUpLight(client, server, { nowMs: () => nowMs });
    assert.ok(reached.ok, ruleOf(reached));
    assert.equal(client.head?.header.height, start.head?.header.height);
  });
});

test('a chain whose blocks are final later than an epoch cannot be followed', () => {
  const consensus = { ...spec.consensus, finality: { kind: 'depth', blocks: 6 } } as const;
  const begun = LightClient.begin({ spec: { ...spec, consensus } }, { verify: verifySignature });
  assert.equal(ruleOf(begun), 'light/unsupported');
});
