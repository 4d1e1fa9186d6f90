import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AMOUNT_MAX, type Amount } from '../base/amount.ts';
import { AssertionError } from '../base/assert.ts';
import { type PublicKey, publicKeyOf } from '../crypto/signature.ts';
import { keyAddress } from '../primitives/address.ts';
import { specHash } from './chain-spec.ts';
import { PRESET_NAMES, PRESETS } from './consensus-presets.ts';
import { formatGenesisFile, parseGenesisFile } from './genesis-file.ts';
import { devSpec, parseDevSpec } from './presets.ts';

const authority = publicKeyOf(new Uint8Array(32).fill(7));
const options = {
  authority,
  genesisTimeMs: 1_767_225_600_000,
  allocations: [{ address: keyAddress(authority), amount: 5 as Amount }],
};

it('the development chain makes a block at any millisecond and lets rewards be spent at once', () => {
  const spec = devSpec(options);
  assert.equal(spec.dev, true);
  assert.equal(spec.addressPrefix, 'dcal');
  assert.deepEqual(spec.consensus, {
    production: { kind: 'poa', authorities: [authority], slotMs: 1 },
    finality: { kind: 'depth', blocks: 10 },
  });
  assert.equal(spec.economy.rewardMaturityBlocks, 1);
  assert.equal(spec.fees.baseFeeInitial, 1);
  assert.deepEqual(spec.allocations, options.allocations);
});

it('the development chain is a genesis file like any other', () => {
  const spec = devSpec(options);
  assert.deepEqual(parseGenesisFile(formatGenesisFile(spec)), { ok: true, value: spec });
  assert.deepEqual(specHash(devSpec(options)), specHash(spec));
  assert.notDeepEqual(specHash(devSpec({ ...options, genesisTimeMs: 0 })), specHash(spec));
});

it('a development chain that cannot be is a bug of its caller', () => {
  const allocations = [{ address: keyAddress(authority), amount: AMOUNT_MAX }];
  assert.throws(() => devSpec({ ...options, allocations }), AssertionError);
  assert.throws(() => devSpec({ ...options, authority: new Uint8Array(32) }), AssertionError);
});

it('every preset has a development chain with all its keys, at the pace that was asked for', () => {
  const keys = [7, 8, 9].map((byte) => publicKeyOf(new Uint8Array(32).fill(byte)));
  const [first, ...others] = keys as [PublicKey, ...PublicKey[]];
  for (const consensus of PRESET_NAMES) {
    const parsed = parseDevSpec({ ...options, authority: first, others, consensus, blockMs: 500 });
    assert.ok(parsed.ok, consensus);
    const { production, finality, validators } = parsed.value.consensus;
    assert.equal(production.kind, PRESETS[consensus].production.kind);
    assert.equal(finality.kind, PRESETS[consensus].finality.kind);
    if (production.kind === 'poa') assert.deepEqual(production.authorities, keys);
    if (production.kind === 'pow') assert.equal(production.blockMs, 500);
    assert.equal(validators?.kind, PRESETS[consensus].needsValidators ? 'stake' : undefined);
    if (validators?.kind !== 'stake') continue;
    assert.deepEqual(
      validators.stakes.map(({ publicKey, owner }) => [publicKey, owner]),
      keys.map((key) => [key, keyAddress(key)]),
    );
  }
});
