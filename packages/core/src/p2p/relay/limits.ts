/**
 * Limits of relay. They are this node's policy, and each bounds what a stranger can make it hold or do.
 */

/** Peers that are told apart by one bit each: more than a node ever holds connections. */
export const RELAY_PEERS_MAX = 128;

/** Transactions of which it is remembered who has them: the largest pool, and as many again that have left it. */
export const KNOWN_TRANSACTIONS_MAX = 262_144;

/** Transactions that wait to be announced or can still be announced to a peer that has just come. */
export const ANNOUNCE_LOG_MAX = 16_384;

/** Of these, how many a new peer is told about: what came while it was away, not the whole pool. */
export const ANNOUNCE_BACKLOG_MAX = 4_096;

/** Announcements to one peer at a time; with the delays below, some ten thousand transactions a second. */
export const ANNOUNCE_MESSAGES_MAX = 4;

/**
 * How long news is gathered before it is announced, from the least to the most. The time is drawn for all inbound
 * peers at once: a stranger with many connections still sees one moment (as Bitcoin Core does for inbound peers).
 */
export const ANNOUNCE_DELAY_MS = {
  outbound: { min: 100, max: 300 },
  inbound: { min: 250, max: 500 },
} as const;

/**
 * How long a transaction stays in the pool before a few peers are told of it again: the first announcement may have
 * been lost, and nobody else may have it. Several blocks, so that in quiet times there is nothing to tell.
 */
export const ANNOUNCE_AGAIN_MS = { min: 60_000, max: 90_000 } as const;
/** Transactions that are told again at a time, the oldest of the log. */
export const ANNOUNCE_AGAIN_MAX = 200;
/** Peers that are told again. */
export const ANNOUNCE_AGAIN_PEERS = 2;

/** How often a node that is catching up looks whether it can ask for what was announced meanwhile. */
export const CATCH_UP_CHECK_MS = 1_000;

/** Transactions that a peer has announced and nobody has delivered (MAX_PEER_TX_ANNOUNCEMENTS of Bitcoin Core). */
export const WANTED_PER_PEER_MAX = { outbound: 5_000, inbound: 1_000 } as const;

/** Transactions that one peer is asked for at a time. */
export const REQUESTED_PER_PEER_MAX = 1_000;

/** The same for a peer that keeps failing to deliver: halved with each request that it left, down to this. */
export const REQUESTED_PER_PEER_MIN = 8;

/** After this time transactions are asked from another peer that has announced them. */
export const TRANSACTION_TIMEOUT_MS = 5_000;

/**
 * Times in a row that a peer may leave what it is asked for unanswered: a network that loses messages does not lose so
 * many. Beyond them each is held against it: it announces what it does not give.
 */
export const FAILURES_FREE = 4;

/** Peers and machines that have left requests, connected or not; those that have left the fewest go first. */
export const UNANSWERED_MAX = 4_096;

/** After this time a verdict on what was delivered does not come any more: others are asked. */
export const VERDICT_TIMEOUT_MS = 60_000;

/** Bytes of transactions in one message; one more transaction may follow (see the wire format). */
export const TRANSACTIONS_MESSAGE_BYTES = 1_048_576;

/** Bytes of transactions of blocks and pool that one peer is sent in a second on average, and at once. */
export const SERVED_BYTES_PER_SECOND = 8_388_608;
/** See {@link SERVED_BYTES_PER_SECOND}: two blocks of the largest size. */
export const SERVED_BYTES_BURST = 67_108_864;

/** Submissions of one peer that wait for their verdict. */
export const SUBMISSIONS_PER_PEER_MAX = 64;

/** Headers of one peer that are kept until their time has come: a producer makes a block for each of its slots. */
export const EARLY_PER_PEER_MAX = 4;

/** Orphans: transactions whose parents are not known. Bitcoin Core kept 100. */
export const ORPHANS_MAX = 100;
/** Of one peer. */
export const ORPHANS_PER_PEER_MAX = 16;
/** A larger one is not worth keeping; the bytes of a package are bounded by the same number. */
export const ORPHAN_BYTES_MAX = 101_000;
/** An orphan that nobody completes in this time is let go. */
export const ORPHAN_AGE_MS_MAX = 60_000;
/** Parents that are asked for at most: as many as a package may have. */
export const ORPHAN_PARENTS_MAX = 24;

/** Transactions from which blocks are put together: the largest pool, and some that have just left it. */
export const RECENT_TRANSACTIONS_MAX = 131_072;
/** Bytes of the same. */
export const RECENT_BYTES_MAX = 100_663_296;
/** How long a transaction is kept after it has left the pool: a rival block may bring it. */
export const RECENT_AGE_MS_MAX = 60_000;

/** Blocks whose relay is remembered: who has them, and what was sent. */
export const RECENT_BLOCKS_MAX = 64;
/** Of these, how many are kept whole to serve what others are missing, and their bytes. */
export const SERVED_BLOCKS_MAX = 8;
/** See {@link SERVED_BLOCKS_MAX}: at least one block whatever its size. */
export const SERVED_BLOCK_BYTES_MAX = 67_108_864;

/** Blocks that are being put together at a time. */
export const PENDING_BLOCKS_MAX = 8;
/** Different descriptions of one block that are tried at a time: a liar cannot keep an honest one away. */
export const ATTEMPTS_PER_BLOCK_MAX = 3;
/** After this time without an answer another peer is asked too: for a description, or what is missing of a block. */
export const MISSING_SLOW_MS = 1_500;
/** The same for a whole block. */
export const WHOLE_SLOW_MS = 5_000;
/** An answer that comes later is not taken any more: the largest block takes as long on a slow link. */
export const BLOCK_ANSWER_TIMEOUT_MS = 20_000;
/** Peers that are asked at a time to complete one description. */
export const BLOCK_REQUESTS_MAX = 3;

/** Where more than this share of a block is missing, its body is asked for as a whole: one round trip is spared. */
export const MISSING_SHARE_MAX = 0.5;
/** Below this number of missing transactions they are asked for alone, whatever their share. */
export const MISSING_COUNT_FREE = 16;

/** Peers that are asked to send compact blocks without being asked each time, as in BIP 152. */
export const PUSH_PEERS_MAX = 3;
/** A compact block of so few bytes is sent to everybody: an announcement would not be much smaller. */
export const PUSH_ALL_BYTES_MAX = 4_096;

/** Bytes of transactions that a compact block carries besides the reward: what its receivers will hardly have. */
export const PREFILLED_EXTRA_BYTES_MAX = 16_384;
/** A transaction that came less than this before its block has not reached everybody yet. */
export const PREFILLED_AGE_MS_MAX = 1_000;

/** Peers that are asked at a time for a block of which only the id is known. */
export const WANT_PEERS = 3;
