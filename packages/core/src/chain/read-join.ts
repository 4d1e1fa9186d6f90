import type { ReadStore } from '../ports/store.ts';
import { layout } from './layout.ts';
import { type JoinRecord, parseJoin } from './records.ts';

/** What a store says of joining by a snapshot; undefined when it says nothing, or nothing that can be read. */
export function readJoin(store: ReadStore): JoinRecord | undefined {
  const bytes = store.get(layout.join);
  const join = bytes === undefined ? undefined : parseJoin(bytes);
  return join?.ok === true ? join.value : undefined;
}
