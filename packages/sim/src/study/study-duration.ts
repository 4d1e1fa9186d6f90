/**
 * The shortest run, in virtual seconds, with faults of the network that one can judge: when all is whole again, two
 * fifths of it are left, and a backup of PBFT may wait for over three seconds before it goes on.
 */
export const STUDY_DURATION_S_MIN = 20;
