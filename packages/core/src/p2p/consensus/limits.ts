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
