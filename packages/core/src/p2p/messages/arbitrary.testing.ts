import fc from 'fast-check';
import { arbitraryHeader } from '../../primitives/arbitrary.testing.ts';
import type { HeadStatus } from './fields.ts';
import { ADDRESS_CHARACTERS_MAX, LISTEN_ADDRESSES_MAX, NAME_CHARACTERS_MAX } from './limits.ts';
import type { Message, MessageKind, MessageOf } from './message.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const blob = (min: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: min, maxLength: 300 });
const hash = bytes(32);
const hashes = fc.array(hash, { maxLength: 5 });
const voteIds = fc.nat({ max: 4 }).chain((count) => bytes(8 * (count + 1)));
const u8 = fc.nat({ max: 0xff });
const u16 = fc.nat({ max: 0xffff });
const u32 = fc.oneof(fc.constantFrom(0, 1, 0xffff_ffff), fc.nat({ max: 0xffff_ffff }));
const ascii = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
    minLength,
    maxLength,
  });
const addresses = fc.array(ascii(1, ADDRESS_CHARACTERS_MAX), { maxLength: LISTEN_ADDRESSES_MAX });
const headers = fc.array(arbitraryHeader, { maxLength: 3 });
const indexes = fc
  .uniqueArray(fc.nat({ max: 200_000 }), { maxLength: 6 })
  .map((list) => list.toSorted((a, b) => a - b));

/** Like fast-check's `record`, with the prototype that an object literal has: deepEqual compares it. */
function record<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(fields, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

const headStatus = record<HeadStatus>({
  id: hash,
  height: u32,
  weight: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.bigInt({ min: 0n, max: 1000n })),
});

/** Up to four prefilled transactions among up to twelve. */
const compact = fc
  .tuple(arbitraryHeader, fc.array(fc.tuple(fc.boolean(), blob(0), bytes(8)), { maxLength: 12 }))
  .map(
    ([header, all]): MessageOf<'compact-block'> => ({
      kind: 'compact-block',
      header,
      prefilled: all.flatMap(([isPrefilled, body], index) => (isPrefilled ? [{ index, bytes: body }] : [])),
      shortIds: Uint8Array.from(all.flatMap(([isPrefilled, , id]) => (isPrefilled ? [] : [...id]))),
    }),
  );

type Fields<K extends MessageKind> = {
  [F in Exclude<keyof MessageOf<K>, 'kind'>]: fc.Arbitrary<MessageOf<K>[F]>;
};

function message<K extends MessageKind>(kind: K, fields: Fields<K>): fc.Arbitrary<Message> {
  const all: Record<string, fc.Arbitrary<unknown>> = { kind: fc.constant(kind), ...fields };
  return record(all) as fc.Arbitrary<unknown> as fc.Arbitrary<Message>;
}

/** Messages of each kind, within the limits. */
export const arbitraryMessages: { readonly [K in MessageKind]: fc.Arbitrary<Message> } = {
  hello: message('hello', {
    protocol: u16,
    chainId: hash,
    features: u32,
    nonce: bytes(8),
    head: headStatus,
    finalHeight: u32,
    timeMs: fc.maxSafeNat(),
    agent: ascii(0, NAME_CHARACTERS_MAX),
    listen: addresses,
  }),
  status: message('status', { head: headStatus, finalHeight: u32 }),
  ping: message('ping', { nonce: u32 }),
  pong: message('pong', { nonce: u32 }),
  bye: message('bye', { rule: ascii(0, NAME_CHARACTERS_MAX) }),
  'peers-request': message('peers-request', {}),
  peers: message('peers', { addresses }),
  'tx-announce': message('tx-announce', { txids: hashes }),
  'tx-request': message('tx-request', { request: u32, txids: hashes }),
  transactions: message('transactions', {
    request: u32,
    transactions: fc.array(blob(1), { maxLength: 4 }),
  }),
  'compact-block': compact,
  'header-announce': message('header-announce', { header: arbitraryHeader }),
  'block-txs-request': message('block-txs-request', { request: u32, blockId: hash, indexes }),
  'block-txs': message('block-txs', {
    request: u32,
    blockId: hash,
    transactions: fc.array(blob(1), { maxLength: 4 }),
  }),
  'compact-request': message('compact-request', { blockId: hash }),
  'push-mode': message('push-mode', { isWanted: fc.boolean() }),
  'headers-request': message('headers-request', {
    request: u32,
    locator: hashes,
    limit: fc.nat({ max: 2_000 }),
  }),
  headers: message('headers', { request: u32, headers }),
  'bodies-request': message('bodies-request', { request: u32, ids: hashes }),
  body: message('body', { request: u32, id: hash, bytes: blob(0) }),
  'bodies-missing': message('bodies-missing', { request: u32, ids: hashes }),
  'snapshot-request': message('snapshot-request', { request: u32 }),
  'snapshot-outline': message('snapshot-outline', {
    request: u32,
    part: u16,
    parts: u16,
    bytes: blob(0),
  }),
  'chunk-request': message('chunk-request', { request: u32, outline: hash, index: u32 }),
  chunk: message('chunk', { request: u32, index: u32, bytes: blob(0) }),
  'past-headers-request': message('past-headers-request', {
    request: u32,
    height: u32,
    limit: fc.nat({ max: 256 }),
  }),
  'past-headers': message('past-headers', { request: u32, headers }),
  'past-blocks-request': message('past-blocks-request', { request: u32, ids: hashes }),
  'past-record': message('past-record', {
    request: u32,
    id: hash,
    record: fc.constantFrom('block' as const, 'receipts' as const),
    bytes: blob(0),
  }),
  consensus: message('consensus', { engine: u8, payload: blob(0) }),
  'certificate-request': message('certificate-request', { height: u32 }),
  'vote-announce': message('vote-announce', { ids: voteIds }),
  'vote-request': message('vote-request', { ids: voteIds }),
};

/** Any message. */
export const arbitraryMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(arbitraryMessages));
