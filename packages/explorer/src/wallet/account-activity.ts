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
