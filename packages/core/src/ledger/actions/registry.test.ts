import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AMOUNT_MAX, type Amount, amount } from '../../base/amount.ts';
import { fromHex, toHex } from '../../base/bytes.ts';
import { utf8Bytes } from '../../base/text.ts';
import { refuseLedger } from '../rules.ts';
import { tokenId } from '../token.ts';
import { encodeAction, type LedgerAction, parseAction } from './registry.ts';

const amounts = fc.oneof(
  fc.constantFrom(1, AMOUNT_MAX),
  fc.integer({ min: 1, max: AMOUNT_MAX }),
) as fc.Arbitrary<Amount>;
const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const texts = (bytesMax: number) =>
  fc.string({ unit: 'grapheme', maxLength: bytesMax }).filter((text) => utf8Bytes(text).length <= bytesMax);

const commissions = fc.integer({ min: 0, max: 0xffff });
const epochs = fc.integer({ min: 0, max: 0xffff_ffff });
const bodies = fc.uint8Array({ maxLength: 200 });

const stakeActions: readonly fc.Arbitrary<LedgerAction>[] = [
  fc.record({
    kind: fc.constant('bond' as const),
    publicKey: hashes,
    payTo: hashes,
    amount: amounts,
    commissionPermille: commissions,
  }),
  fc.record({
    kind: fc.constantFrom('delegate' as const, 'unbond' as const),
    validator: hashes,
    amount: amounts,
  }),
  fc
    .record({ kind: fc.constant('redelegate' as const), from: hashes, to: hashes, shares: amounts })
    .filter(({ from, to }) => toHex(from) !== toHex(to)),
  fc.record({ kind: fc.constant('withdraw' as const), validator: hashes, epoch: epochs, amount: amounts }),
  fc.record({
    kind: fc.constant('validator-edit' as const),
    validator: hashes,
    payTo: hashes,
    commissionPermille: commissions,
  }),
  fc.record({ kind: fc.constant('unjail' as const), validator: hashes }),
  fc.record({ kind: fc.constant('evidence' as const), claim: amounts, bytes: bodies }),
  fc.record({ kind: fc.constant('certificate' as const), bytes: bodies }),
  fc.record({
    kind: fc.constant('authority-vote' as const),
    voter: hashes,
    change: fc.constantFrom('add' as const, 'remove' as const),
    subject: hashes,
  }),
];

const actions: fc.Arbitrary<LedgerAction> = fc.oneof(
  fc.record({ kind: fc.constant('data' as const), hash: hashes, note: texts(256) }),
  fc
    .record({
      kind: fc.constant('token-create' as const),
      symbol: fc.stringMatching(/^[A-Z0-9]{1,12}$/),
      name: texts(64),
      decimals: fc.integer({ min: 0, max: 18 }),
      supplyMax: amounts,
      supply: amounts,
      minter: hashes,
    })
    .map((action) => ({ ...action, supply: amount(Math.min(action.supply, action.supplyMax)) })),
  ...stakeActions,
  fc.record({ kind: fc.constant('token-mint' as const), asset: amounts, amount: amounts }),
  fc.record({ kind: fc.constant('token-burn' as const), asset: fc.maxSafeNat(), amount: amounts }),
);

test('every action reads back as it was written', () => {
  fc.assert(
    fc.property(actions, (action) => {
      const parsed = parseAction(encodeAction(action));
      assert.ok(parsed.ok);
      assert.deepEqual({ ...parsed.value }, { ...action });
    }),
  );
});

test('any bytes: refused, or exactly what the encoder writes', () => {
  fc.assert(
    fc.property(actions, fc.nat(400), fc.nat(255), fc.nat(8), (action, at, byte, cut) => {
      const { tag, body } = encodeAction(action);
      const bytes = body.slice(0, body.length - (cut > 4 ? 0 : cut));
      if (at < bytes.length) bytes[at] = byte;
      const parsed = parseAction({ tag, body: bytes });
      if (parsed.ok) assert.deepEqual(encodeAction(parsed.value), { tag, body: bytes });
      else assert.match(parsed.error.rule, /^(codec|data|stake|token)\//);
    }),
    { numRuns: 500 },
  );
});

test('the layouts, byte for byte', () => {
  const data = encodeAction({ kind: 'data', hash: new Uint8Array(32).fill(0xab), note: 'hé' });
  assert.deepEqual([data.tag, toHex(data.body)], [1, `${'ab'.repeat(32)}68c3a9`]);
  const minter = new Uint8Array(32).fill(0xcd);
  const creation = {
    kind: 'token-create',
    symbol: 'AB1',
    name: 'x',
    decimals: 8,
    supplyMax: amount(0x0102_0304_0506),
    supply: amount(7),
    minter,
  } as const;
  assert.deepEqual(
    [encodeAction(creation).tag, toHex(encodeAction(creation).body)],
    [2, `0605040302010000${'0700000000000000'}${'cd'.repeat(32)}0803010041423178`],
  );
  const amounts16 = '05000000000000000300000000000000';
  for (const [kind, tag] of [
    ['token-mint', 3],
    ['token-burn', 4],
  ] as const) {
    const action = encodeAction({ kind, asset: 5, amount: amount(3) });
    assert.deepEqual([action.tag, toHex(action.body)], [tag, amounts16]);
  }
});

test('tags that nobody knows are refused by name', () => {
  for (const tag of [0, 15, 255]) {
    const parsed = parseAction({ tag, body: new Uint8Array(0) });
    assert.deepEqual(parsed, refuseLedger('action/unknown', { got: tag }));
  }
});

/** The rule by which the body of a token's creation with this symbol and name is refused. */
function creationRule(symbol: Uint8Array, name: Uint8Array): string {
  const head = `${'01'.padEnd(16, '0')}${''.padEnd(16, '0')}${''.padEnd(64, '0')}00`;
  const lengths = toHex(Uint8Array.of(symbol.length, name.length, 0));
  const parsed = parseAction({ tag: 2, body: fromHex(head + lengths + toHex(symbol) + toHex(name)) });
  return parsed.ok ? 'accepted' : parsed.error.rule;
}

test('symbols: 1 to 12 of A-Z and 0-9', () => {
  const rule = (symbol: string) => creationRule(utf8Bytes(symbol), new Uint8Array(0));
  for (const symbol of ['A', 'Z9', 'ABCDEFGHIJKL', '0']) assert.equal(rule(symbol), 'accepted', symbol);
  for (const symbol of ['', 'ABCDEFGHIJKLM', 'a', 'A B', 'Ä', 'A\n'])
    assert.equal(rule(symbol), 'token/symbol', symbol);
  assert.equal(creationRule(Uint8Array.of(0xff), new Uint8Array(0)), 'token/symbol');
});

test('names: at most 64 bytes of UTF-8 that show what they say', () => {
  const rule = (name: Uint8Array) => creationRule(utf8Bytes('A'), name);
  const good = ['', 'Gold', 'x'.repeat(64), '世界 🌍', 'a\u00a0b', '\u00a0', '\u2027', '\u202f', '\u206a'];
  for (const name of good) assert.equal(rule(utf8Bytes(name)), 'accepted', name);
  const bad = [
    'x'.repeat(65),
    'ü'.repeat(33),
    'a\u0000',
    '\u001f',
    '\u007f',
    '\u0085',
    '\u009f',
    'a\u202eb',
    '\u2066',
    '\u061c',
    '\u2028',
  ];
  for (const name of bad) assert.equal(rule(utf8Bytes(name)), 'token/name', JSON.stringify(name));
  assert.equal(rule(Uint8Array.of(0xc0, 0x80)), 'token/name');
});

test('notes: at most 256 bytes of valid UTF-8', () => {
  const rule = (note: Uint8Array) => {
    const parsed = parseAction({ tag: 1, body: Uint8Array.of(...new Uint8Array(32), ...note) });
    return parsed.ok ? 'accepted' : parsed.error.rule;
  };
  assert.equal(rule(utf8Bytes('x'.repeat(256))), 'accepted');
  assert.equal(rule(utf8Bytes('x'.repeat(257))), 'data/note');
  assert.equal(rule(Uint8Array.of(0xed, 0xa0, 0x80)), 'data/note');
});

test('an encoder refuses what its parser would', () => {
  const creation = {
    kind: 'token-create',
    symbol: 'A',
    name: '',
    decimals: 0,
    supplyMax: amount(1),
    supply: amount(1),
    minter: new Uint8Array(32),
  } as const;
  assert.throws(() => encodeAction({ ...creation, symbol: 'a' }), /token\/symbol/);
  assert.throws(() => encodeAction({ ...creation, supplyMax: amount(0) }), /token\/supply-range/);
  assert.throws(
    () => encodeAction({ kind: 'token-mint', asset: 1, amount: amount(0) }),
    /changing a supply by nothing/,
  );
  assert.throws(
    () => encodeAction({ kind: 'token-burn', asset: 1, amount: amount(0) }),
    /changing a supply by nothing/,
  );
  assert.throws(() => encodeAction({ kind: 'data', hash: new Uint8Array(31), note: '' }), /32 bytes/);
  const note = 'x'.repeat(257);
  assert.throws(() => encodeAction({ kind: 'data', hash: new Uint8Array(32), note }), /257 bytes/);
});

test('a token id has 53 bits and depends on the first input and the place of the action', () => {
  const txid = new Uint8Array(32).fill(1);
  const ids = [
    tokenId({ txid, index: 0 }, 0),
    tokenId({ txid, index: 0 }, 1),
    tokenId({ txid, index: 1 }, 0),
    tokenId({ txid: new Uint8Array(32), index: 0 }, 0),
  ];
  assert.equal(new Set(ids).size, 4);
  for (const id of ids) assert.ok(Number.isSafeInteger(id) && id > 0);
  // Of many ids the highest must come near 2^53 and none above it.
  const many = Array.from({ length: 300 }, (_, i) => tokenId({ txid, index: i }, 0));
  assert.ok(Math.max(...many) > 2 ** 52 && Math.max(...many) < 2 ** 53);
});

test('the layouts of what is done with stake, byte for byte', () => {
  const [a, b] = [0xaa, 0xbb].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array];
  const [hexA, hexB] = [toHex(a), toHex(b)];
  const five = amount(5);
  const cases: readonly [LedgerAction, number, string][] = [
    [
      { kind: 'bond', publicKey: a, payTo: b, amount: five, commissionPermille: 258 },
      5,
      `${hexA}${hexB}05000000000000000201`,
    ],
    [{ kind: 'delegate', validator: a, amount: five }, 6, `${hexA}0500000000000000`],
    [{ kind: 'unbond', validator: a, amount: five }, 7, `${hexA}0500000000000000`],
    [{ kind: 'redelegate', from: a, to: b, shares: five }, 8, `${hexA}${hexB}0500000000000000`],
    [{ kind: 'withdraw', validator: a, epoch: 7, amount: five }, 9, `${hexA}070000000500000000000000`],
    [{ kind: 'validator-edit', validator: a, payTo: b, commissionPermille: 1 }, 10, `${hexA}${hexB}0100`],
    [{ kind: 'unjail', validator: a }, 11, hexA],
    [{ kind: 'evidence', claim: five, bytes: Uint8Array.of(9) }, 12, '050000000000000009'],
    [{ kind: 'certificate', bytes: Uint8Array.of(9) }, 13, '09'],
    [{ kind: 'authority-vote', voter: a, change: 'remove', subject: b }, 14, `${hexA}02${hexB}`],
  ];
  for (const [action, tag, body] of cases) {
    const encoded = encodeAction(action);
    assert.deepEqual([encoded.tag, toHex(encoded.body)], [tag, body]);
  }
});
