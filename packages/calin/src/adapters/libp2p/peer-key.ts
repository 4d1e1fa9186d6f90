import { readFileSync } from 'node:fs';
import { ok, type Result } from '@calin/core/base/result.ts';
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import type { PrivateKey } from '@libp2p/interface';
import { refuseAdapter } from '../../rules.ts';
import { writeDurably } from '../durable-file.ts';

/**
 * The key that proves which peer this node is: an Ed25519 key of its own, never one that signs blocks or spends coins.
 * It is made at the first start and kept in a file that only its owner can read, in libp2p's encoding.
 *
 * @returns the key, `folder/malformed` for a file that holds no Ed25519 key, or `folder/io`
 * @see https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#keys
 */
export async function loadPeerKey(path: string): Promise<Result<PrivateKey>> {
  try {
    return parsePeerKey(path, readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return ioFailure(path, error);
  }
  const key = await generateKeyPair('Ed25519');
  try {
    writeDurably(path, privateKeyToProtobuf(key), 0o600);
  } catch (error) {
    return ioFailure(path, error);
  }
  return ok(key);
}

function parsePeerKey(path: string, bytes: Uint8Array): Result<PrivateKey> {
  let key: PrivateKey | undefined;
  try {
    key = privateKeyFromProtobuf(bytes);
  } catch {
    // What is wrong with it nobody can repair; the refusal says what to do.
  }
  if (key?.type === 'Ed25519') return ok(key);
  return refuseAdapter('folder/malformed', { file: path, why: 'it holds no Ed25519 key' });
}

function ioFailure(path: string, error: unknown): Result<never> {
  return refuseAdapter('folder/io', {
    folder: path,
    why: error instanceof Error ? error.message : String(error),
  });
}
