/** The part of sodium-native 5.1 (libsodium 1.0.21) that Calin uses; the package brings no types. */
declare module 'sodium-native' {
  const sodium: {
    /**
     * True when libsodium accepts the signature. Throws when `signature` is not 64 or `publicKey` not 32 bytes.
     */
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  };
  export default sodium;
}
