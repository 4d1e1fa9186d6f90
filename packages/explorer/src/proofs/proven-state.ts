import { proveValue } from '@calin/client/light/verify-state.ts';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { Namespace } from '@calin/core/state/namespaces.ts';
import type { StateView } from '@calin/core/state/view.ts';
import { askProofs, type BatchServer } from './ask-proofs.ts';

/** Rounds of questions: what is read first says what is read next, and nothing that the ledger keeps lies deeper. */
const ROUNDS_MAX = 12;
/** Entries that are proved for one answer. */
const ENTRIES_MAX = 1000;

interface Entry {
  readonly namespace: Namespace;
  readonly key: Uint8Array;
}

/**
 * Runs the ledger's own code on the state after a block of which nothing is known: each entry that it reads is asked
 * for, checked against the header, and then it runs again.
 *
 * @param read - reads values, no coins, and always the same for the same values
 * @returns what it read in the end, undefined when it reads more than a page should ask for, or the refusal of a proof
 */
export async function readProvenState<T extends object>(
  header: Header,
  server: BatchServer,
  read: (view: StateView) => T | undefined,
): Promise<Result<T | undefined>> {
  const known = new Map<string, Uint8Array | undefined>();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const wanted = new Map<string, Entry>();
    const value = tryRead(read, known, wanted);
    if (wanted.size === 0) return ok(value);
    if (known.size + wanted.size > ENTRIES_MAX) return ok(undefined);
    const entries = [...wanted];
    const questions = entries.map(([, { namespace, key }]) => ({ namespace, key: toHex(key) }));
    const answers = await askProofs(questions, header.height, server);
    if (!answers.ok) return answers;
    for (const [i, [name, entry]] of entries.entries()) {
      const answer = answers.value[i];
      assert(answer !== undefined, 'each question has an answer');
      const proof = proveValue(header, entry, answer);
      if (!proof.ok) return proof;
      known.set(name, answer.value);
    }
  }
  return ok(undefined);
}

function tryRead<T>(
  read: (view: StateView) => T,
  known: ReadonlyMap<string, Uint8Array | undefined>,
  wanted: Map<string, Entry>,
): T | undefined {
  const view: StateView = {
    coin(): undefined {
      assert(false, 'only values are read');
    },
    value(namespace, key) {
      const name = `${namespace}:${toHex(key)}`;
      if (!known.has(name)) wanted.set(name, { namespace, key: key.slice() });
      return known.get(name);
    },
  };
  try {
    return read(view);
  } catch (error) {
    // What is not known yet looks as if it were not there, which the ledger takes for a broken state.
    if (wanted.size > 0) return undefined;
    throw error;
  }
}
