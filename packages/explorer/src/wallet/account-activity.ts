import type { Activity } from '@calin/client/wallet/history-csv.ts';

/** What a transaction did to one asset of one account. */
export interface AccountActivity extends Activity {
  /** Name of the account. */
  readonly account: string;
}

/** Puts what happened to several accounts into one list, the newest first. */
export function mergeActivity(
  lists: readonly { readonly account: string; readonly entries: readonly Activity[] }[],
): readonly AccountActivity[] {
  const all = lists.flatMap(({ account, entries }) => entries.map((entry) => ({ ...entry, account })));
  return all.toSorted(
    (a, b) => b.height - a.height || b.position - a.position || (a.account < b.account ? -1 : 1),
  );
}

/** What is known of the history of one account: its newest entries. */
export interface ActivitySoFar {
  readonly account: string;
  readonly entries: readonly Activity[];
  /** False when these are all. */
  readonly hasMore: boolean;
}

/**
 * The part of a common history that is whole: nothing older than the oldest known entry of an account of which there
 * are more, since those may lie in between.
 */
export function wholePart(lists: readonly ActivitySoFar[]): readonly AccountActivity[] {
  const open = lists.filter(({ hasMore }) => hasMore);
  const from = open.reduce((height, { entries }) => Math.max(height, entries.at(-1)?.height ?? height), 0);
  return mergeActivity(lists).filter(({ height }) => height >= from);
}

/** What a person looks for in a history: a text in labels, names or ids, and a direction. */
export interface HistoryFilter {
  readonly text: string;
  readonly direction: 'all' | 'in' | 'out';
  /** Name of an account; undefined for all. */
  readonly account: string | undefined;
}

/** Whether an entry is what somebody looks for. */
export function fitsFilter(
  entry: AccountActivity,
  { text, direction, account }: HistoryFilter,
  label: string | undefined,
): boolean {
  if (account !== undefined && entry.account !== account) return false;
  if (direction !== 'all' && entry.direction !== direction) return false;
  const wanted = text.trim().toLowerCase();
  const places = [entry.txid, entry.account, entry.symbol ?? 'CALIN', label ?? '', String(entry.height)];
  return places.some((place) => place.toLowerCase().includes(wanted));
}
