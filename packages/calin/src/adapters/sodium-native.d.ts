/** The part of sodium-native 5.1 (libsodium 1.0.21) that Calin uses; the package brings no types. */
declare module 'sodium-native' {
  const sodium: {
    /**
     * True when libsodium accepts the signature. Throws when `signature` is not 64 or `publicKey` not 32 bytes.
     */
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
    /** Writes the 32-byte public and the 64-byte secret key of a 32-byte seed. */
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
    /** Writes the 64-byte signature by RFC 8032; `secretKey` has 64 bytes. */
    crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
  };
  export default sodium;
}
