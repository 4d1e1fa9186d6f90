import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Writer } from '../../codec/writer.ts';
import { BLOCK_BYTES_MAX, SEAL_BYTES_MAX, TRANSACTION_BYTES_MAX } from '../../primitives/limits.ts';
import { Wanted } from '../relay/wanted.ts';
import { arbitraryMessages } from './arbitrary.testing.ts';
import { BLOCK_TRANSACTIONS_MAX } from './blocks.ts';
import * as limits from './limits.ts';
import {
  encodeMessage,
  familyOf,
  laneOf,
  MESSAGE_KINDS,
  type Message,
  type MessageKind,
  messageBytes,
  parseMessage,
} from './message.ts';

const hash = (fill: number) => new Uint8Array(32).fill(fill);
const hashes = (count: number) => Array.from({ length: count }, (_, i) => hash(i & 0xff));

const header = {
  version: 1,
  height: 7,
  parent: hash(1),
  timeMs: 1_800_000_000_000,
  producer: hash(2),
  txRoot: hash(3),
  receiptRoot: hash(4),
  stateRoot: hash(5),
  gasUsed: 0,
  baseFee: 1,
  seal: new Uint8Array(64),
} as unknown as Extract<Message, { kind: 'header-announce' }>['header'];

const head = { id: hash(9), height: 1, weight: 2n ** 256n - 1n };
const address = 'a'.repeat(limits.ADDRESS_CHARACTERS_MAX);
const oneTransaction = new Uint8Array(TRANSACTION_BYTES_MAX);
const longHeader = { ...header, seal: new Uint8Array(SEAL_BYTES_MAX) };

/** The longest message of each kind that an honest node has a reason to send. */
const longest: { readonly [K in MessageKind]: Extract<Message, { kind: K }> } = {
  hello: {
    kind: 'hello',
    protocol: 1,
    chainId: hash(0),
    features: 0,
    nonce: new Uint8Array(8),
    head,
    finalHeight: 0,
    timeMs: 0,
    agent: 'x'.repeat(limits.NAME_CHARACTERS_MAX),
    listen: Array.from({ length: limits.LISTEN_ADDRESSES_MAX }, () => address),
  },
  status: { kind: 'status', head, finalHeight: 0 },
  ping: { kind: 'ping', nonce: 0xffff_ffff },
  pong: { kind: 'pong', nonce: 0xffff_ffff },
  bye: { kind: 'bye', rule: 'x'.repeat(limits.NAME_CHARACTERS_MAX) },
  'peers-request': { kind: 'peers-request' },
  peers: { kind: 'peers', addresses: Array.from({ length: limits.PEERS_MAX }, () => address) },
  'tx-announce': { kind: 'tx-announce', txids: hashes(limits.TXIDS_MAX) },
  'tx-request': { kind: 'tx-request', request: 1, txids: hashes(limits.TXIDS_MAX) },
  transactions: { kind: 'transactions', request: 1, transactions: [oneTransaction, oneTransaction] },
  'compact-block': {
    kind: 'compact-block',
    header: longHeader,
    prefilled: [{ index: 0, bytes: oneTransaction }],
    shortIds: new Uint8Array(8 * (BLOCK_TRANSACTIONS_MAX - 1)),
  },
  'header-announce': { kind: 'header-announce', header: longHeader },
  'block-txs-request': {
    kind: 'block-txs-request',
    request: 1,
    blockId: hash(0),
    indexes: Array.from({ length: BLOCK_TRANSACTIONS_MAX }, (_, i) => i),
  },
  'block-txs': {
    kind: 'block-txs',
    request: 1,
    blockId: hash(0),
    transactions: Array.from({ length: 31 }, () => oneTransaction),
  },
  'compact-request': { kind: 'compact-request', blockId: hash(0) },
  'push-mode': { kind: 'push-mode', isWanted: true },
  'headers-request': {
    kind: 'headers-request',
    request: 1,
    locator: hashes(limits.LOCATOR_MAX),
    limit: limits.HEADERS_MAX,
  },
  headers: {
    kind: 'headers',
    request: 1,
    headers: Array.from({ length: limits.HEADERS_MAX }, () => header),
  },
  'bodies-request': { kind: 'bodies-request', request: 1, ids: hashes(limits.BODIES_MAX) },
  body: { kind: 'body', request: 1, id: hash(0), bytes: new Uint8Array(BLOCK_BYTES_MAX) },
  'bodies-missing': { kind: 'bodies-missing', request: 1, ids: hashes(limits.BODIES_MAX) },
  'snapshot-request': { kind: 'snapshot-request', request: 1 },
  'snapshot-outline': {
    kind: 'snapshot-outline',
    request: 1,
    part: 0,
    parts: 1,
    bytes: new Uint8Array(limits.OUTLINE_PART_BYTES_MAX),
  },
  'chunk-request': { kind: 'chunk-request', request: 1, outline: hash(1), index: 1 },
  chunk: { kind: 'chunk', request: 1, index: 1, bytes: new Uint8Array(limits.CHUNK_BYTES_MAX) },
  'past-headers-request': {
    kind: 'past-headers-request',
    request: 1,
    height: 1,
    limit: limits.PAST_HEADERS_MAX,
  },
  'past-headers': {
    kind: 'past-headers',
    request: 1,
    headers: Array.from({ length: limits.PAST_HEADERS_MAX }, () => header),
  },
  'past-blocks-request': {
    kind: 'past-blocks-request',
    request: 1,
    ids: hashes(limits.PAST_BLOCKS_MAX),
  },
  'past-record': {
    kind: 'past-record',
    request: 1,
    id: hash(0),
    record: 'block',
    bytes: new Uint8Array(BLOCK_BYTES_MAX),
  },
  consensus: { kind: 'consensus', engine: 1, payload: new Uint8Array(limits.CONSENSUS_BYTES_MAX) },
  'certificate-request': { kind: 'certificate-request', height: 1 },
  'vote-announce': { kind: 'vote-announce', ids: new Uint8Array(8 * limits.VOTE_IDS_MAX) },
  'vote-request': { kind: 'vote-request', ids: new Uint8Array(8 * limits.VOTE_IDS_MAX) },
};

/** The rule a frame is refused by, or the kind it was read as. */
function read(bytes: Uint8Array): string {
  const parsed = parseMessage(bytes);
  return parsed.ok ? parsed.value.kind : parsed.error.rule;
}

describe('messages', () => {
  for (const kind of MESSAGE_KINDS) {
    it(`${kind}: is read as it was written, and its length is known before`, () => {
      const property = fc.property(arbitraryMessages[kind], (message) => {
        const bytes = encodeMessage(message);
        assert.equal(bytes.length, messageBytes(message));
        const parsed = parseMessage(bytes);
        assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.rule);
        assert.deepEqual(parsed.value, message);
      });
      fc.assert(property, { numRuns: 40 });
    });

    it(`${kind}: the longest one an honest node sends is taken, within the bound of a frame`, () => {
      const bytes = encodeMessage(longest[kind]);
      assert.equal(read(bytes), kind);
      assert.ok(bytes.length <= limits.FRAME_BYTES_MAX);
    });

    it(`${kind}: no beginning of it is a message, nor is one with a byte after it`, () => {
      fc.assert(
        fc.property(arbitraryMessages[kind], fc.nat(), (message, at) => {
          const bytes = encodeMessage(message);
          assert.notEqual(read(bytes.slice(0, at % bytes.length)), kind);
          assert.notEqual(read(Uint8Array.of(...bytes, 0)), kind);
        }),
        { numRuns: 40 },
      );
    });

    it(`${kind}: has a lane and a family`, () => {
      assert.match(laneOf(kind), /^(urgent|bulk)$/);
      assert.ok(familyOf(kind).length > 0);
    });
  }

  it('of no known kind are refused, the empty frame too', () => {
    assert.equal(read(new Uint8Array(0)), 'p2p/unknown-kind');
    for (const tag of [0, 0x06, 0x3f, 0x44, 0x7f, 0x80, 0xff]) {
      assert.equal(read(Uint8Array.of(tag, 1, 2, 3)), 'p2p/unknown-kind');
    }
  });

  it('longer than their kind are refused before they are read', () => {
    const ping = new Uint8Array(6);
    ping[0] = 0x03;
    assert.equal(read(ping), 'p2p/frame-too-large');
  });

  it('longer than their kind are never made', () => {
    const transactions = [oneTransaction, oneTransaction, oneTransaction];
    assert.throws(
      () => encodeMessage({ kind: 'transactions', request: 1, transactions }),
      /bytes of transactions/,
    );
  });

  it('with a list over its limit are refused', () => {
    const announce = new Writer().u8(0x10).u16(limits.TXIDS_MAX + 1);
    assert.equal(read(announce.finish()), 'codec/limit');
    const headersRequest = new Writer()
      .u8(0x20)
      .u32(1)
      .u16(limits.HEADERS_MAX + 1)
      .u16(0);
    assert.equal(read(headersRequest.finish()), 'codec/limit');
    const votes = new Writer().u8(0x42).u16(limits.VOTE_IDS_MAX + 1);
    assert.equal(read(votes.finish()), 'codec/limit');
  });

  it('with another order than the canonical one are refused', () => {
    const request = new Writer().u8(0x1a).u32(1).hash(hash(0)).u32(2);
    assert.equal(read(request.u32(5).u32(5).finish()), 'codec/not-canonical');
    assert.equal(read(new Writer().u8(0x43).u16(0).finish()), 'codec/not-canonical');
    const compact = (indexes: readonly number[], shortIds: number) => {
      const bytes = encodeMessage({ kind: 'header-announce', header });
      const writer = new Writer().u8(0x18).bytes(bytes.subarray(1)).u32(indexes.length);
      for (const index of indexes) writer.u32(index).u32(1).u8(0);
      return read(
        writer
          .u32(shortIds)
          .bytes(new Uint8Array(8 * shortIds))
          .finish(),
      );
    };
    assert.equal(compact([0, 2], 1), 'compact-block');
    assert.equal(compact([2, 0], 1), 'codec/not-canonical');
    assert.equal(compact([0, 0], 1), 'codec/not-canonical');
    assert.equal(compact([0, 3], 1), 'codec/limit');
  });

  it('with text that is not printable ASCII are refused', () => {
    const bye = (...codes: number[]) => new Writer().u8(0x05).u16(codes.length).bytes(Uint8Array.from(codes));
    assert.equal(read(bye(0x41).finish()), 'bye');
    for (const code of [0, 10, 31, 127, 200]) assert.equal(read(bye(code).finish()), 'codec/text');
    const empty = new Writer().u8(0x09).u8(1).u16(0).u8(0).finish();
    assert.equal(read(empty), 'codec/text');
  });

  it('that are read hold on to nothing of the frame', () => {
    const bytes = encodeMessage({ kind: 'chunk', request: 1, index: 2, bytes: Uint8Array.of(1, 2, 3) });
    const parsed = parseMessage(bytes);
    bytes.fill(0xff);
    assert.ok(parsed.ok && parsed.value.kind === 'chunk');
    assert.deepEqual([...parsed.value.bytes], [1, 2, 3]);
  });

  it('that bring ids and transactions are views of a frame, which whoever keeps one has to copy', () => {
    const [txid, transaction] = [new Uint8Array(32).fill(1), new Uint8Array(200).fill(2)];
    const announced = parseMessage(encodeMessage({ kind: 'tx-announce', txids: [txid, txid] }));
    assert.ok(announced.ok && announced.value.kind === 'tx-announce');
    const [one] = announced.value.txids;
    assert.ok(one !== undefined && one.buffer.byteLength > 32);
    assert.deepEqual(one, txid);
    assert.equal(
      new Wanted(one, '').txid.buffer.byteLength,
      32,
      'what is wanted for long does not keep the frame',
    );
    const given = parseMessage(
      encodeMessage({ kind: 'transactions', request: 1, transactions: [transaction] }),
    );
    assert.ok(given.ok && given.value.kind === 'transactions');
    assert.deepEqual(given.value.transactions, [transaction]);
  });
});
