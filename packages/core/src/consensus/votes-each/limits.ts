/**
 * Rounds of one height. Time-outs grow with the round, so that a network would have to stand still for weeks to come
 * here; the bound keeps the schedule of proposers small.
 */
export const ROUNDS_MAX = 65_536;

/** Rounds before the present one whose votes are kept: late precommits may still decide, late prevotes still unlock. */
export const ROUNDS_PAST_MAX = 2;

/** Rounds after the present one whose votes are kept, for others may be a little faster. */
export const ROUNDS_AHEAD_MAX = 2;

/** Blocks whose verdict is remembered; a forgotten one is asked for again. */
export const VERDICTS_MAX = 64;

/** Certificates of past heights that are kept, to help who is late and to find two that contradict each other. */
export const CERTIFICATES_KEPT = 16;

/** Quorums of prevotes of one height that are kept, one a round; they explain locks, and a broken one. */
export const POLKAS_KEPT = 4;

/** Certificates of others for a height that was decided twice, each of which is looked at once. */
export const DISPUTED_MAX = 16;

/** Votes of others that are sent again at a time. What does not fit follows at the next time. */
export const RESENT_VOTES_MAX = 64;

/** Signatures that may be asked for and not given yet. */
export const SIGN_JOBS_MAX = 16;

/** The longest time-out of any round: growing on would only make a healed network wait. */
export const TIMEOUT_MS_MAX = 600_000;
