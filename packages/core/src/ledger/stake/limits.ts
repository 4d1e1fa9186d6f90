/** Pools that can be chosen: so many are read and put in order at the end of an epoch, some 40 ms of one core. */
export const POOLS_MAX = 2048;

/**
 * Shares of the smallest delegation. A part of a share is lost to the pool when a delegation is made: of so many shares
 * it is less than a millionth, whatever a share is worth. Also keeps dust out of the state.
 */
export const DELEGATION_SHARES_MIN = 1_000_000;

/** Delegations of one owner that rest at a time, before withdrawing makes room. */
export const UNBONDINGS_MAX = 16;

/** Moves from other validators that one delegation can still answer for. */
export const TIES_MAX = 4;

/** Convictions of one validator. The first ends its service; more are for what it had done until then. */
export const CONVICTIONS_MAX = 16;

/** The most that the sender of evidence may keep of what it costs the pool, in thousandths. */
export const REPORTER_PERMILLE = 50;

/** Epochs for which an offence of an authority can be shown; there is no stake that could leave before. */
export const AUTHORITY_EVIDENCE_EPOCHS = 14;

/**
 * Certificates of an epoch below which it says nothing that somebody signed none of them. Whoever makes a certificate
 * chooses which signatures it holds above two thirds; with up to a third of dishonest makers, all of sixteen are theirs
 * once in forty million epochs.
 */
export const SILENCE_CERTIFICATES_MIN = 16;
