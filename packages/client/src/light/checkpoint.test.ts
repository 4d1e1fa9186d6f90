import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toBase64 } from '@calin/core/base/base64.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { encodeHeader } from '@calin/core/primitives/header.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { LightChain, MOCK, mockMembers, VOTES_EACH, votingSpec } from './light-chain.testing.ts';

const members = mockMembers(0, [1, 2, 3]);
const spec = votingSpec(
  VOTES_EACH,
  members.map(({ publicKey }) => publicKey),
  4,
);
const chain = new LightChain({ spec, membersOf: () => members, sign: MOCK.sign }).grow(12);

describe('a checkpoint', () => {
  const block = chain.block(9);
  const sets = [chain.set(2), chain.set(3)];
  const json = formatCheckpoint(block, sets, chain.chainId);

  test('is read as it was written', () => {
    const parsed = parseCheckpoint(JSON.parse(JSON.stringify(json)), chain.chainId);
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.value.sets, sets);
    assert.deepEqual([parsed.value.height, toHex(parsed.value.id)], [9, toHex(block.id)]);
    assert.deepEqual(parsed.value.header?.header, block.header);
  });

  test('can be three facts written by hand', () => {
    const { chainId, height, id } = json;
    const parsed = parseCheckpoint({ chainId: chainId.toUpperCase(), height, id }, chain.chainId);
    assert.deepEqual(parsed, { ok: true, value: { height: 9, id: block.id, header: undefined, sets: [] } });
  });

  test('is refused when it is of another chain, or contradicts itself', () => {
    const cases: [string, unknown][] = [
      ['light/checkpoint', { ...json, chainId: '00'.repeat(32) }],
      ['light/checkpoint', { ...json, id: toHex(chain.block(8).id) }],
      ['light/checkpoint', { ...json, height: 8 }],
      ['light/checkpoint', { ...json, header: toBase64(encodeHeader(chain.block(8).header)) }],
      ['light/checkpoint', { ...json, header: '*' }],
      ['codec/truncated', { ...json, header: 'AAAA' }],
      ['codec/truncated', { ...json, sets: ['AAAA'] }],
      ['json/range', { ...json, sets: Array.from({ length: 17 }, () => json.sets?.[0]) }],
      ['json/missing', { height: 9 }],
      ['json/unknown-field', { ...json, trusted: true }],
      ['json/type', null],
    ];
    for (const [rule, value] of cases) {
      const parsed = parseCheckpoint(value, chain.chainId);
      assert.equal(parsed.ok ? 'ok' : parsed.error.rule, rule, JSON.stringify(value)?.slice(0, 80));
    }
  });
});
