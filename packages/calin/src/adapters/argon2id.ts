import { argon2 } from 'node:crypto';
import type { Argon2id } from '@calin/client/keystore/argon2id.ts';

/** Argon2id by OpenSSL on a thread of Node's pool, so that the event loop goes on meanwhile. */
export const argon2idNode: Argon2id = (password, salt, { memoryKiB, passes, parallelism, length }) =>
  new Promise((resolve, reject) => {
    const parameters = {
      message: password,
      nonce: salt,
      memory: memoryKiB,
      passes,
      parallelism,
      tagLength: length,
    };
    argon2('argon2id', parameters, (error, tag) => {
      if (error === null) resolve(new Uint8Array(tag.buffer, tag.byteOffset, tag.length));
      else reject(error);
    });
  });
