import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePartial } from '@calin/client/transaction-builder/partial-encoding.ts';
import { addPreimage } from '@calin/client/transaction-builder/partial-transaction.ts';
import { createHashSecret } from '@calin/client/wallet/hash-secret.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { spendPaths } from '@calin/core/primitives/lock.ts';
import type { CoinJson } from '../../../node/shapes.ts';
import { findReceiver } from './find-receiver.ts';
import { EMPTY_DRAFT, type LockDraft, readDraft } from './lock-draft.ts';
import { conditionWords, pathTitle, signersWords } from './lock-words.ts';
import { DOCUMENT, FUND, must, partialOf, publicKey } from './locks.testing.ts';
import { nameKey, readKeys } from './name-keys.ts';
import { formatPartialText, readPartial, readPartialText } from './partial-text.ts';
import { pathState, stateWords } from './path-state.ts';
import { signingState } from './signing-state.ts';

const [own, bob, stranger] = [1, 3, 4].map((n) => toHex(publicKey(n))) as [string, string, string];
const { secret: SECRET, sha256: HASH } = createHashSecret((length) => new Uint8Array(length).fill(5));
const htlc = {
  kind: 'htlc',
  sha256: HASH,
  receiver: publicKey(1),
  sender: publicKey(3),
  refundHeight: 50,
} as const;

/** The lock of a form, or the field that is wrong and its rule. */
function made(changes: Partial<LockDraft>) {
  const outcome = readDraft({ ...EMPTY_DRAFT, ...changes }, DOCUMENT);
  return outcome.ok ? outcome.lock : `${outcome.fault.field} ${outcome.fault.refusal.rule}`;
}

test('keys are accounts by name or digits, and are told by whose they are', () => {
  const keys = must(readKeys(` main, ${bob}\n${stranger.toUpperCase()} `, DOCUMENT));
  const named = keys.map((key) => nameKey(key, DOCUMENT));
  assert.deepEqual(
    named.map(({ name, isOwn, hex }) => [name, isOwn, hex]),
    [
      ['main', true, own],
      ['bob', false, bob],
      [undefined, false, stranger],
    ],
  );
  for (const text of ['', ' , ', 'nobody', own.slice(1), `${own.slice(1)}g`]) {
    const read = readKeys(text, DOCUMENT);
    assert.equal(read.ok ? undefined : read.error.rule, 'page/key', text);
  }
});

test('each kind of lock is made of its form', () => {
  assert.deepEqual(made({ keys: `main ${bob} ${stranger}` }), FUND);
  const inner = { kind: 'key', publicKey: publicKey(1) };
  assert.deepEqual(made({ kind: 'timelock', keys: 'main', threshold: '1', height: '900' }), {
    kind: 'timelock',
    unit: 'height',
    from: 900,
    inner,
  });
  const time = {
    kind: 'timelock',
    unit: 'time',
    keys: 'main',
    threshold: '1',
    time: '2027-01-31T12:00',
  } as const;
  const from = Date.parse('2027-01-31T12:00');
  assert.deepEqual(made(time), { kind: 'timelock', unit: 'timeMs', from, inner });
  const swap = { kind: 'htlc', receiver: 'main', sender: bob, height: '50' } as const;
  assert.deepEqual(made({ ...swap, sha256: toHex(htlc.sha256) }), htlc);
  assert.deepEqual(
    made({ kind: 'recoverable', owner: 'main', keys: bob, threshold: '1', restBlocks: '10' }),
    { kind: 'recoverable', owner: publicKey(1), threshold: 1, guardians: [publicKey(3)], restBlocks: 10 },
  );
});

test('a form says which of its fields is wrong', () => {
  const cases: readonly [Partial<LockDraft>, string][] = [
    [{ keys: 'main, nobody' }, 'keys page/key'],
    [{ keys: 'main', threshold: '2' }, 'keys wallet/lock'],
    [{ keys: `main, ${own}` }, 'keys wallet/lock'],
    [{ keys: 'main', threshold: '0' }, 'threshold page/number'],
    [{ keys: 'main', threshold: '1.5' }, 'threshold page/number'],
    [{ kind: 'timelock', keys: 'main', threshold: '1', height: '4294967296' }, 'height page/number'],
    [{ kind: 'timelock', unit: 'time', keys: 'main', time: '' }, 'time page/time'],
    [{ kind: 'htlc', receiver: 'main', sender: '', height: '5' }, 'sender page/key'],
    [{ kind: 'htlc', receiver: 'main', sender: bob, height: '5', sha256: 'ff' }, 'sha256 page/hash'],
    [{ kind: 'recoverable', owner: 'main', keys: bob, threshold: '1' }, 'restBlocks page/number'],
  ];
  for (const [changes, expected] of cases) assert.equal(made(changes), expected, JSON.stringify(changes));
});

test('a path says what it opens now, and when it opens the rest', () => {
  const coin = (height: number, more: Partial<CoinJson> = {}): CoinJson => ({
    outpoint: { txid: own, index: 0 },
    asset: 0,
    amount: 7,
    height,
    reward: false,
    spendableHeight: height,
    spentInPool: false,
    ...more,
  });
  const coins = [coin(5), coin(8), coin(3, { asset: 9 }), coin(1, { spentInPool: true })];
  const safe = {
    kind: 'recoverable',
    owner: publicKey(1),
    threshold: 1,
    guardians: [publicKey(3)],
    restBlocks: 10,
  } as const;
  const [owner, guardians] = spendPaths(safe).map((path) =>
    pathState(path, coins, { height: 13, timeMs: 0 }),
  );
  assert.deepEqual(owner, { open: 3, openHugs: 14, closed: 0, next: undefined });
  assert.deepEqual(guardians, { open: 1, openHugs: 0, closed: 2, next: { kind: 'height', height: 15 } });
  const next = { height: 13, timeMs: 0 };
  assert.match(stateWords(owner as NonNullable<typeof owner>, next), /^3 coins can be spent this way now\.$/);
  assert.match(
    stateWords(guardians as NonNullable<typeof guardians>, next),
    /next of the others in 2 blocks, from block 15/,
  );
  const later = {
    kind: 'timelock',
    unit: 'timeMs',
    from: 60_000,
    inner: { kind: 'key', publicKey: publicKey(1) },
  } as const;
  const [shut] = spendPaths(later).map((path) => pathState(path, coins, next));
  assert.equal(
    stateWords(shut as NonNullable<typeof shut>, next),
    'Not yet: it opens from 1970-01-01 00:01:00 UTC on.',
  );
  const [empty] = spendPaths(FUND).map((path) => pathState(path, [], next));
  assert.equal(stateWords(empty as NonNullable<typeof empty>, next), 'There is nothing here to spend.');
});

test('who has signed is told by name, and what is missing', () => {
  const opening = { lock: FUND, path: 0 };
  const fresh = signingState(partialOf(opening), DOCUMENT);
  assert.deepEqual([fresh.openings[0]?.missing, fresh.canSign, fresh.isWhole], [2, ['main'], false]);
  const half = signingState(partialOf(opening, [1]), DOCUMENT);
  assert.deepEqual([half.openings[0]?.missing, half.canSign, half.isWhole], [1, [], false]);
  assert.deepEqual(
    half.openings[0]?.keys.filter(({ hasSigned }) => hasSigned).map(({ name }) => name),
    ['main'],
  );
  const whole = signingState(partialOf(opening, [1, 4]), DOCUMENT);
  assert.deepEqual([whole.openings[0]?.missing, whole.isWhole], [0, true]);
});

test('a claim needs its secret beside the signature', () => {
  const partial = partialOf({ lock: htlc, path: 0 }, [1]);
  const state = signingState(partial, DOCUMENT);
  assert.deepEqual([state.lacksSecret, state.isWhole, state.openings[0]?.secret], [true, false, 'missing']);
  const shown = signingState(must(addPreimage(partial, SECRET)), DOCUMENT);
  assert.deepEqual([shown.lacksSecret, shown.isWhole, shown.openings[0]?.secret], [false, true, 'there']);
  assert.equal(signingState(partialOf({ lock: htlc, path: 1 }), DOCUMENT).openings[0]?.secret, 'not needed');
});

test('a file is read as bytes, as a text of them, and as nothing else', () => {
  const partial = partialOf({ lock: FUND, path: 0 }, [3]);
  const text = formatPartialText(partial);
  assert.deepEqual(must(readPartial(encodePartial(partial))), partial);
  assert.deepEqual(
    must(readPartial(utf8Bytes(`${text.slice(0, 99)}\n ${text.slice(99).toUpperCase()}\n`))),
    partial,
  );
  assert.deepEqual(must(readPartialText(` ${text} `)), partial);
  for (const [bad, rule] of [
    ['', 'page/partial'],
    ['hello', 'page/partial'],
    ['abc', 'page/partial'],
    [text.slice(2), 'wallet/format'],
  ] as const) {
    const read = readPartialText(bad);
    assert.equal(read.ok ? undefined : read.error.rule, rule, bad.slice(0, 20));
  }
});

test('who is paid is found by name or address', () => {
  const address = formatAddress(testKey(3).address, 'dcal');
  const asked = `calin:${address}?amount=1.5`;
  for (const text of [' bob ', address, asked])
    assert.deepEqual(must(findReceiver(text, DOCUMENT)).address, testKey(3).address);
  assert.equal(must(findReceiver(asked, DOCUMENT)).amountText, '1.5');
  const withLock = { ...DOCUMENT, locks: [{ name: 'fund', lock: FUND }] };
  assert.equal(findReceiver('fund', withLock).ok, true);
  for (const [text, rule] of [
    ['carol', 'page/receiver'],
    ['', 'page/receiver'],
    ['calin:nobody', 'codec/address'],
    [`${address.slice(0, -1)}q`, 'codec/address'],
    [formatAddress(testKey(3).address, 'tcal'), 'codec/address'],
  ] as const) {
    const found = findReceiver(text, DOCUMENT);
    assert.equal(found.ok ? undefined : found.error.rule, rule, text);
  }
});

test('every path of every lock has words', () => {
  const [claim, refund] = spendPaths(htlc);
  assert.ok(claim !== undefined && refund !== undefined);
  assert.deepEqual(
    [0, 1].map((path) => pathTitle(htlc, path)),
    ['Claim with the secret', 'Take back'],
  );
  assert.match(conditionWords(claim.condition) ?? '', /^With the secret whose SHA-256 is /);
  assert.equal(conditionWords(refund.condition), 'In block 50 and later.');
  assert.equal(signersWords(refund), 'This key signs:');
  const [fund] = spendPaths(FUND);
  assert.ok(fund !== undefined);
  assert.equal(signersWords(fund), '2 of these 3 keys sign:');
  assert.equal(signersWords({ ...fund, threshold: 3 }), 'All of these 3 keys sign:');
  assert.equal(conditionWords(fund.condition), undefined);
  assert.equal(
    conditionWords({ kind: 'age', blocksMin: 1200 }),
    'Each coin, once it has rested for 1,200 blocks.',
  );
  assert.match(conditionWords({ kind: 'time', timeMsMin: 0 }) ?? '', /from 1970-01-01 00:00:00 UTC on/);
});
