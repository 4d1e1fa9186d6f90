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
    /** Writes a 64-byte number modulo the order of the base point. */
    crypto_core_ed25519_scalar_reduce(reduced: Uint8Array, wide: Uint8Array): void;
    /** Writes the sum of two points, which may be one of them; throws when one is none. */
    crypto_core_ed25519_add(sum: Uint8Array, a: Uint8Array, b: Uint8Array): void;
    /** Writes a multiple of a point; throws when it is not of the subgroup of the base point, or either is neutral. */
    crypto_scalarmult_ed25519_noclamp(product: Uint8Array, scalar: Uint8Array, point: Uint8Array): void;
    /** Writes a multiple of the base point; throws when it is the neutral one. */
    crypto_scalarmult_ed25519_base_noclamp(product: Uint8Array, scalar: Uint8Array): void;
  };
  export default sodium;
}
