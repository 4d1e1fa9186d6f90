/** Heavy work, done elsewhere: on all cores of a real machine, inline in a simulator. */
export interface Compute {
  /**
   * Checks signatures by ZIP-215.
   *
   * @param records - packed checks of 128 bytes each ({@link packSignatureChecks}); not to be written to again
   * @param done - called once, perhaps before this call returns, with one byte for each record in its order: 1 for a
   *   valid signature, 0 for any other. Requests may be answered in another order than they were given: a small
   *   one need not wait for a large one. After the port is closed nothing is called any more.
   */
  checkSignatures(records: Uint8Array, done: SignaturesDone): void;
}

/** Takes the verdicts of {@link Compute.checkSignatures}. */
export type SignaturesDone = (valid: Uint8Array) => void;
