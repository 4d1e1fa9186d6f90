import { BLOCK_BYTES_MAX, SEAL_BYTES_MAX, TRANSACTION_BYTES_MAX } from '../../primitives/limits.ts';

/**
 * Limits of the messages, equal on every node: what is over one is refused before it is read. Each list is long enough
 * for a full round of its use and short enough that handling one message stays far below a block's time.
 */

/** Bytes of any frame: a whole block and what stands around it. */
export const FRAME_BYTES_MAX = BLOCK_BYTES_MAX + 1024;

/** Characters of an address; a relayed multiaddr takes about 200. */
export const ADDRESS_CHARACTERS_MAX = 256;

/** Characters of a node's name for its software, and of a rule's id. */
export const NAME_CHARACTERS_MAX = 64;

/** Own addresses in a hello. */
export const LISTEN_ADDRESSES_MAX = 8;

/** Addresses in one answer of the peer exchange. */
export const PEERS_MAX = 100;

/** Ids in one announcement or request of transactions. */
export const TXIDS_MAX = 1_000;

/** Bytes of transactions in one bundle, when it holds more than one: small against a second of a slow link. */
export const BUNDLE_BYTES_MAX = 1_048_576 + TRANSACTION_BYTES_MAX;

/** Ids of a locator. */
export const LOCATOR_MAX = 100;

/** Headers in one answer. */
export const HEADERS_MAX = 2_000;

/** Bytes of headers in one answer: 2,000 with a signature each are half of it; long seals mean fewer headers. */
export const HEADERS_BYTES_MAX = 1_048_576 + SEAL_BYTES_MAX;

/** Bodies asked for at once. */
export const BODIES_MAX = 64;

/** Bytes of transactions sent with a compact block because the receiver will not have them: the reward, mostly. */
export const PREFILLED_BYTES_MAX = 2 * TRANSACTION_BYTES_MAX;

/** Bytes of a short id: the first of a transaction's leaf. */
export const SHORT_ID_BYTES = 8;

/** Bytes of an outline in one message. */
export const OUTLINE_PART_BYTES_MAX = 1_048_576;

/** Bytes of one chunk of a snapshot; equal to `SNAPSHOT_CHUNK_BYTES_MAX` of the state. */
export const CHUNK_BYTES_MAX = 262_144;

/** Headers in one answer to a node that begins with a snapshot: each is a signature to check, all of it in one turn. */
export const PAST_HEADERS_MAX = 256;

/** Blocks with their receipts that are asked for at once. */
export const PAST_BLOCKS_MAX = 16;

/** Bytes of a message between consensus engines: a certificate of 1,024 validators has 65,748 at most. */
export const CONSENSUS_BYTES_MAX = 69_632;

/** Votes named in one message: more than two rounds of a hundred validators. */
export const VOTE_IDS_MAX = 512;

/** Bytes of the name of a vote or a certificate; see vote-id.ts. */
export const VOTE_ID_BYTES = 8;
