/**
 * Limits of what strangers can make a node remember about them. They are this node's policy: two nodes may differ.
 * Where Bitcoin Core has the same limit its value is kept, because attacks have been measured against it.
 */

/** Points of misbehaviour at which a peer is banned. DISCOURAGEMENT_THRESHOLD of Bitcoin Core (net_processing.h). */
export const BAN_POINTS = 100;

/** Time in which one point is forgiven: a peer that errs now and then is never banned, one that tries is at once. */
export const POINT_MS = 60_000;

/** Peers and machines whose score is remembered, connected or not; those with the fewest points go first. */
export const SCORES_MAX = 4096;

/** How long a ban lasts that nobody ordered. DEFAULT_MISBEHAVING_BANTIME of Bitcoin Core. */
export const BAN_MS = 86_400_000;

/** Records that bans are kept in; only the one that changes is written. */
export const BAN_PAGES = 64;

/** Bans in one record, each of some 150 bytes at most. */
export const BANS_PER_PAGE = 64;

/** Bans that were ordered by hand: they are never displaced, so they have a bound of their own. */
export const ORDERED_BANS_MAX = 1024;

/** Buckets for addresses that were only heard of. ADDRMAN_NEW_BUCKET_COUNT of Bitcoin Core (addrman_impl.h). */
export const NEW_BUCKETS = 1024;

/** Buckets for addresses that were reached. ADDRMAN_TRIED_BUCKET_COUNT. */
export const TRIED_BUCKETS = 256;

/** Addresses in a bucket. ADDRMAN_BUCKET_SIZE. */
export const BUCKET_SLOTS = 64;

/** Buckets that all sources in one network group reach together. ADDRMAN_NEW_BUCKETS_PER_SOURCE_GROUP. */
export const NEW_BUCKETS_PER_SOURCE = 64;

/** Buckets that all reached addresses in one network group fill. ADDRMAN_TRIED_BUCKETS_PER_GROUP. */
export const TRIED_BUCKETS_PER_GROUP = 8;

/** Reached addresses that wait for the older one in their slot to be tested. ADDRMAN_SET_TRIED_COLLISION_SIZE. */
export const CONTESTED_MAX = 10;

/** Age of the last news at which an address is given up. ADDRMAN_HORIZON. */
export const ADDRESS_AGE_MS_MAX = 30 * 86_400_000;

/** Dials in vain after which an address that was never reached is given up. ADDRMAN_RETRIES. */
export const ATTEMPTS_MAX = 3;

/** Dials in vain after which one that was reached longer than a week ago is given up. ADDRMAN_MAX_FAILURES. */
export const ATTEMPTS_AFTER_SUCCESS_MAX = 10;

/** The shortest wait before an address that failed is dialled again; doubles with every failure. */
export const BACKOFF_MS_MIN = 15_000;

/** The wait after a dial that failed while this node had no connection at all: that tells of itself, not of others. */
export const BACKOFF_OFFLINE_MS = 2_000;

/** The longest such wait. */
export const BACKOFF_MS_MAX = 3_600_000;

/** Connections that a node makes. MAX_OUTBOUND_FULL_RELAY_CONNECTIONS of Bitcoin Core (net.h). */
export const OUTBOUND_PEERS = 8;

/** Connections that the network may bring up to as outbound ones; beyond, only those that were dialled are kept. */
export const OUTBOUND_LINKS_MAX = 24;

/** Dials at a time. */
export const DIALS_MAX = 8;

/** A dial without an answer is forgotten after this; the port promises one within ten seconds. */
export const DIAL_TIMEOUT_MS = 30_000;

/** Time between two probes of an address that was only heard of. FEELER_INTERVAL of Bitcoin Core. */
export const FEELER_INTERVAL_MS = 120_000;

/** A probe that has not greeted by then is over. */
export const FEELER_TIMEOUT_MS = 30_000;

/** Peers that are dialled first after a restart. Bitcoin Core keeps two (MAX_BLOCK_RELAY_ONLY_ANCHORS). */
export const ANCHORS_MAX = 4;

/** Time without any address in a new network group after which another peer of a known group is taken. */
export const GROUP_PATIENCE_MS = 60_000;

/** Time without a new head after which one more connection is made. Three blocks' time of Bitcoin Core. */
export const STALE_HEAD_MS = 1_800_000;

/** How long the one more connection has to prove better than the others. */
export const EXTRA_PEER_MS = 600_000;

/** Connections that a node accepts. */
export const INBOUND_PEERS_MAX = 64;

/** Connections of one machine with a public address: some share one, nobody needs the whole table. */
export const INBOUND_PER_HOST_MAX = 8;

/** Share of the address book that is given away. MAX_PCT_ADDR_TO_SEND of Bitcoin Core (net_processing.cpp). */
export const ADDRESS_SHARE_MAX = 0.23;

/** Addresses up to which the share does not matter: a young network must be able to find itself. */
export const ADDRESSES_SHARED_MIN = 32;

/** Time for which all who ask get the same addresses, so that asking often does not read the whole book. */
export const SAMPLE_MS = 600_000;

/** Time between two answers to one peer; half of what an honest one waits, since messages may be late. */
export const ADDRESS_ANSWER_INTERVAL_MS = 60_000;

/** Time between two requests of ours to one peer. */
export const ADDRESS_REPEAT_MS = 120_000;

/** Time within which the answer to our request counts as asked for. */
export const ADDRESS_ANSWER_TIMEOUT_MS = 60_000;

/** Time between two requests of ours, each to one outbound peer. */
export const ADDRESS_REQUEST_INTERVAL_MS = 600_000;

/**
 * Time between two writes of what has changed in the book: short at first, for a young book is soon another, then twice
 * as long each time up to that of Bitcoin Core (DUMP_PEERS_INTERVAL). Between them nothing but news is lost.
 */
export const BOOK_SAVE_INTERVAL_MS = { first: 60_000, last: 900_000 } as const;

/** Buckets of the book that one write may hold: what strangers can make a node write stays small. */
export const BOOK_PAGES_PER_SAVE = 64;
