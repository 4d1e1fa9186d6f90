import type { Amount } from '../../base/amount.ts';
import { fromHex } from '../../base/bytes.ts';
import type { Header } from '../../primitives/header.ts';
import { encodeMessage, type Message } from './message.ts';

const hash = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

const header: Header = {
  version: 1,
  height: 258,
  parent: hash(0x11),
  timeMs: 1_767_225_600_000,
  producer: hash(0x12),
  txRoot: hash(0x13),
  receiptRoot: hash(0x14),
  stateRoot: hash(0x15),
  gasUsed: 1_000,
  baseFee: 10 as Amount,
  seal: fromHex('a1a2a3a4a5'),
};

const head = { id: hash(0x21), height: 258, weight: 0x0102_0304_0506_0708_090an };

/** One message of each kind. */
const MESSAGES: readonly Message[] = [
  {
    kind: 'hello',
    protocol: 1,
    chainId: hash(0x31),
    features: 7,
    nonce: fromHex('0102030405060708'),
    head,
    finalHeight: 250,
    timeMs: 1_767_225_600_123,
    agent: 'calin/0.1.0',
    listen: ['/ip4/192.0.2.1/tcp/7400/p2p/12D3KooW', '/dns4/node.example/tcp/443/wss'],
  },
  { kind: 'status', head, finalHeight: 250 },
  { kind: 'ping', nonce: 0xdead_beef },
  { kind: 'pong', nonce: 0xdead_beef },
  { kind: 'bye', rule: 'p2p/wrong-chain' },
  { kind: 'peers-request' },
  { kind: 'peers', addresses: ['/ip4/192.0.2.1/tcp/7400/p2p/12D3KooW'] },
  { kind: 'tx-announce', txids: [hash(0x41), hash(0x42)] },
  { kind: 'tx-request', request: 1, txids: [hash(0x42)] },
  { kind: 'transactions', request: 1, transactions: [fromHex('010203'), fromHex('04')] },
  {
    kind: 'compact-block',
    header,
    prefilled: [
      { index: 0, bytes: fromHex('010203') },
      { index: 2, bytes: fromHex('04') },
    ],
    shortIds: fromHex('51515151515151515252525252525252'),
  },
  { kind: 'header-announce', header },
  { kind: 'block-txs-request', request: 2, blockId: hash(0x61), indexes: [1, 3, 1_000] },
  { kind: 'block-txs', request: 2, blockId: hash(0x61), transactions: [fromHex('010203')] },
  { kind: 'compact-request', blockId: hash(0x61) },
  { kind: 'push-mode', isWanted: true },
  { kind: 'headers-request', request: 3, locator: [hash(0x71), hash(0x72)], limit: 2_000 },
  { kind: 'headers', request: 3, headers: [header, { ...header, height: 259, seal: new Uint8Array(0) }] },
  { kind: 'bodies-request', request: 4, ids: [hash(0x81)] },
  { kind: 'body', request: 4, id: hash(0x81), bytes: fromHex('010203') },
  { kind: 'bodies-missing', request: 4, ids: [hash(0x81)] },
  { kind: 'snapshot-request', request: 5 },
  { kind: 'snapshot-outline', request: 5, part: 0, parts: 1, bytes: fromHex('010203') },
  { kind: 'chunk-request', request: 6, outline: hash(0x91), index: 9 },
  { kind: 'chunk', request: 6, index: 9, bytes: fromHex('010203') },
  { kind: 'past-headers-request', request: 7, height: 250, limit: 100 },
  { kind: 'past-headers', request: 7, headers: [header] },
  { kind: 'past-blocks-request', request: 8, ids: [hash(0xa1)] },
  { kind: 'past-record', request: 8, id: hash(0xa1), record: 'receipts', bytes: fromHex('010203') },
  { kind: 'consensus', engine: 1, payload: fromHex('010203') },
  { kind: 'certificate-request', height: 258 },
  { kind: 'vote-announce', ids: fromHex('b1b1b1b1b1b1b1b1b2b2b2b2b2b2b2b2') },
  { kind: 'vote-request', ids: fromHex('b1b1b1b1b1b1b1b1') },
];

/** The frame of a message of each kind. */
export function frameVectors() {
  return MESSAGES.map((message) => ({ message, frame: encodeMessage(message) }));
}
