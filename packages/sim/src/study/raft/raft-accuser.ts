import { assert } from '@calin/core/base/assert.ts';
import { entryName } from '../study-node.ts';
import type { Accuser } from '../study-protocol.ts';
import type { RaftMessage } from './raft-messages.ts';

/** Entries that are remembered: more than any run makes. */
const CLAIMS_MAX = 1_000_000;

/**
 * Names leaders that sent two different entries for one place of the log in one term. Only who sees all channels can:
 * nothing in Raft is signed, so no server could show it to another.
 */
export class RaftAccuser implements Accuser<RaftMessage> {
  readonly guilty = new Map<number, string>();
  readonly #claims = new Map<string, string>();

  heard(from: number, message: RaftMessage): void {
    if (message.kind !== 'append') return;
    for (const [i, { term, request }] of message.entries.entries()) {
      // Entries of earlier terms are those of other leaders.
      if (term !== message.term) continue;
      const index = message.prevLogIndex + 1 + i;
      const key = `${from} ${term} ${index}`;
      const name = entryName(request);
      const known = this.#claims.get(key);
      if (known === undefined) this.#claims.set(key, name);
      else if (known !== name) this.guilty.set(from, `two entries at ${index} in term ${term}`);
    }
    assert(this.#claims.size <= CLAIMS_MAX, 'a run ends before');
  }
}
