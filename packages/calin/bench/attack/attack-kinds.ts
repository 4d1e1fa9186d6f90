import { randomBytes } from 'node:crypto';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { encodeMessage, type Message } from '@calin/core/p2p/messages/message.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import { BULK_FRAME_BYTES_MAX, URGENT_FRAME_BYTES_MAX } from '../../src/adapters/libp2p/limits.ts';

/** What an attacker knows of the chain. */
export interface AttackScene {
  /** A good one, which is bent. */
  readonly header: Header;
  /** Blocks that the victim has. */
  readonly blockIds: readonly Hash[];
}

/** Bytes for one of the two streams to the victim. */
export interface Shot {
  readonly lane: 'urgent' | 'bulk';
  readonly bytes: Uint8Array;
  /** Frames have their length put before them; what is raw is sent as it is. */
  readonly isRaw?: boolean;
}

/** One way to attack: what is sent, again and again. */
export interface AttackKind {
  readonly name: string;
  /** The attacker says hello first, as a good peer does. */
  readonly saysHello: boolean;
  /** The attacker never reads what is sent to it. */
  readonly neverReads?: boolean;
  shot(scene: AttackScene, count: number): Shot;
}

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const randoms = (count: number): Hash[] => Array.from({ length: count }, () => random(32));

function message(said: Message, lane: Shot['lane'] = 'urgent'): Shot {
  return { lane, bytes: encodeMessage(said) };
}

/** The length of a frame and the first of its bytes. */
function beginning(length: number, bytes: number): Uint8Array {
  const begun = new Uint8Array(4 + bytes);
  new DataView(begun.buffer).setUint32(0, length, true);
  return begun;
}

function bent({ header }: AttackScene, height = header.height + 1): Header {
  return { ...header, height, parent: random(32), txRoot: random(32), timeMs: header.timeMs + 1 };
}

/** A tag that no message has. */
const UNKNOWN_TAG = 0xee;

/** Messages that a node takes from a peer as they are, so that only their number is wrong. */
const FLOODS: readonly AttackKind[] = [
  {
    name: 'pings',
    saysHello: true,
    shot: (_scene, count) => message({ kind: 'ping', nonce: count }),
  },
  {
    name: 'announcements of made-up transactions',
    saysHello: true,
    shot: () => message({ kind: 'tx-announce', txids: randoms(1000) }),
  },
  {
    name: 'bodies asked for and never read',
    saysHello: true,
    neverReads: true,
    shot: ({ blockIds }, request) => {
      const ids = Array.from({ length: 64 }, (_, i) => blockIds[i % blockIds.length] as Hash);
      return message({ kind: 'bodies-request', request, ids });
    },
  },
];

/** What no honest node sends. */
const LIES: readonly AttackKind[] = [
  {
    name: 'headers that do not connect',
    saysHello: true,
    shot: (scene, request) => {
      if (request % 2 === 0) return message({ kind: 'header-announce', header: bent(scene) });
      const headers = Array.from({ length: 100 }, (_, i) => bent(scene, scene.header.height + i));
      return message({ kind: 'headers', request, headers }, 'bulk');
    },
  },
  {
    name: 'compact blocks of nonsense',
    saysHello: true,
    shot: (scene) => {
      const prefilled = [{ index: 0, bytes: random(200) }];
      return message({ kind: 'compact-block', header: bent(scene), prefilled, shortIds: random(8 * 4000) });
    },
  },
];

/** What is no message at all. */
const NOISE: readonly AttackKind[] = [
  {
    name: 'random bytes as frames',
    saysHello: true,
    shot: (_scene, count) => ({
      lane: count % 2 === 0 ? 'urgent' : 'bulk',
      bytes: random(1 + (count % 4096)),
    }),
  },
  {
    name: 'messages cut short',
    saysHello: true,
    shot: (scene) => {
      const { bytes } = message({ kind: 'header-announce', header: bent(scene) });
      return { lane: 'urgent', bytes: bytes.subarray(0, bytes.length - 1) };
    },
  },
  {
    name: 'frames that never end',
    saysHello: false,
    shot: (_scene, count) =>
      count < 2
        ? { lane: 'bulk', bytes: beginning(BULK_FRAME_BYTES_MAX, count * 2 ** 20), isRaw: true }
        : { lane: 'bulk', bytes: new Uint8Array(0), isRaw: true },
  },
  {
    name: 'frames that are too long',
    saysHello: true,
    shot: () => ({ lane: 'urgent', bytes: beginning(URGENT_FRAME_BYTES_MAX + 1, 16), isRaw: true }),
  },
  {
    name: 'unknown kinds',
    saysHello: true,
    shot: () => {
      const bytes = random(512);
      bytes[0] = UNKNOWN_TAG;
      return { lane: 'urgent', bytes };
    },
  },
];

/** All ways to attack; attackers take them in turn. */
export const ATTACK_KINDS: readonly AttackKind[] = [...NOISE, ...FLOODS, ...LIES];
