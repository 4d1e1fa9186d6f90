/**
 * Limits of passing votes on. They are this node's policy.
 */

/** How long a node that lacks certificates waits before it asks again, or asks somebody else. */
export const ASK_AGAIN_MS = 500;

/** The same where nothing came of it time and again: it may be that nothing becomes final. */
export const ASK_AGAIN_MS_MAX = 30_000;

/** Blocks after which it asks at once, while blocks come faster than that. */
export const ASK_AGAIN_BLOCKS = 64;

/** Certificates that a peer is given at once when it asks for them; one more every {@link GIVE_AGAIN_MS}. */
export const GIVEN_BURST = 16;

/** See {@link GIVEN_BURST}: a certificate of 1,024 validators has 64 KiB. */
export const GIVE_AGAIN_MS = 20;

/** Pause between two certificates of the past: to check one may take a few hundred milliseconds. */
export const PAST_PAUSE_MS = 100;

/** How long a certificate of the past is waited for, before another peer is asked. */
export const PAST_WAIT_MS = 2_000;

/** Peers that are asked for one. What none of them has is left until {@link PAST_AGAIN_MS} is over. */
export const PAST_ASKED_MAX = 8;

/** See {@link PAST_ASKED_MAX}. */
export const PAST_AGAIN_MS = 600_000;

/** Votes and certificates that are remembered, to tell what is new and to give them to peers that ask. */
export const VOTES_KEPT = 4_096;

/** Their bytes: certificates of 1,024 validators have 64 KiB. */
export const VOTES_KEPT_BYTES = 8 * 1024 * 1024;

/** How long one is remembered after it was last heard of: as long as nodes send again what is still voted on. */
export const VOTES_KEPT_MS = 30_000;

/**
 * How long announcements are gathered. Votes themselves come sooner on links where they are sent unasked; and of two
 * peers one announces first, so that the other has no need to.
 */
export const ANNOUNCE_DELAY_MS = 50;

/** How long a vote that was asked for is waited for, before another peer is asked: a slow round trip. */
export const VOTE_WAIT_MS = 500;

/** How long somebody else has to announce a vote before a peer is asked that has not answered lately. */
export const HESITATE_MS = 100;

/** What was taken for nothing when it came is asked for again when it is announced after this. */
export const VOTE_AGAIN_MS = 1_000;

/** Votes that one peer has announced first and nobody has given yet. What it announces beyond is not asked for. */
export const VOTES_WANTED_MAX = 512;

/** The same for a peer that did not answer lately. */
export const VOTES_WANTED_LATE_MAX = 64;

/** How often is looked who has not answered. */
export const LOOK_FOR_LATE_MS = 50;

/** Peers that are remembered to have a vote that is missing here. */
export const GIVERS_MAX = 4;

/** Votes of a validator that a peer is sent unasked after it has asked for two of its votes nearly in a row. */
export const FOLLOWED_VOTES = 64;

/** How many votes of a validator may lie between these two. */
export const FOLLOW_WITHIN_VOTES = 8;

/** Bytes of votes that a peer is given when it asks, each second and at once: below what it may be sent. */
export const VOTES_GIVEN_PER_SECOND = 1024 * 1024;

/** See {@link VOTES_GIVEN_PER_SECOND}. */
export const VOTES_GIVEN_BURST = 4 * 1024 * 1024;
