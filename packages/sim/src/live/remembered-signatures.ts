import { toHex } from '@calin/core/base/bytes.ts';
import type { Signatures } from '../signatures.ts';

/** Results that are remembered of each kind; the oldest are worked out again. A watched run has some thousand. */
const REMEMBERED_MAX = 50_000;

/**
 * The same signatures, each worked out once: a run that is replayed checks and makes the very same ones, and in
 * TypeScript they would be most of its work. What a key signs and draws follows from key and message alone.
 */
export function rememberSignatures({ verify, sign, prove }: Signatures): Signatures {
  const verdicts = new Map<string, boolean>();
  const signed = new Map<string, ReturnType<typeof sign>>();
  const drawn = new Map<string, Uint8Array>();
  return {
    verify(check) {
      const { publicKey, message, signature } = check;
      return recall(verdicts, [publicKey, signature, message], () => verify(check));
    },
    sign: (message, secretKey) => recall(signed, [secretKey, message], () => sign(message, secretKey)),
    prove: (secretKey, input) => recall(drawn, [secretKey, input], () => prove(secretKey, input)),
  };
}

/** What follows from some bytes, all but the last of a fixed length: from memory, or worked out. */
function recall<T>(known: Map<string, T>, from: readonly Uint8Array[], workOut: () => T): T {
  const name = from.map(toHex).join('');
  const found = known.get(name);
  if (found !== undefined) return found;
  const result = workOut();
  known.set(name, result);
  for (const oldest of known.keys()) {
    if (known.size <= REMEMBERED_MAX) break;
    known.delete(oldest);
  }
  return result;
}
