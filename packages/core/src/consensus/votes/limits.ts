/** Checkpoints behind the last final one whose votes are kept: what is signed late may still be evidence. */
export const CHECKPOINTS_PAST_MAX = 4;

/** Checkpoints ahead of the head whose votes are kept, for others may have more blocks. */
export const CHECKPOINTS_AHEAD_MAX = 4;

/** Checkpoints whose votes are kept at all. Beyond, while nothing becomes final, the oldest go. */
export const CHECKPOINTS_MAX = 64;

/** Certificates that are kept, for who is late and to find two that contradict each other. */
export const CERTIFICATES_KEPT = 64;

/** Certificates that wait for the block of their target. */
export const PENDING_MAX = 32;

/** Certificates that are sent again at a time. */
export const RESENT_CERTIFICATES_MAX = 8;

/** Votes of others that are sent again at a time. */
export const RESENT_VOTES_MAX = 64;
