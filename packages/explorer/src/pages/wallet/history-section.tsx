import { formatHistoryCsv } from '@calin/client/wallet/history-csv.ts';
import { otherSides, readActivity } from '@calin/client/wallet/read-activity.ts';
import { OK } from '@calin/core/base/result.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { LIVE } from '../../node/queries.ts';
import { ask, rpc } from '../../node/rpc.ts';
import { EmptyRow } from '../../ui/empty-row.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { SelectField, TextField } from '../../ui/text-field.tsx';
import { fitsFilter, type HistoryFilter, wholePart } from '../../wallet/account-activity.ts';
import { namesOf } from '../../wallet/reader.ts';
import { useDeed } from '../../wallet/use-deed.ts';
import { type OpenWallet, useWallet } from '../../wallet/wallet-context.tsx';
import { ActivityRows } from './activity-rows.tsx';
import { LabelCell } from './label-cell.tsx';

/** Accounts whose history is read together. */
const ACCOUNTS_MAX = 12;
/** Entries of a page of each account. */
const PAGE = 25;

/** What happened to the accounts, with labels that can be changed, and as a table for other programs. */
export function HistorySection() {
  const wallet = useWallet();
  const { document, addressOf } = wallet;
  const [filter, setFilter] = useState<HistoryFilter>({ text: '', direction: 'all', account: undefined });
  const { account, text, direction } = filter;
  const wanted = document.accounts
    .filter(({ name }) => account === undefined || name === account)
    .slice(0, ACCOUNTS_MAX)
    .map((one) => ({ account: one.name, address: addressOf(one) }));
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useActivity(wanted);
  const labels = new Map(document.labels.map((label) => [label.of, label.text]));
  const lists = wanted.map(({ account: name }, i) => ({
    account: name,
    entries: data?.pages.flatMap((page) => page[i]?.entries ?? []) ?? [],
    hasMore: typeof data?.pages.at(-1)?.[i]?.next === 'string',
  }));
  const entries = wholePart(lists).filter((entry) => fitsFilter(entry, filter, labels.get(entry.txid)));
  return (
    <div className="space-y-4 sm:space-y-5">
      <div className="panel grid items-start gap-3 p-4 sm:grid-cols-[1fr_12rem_10rem_auto] sm:px-5">
        <TextField
          label="Look for"
          type="search"
          value={text}
          onChange={({ target }) => setFilter({ ...filter, text: target.value })}
          placeholder="label, transaction, symbol"
        />
        <SelectField
          label="Account"
          value={account ?? ''}
          onChange={({ target }) =>
            setFilter({ ...filter, account: target.value === '' ? undefined : target.value })
          }
        >
          <option value="">all</option>
          {document.accounts.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <SelectField
          label="Direction"
          value={direction}
          onChange={({ target }) =>
            setFilter({ ...filter, direction: target.value as HistoryFilter['direction'] })
          }
        >
          <option value="all">both</option>
          <option value="in">received</option>
          <option value="out">sent</option>
        </SelectField>
        <CsvButton account={account ?? document.accounts[0]?.name} />
      </div>
      {error !== null && <RefusalNotice error={error} />}
      <Panel title="History" isFlush={data !== undefined}>
        {data === undefined && error === null && <Loading />}
        {data !== undefined && entries.length === 0 && (
          <EmptyRow>Nothing here is what you look for.</EmptyRow>
        )}
        {entries.length > 0 && (
          <ActivityRows entries={entries} label={(txid) => <LabelCell of={txid} text={labels.get(txid)} />} />
        )}
        {hasNextPage && (
          <div className="px-4 pt-2 pb-4 sm:px-5">
            <button
              type="button"
              className="button"
              disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              Older <Icon name="forward" />
            </button>
          </div>
        )}
      </Panel>
    </div>
  );
}

type Cursors = Readonly<Record<string, string | null>>;

/** A page of each account at a time; an account that has no more is left out of later ones. */
function useActivity(wanted: readonly { readonly account: string; readonly address: string }[]) {
  return useInfiniteQuery({
    queryKey: [LIVE, 'wallet-history', wanted.map(({ address }) => address)],
    initialPageParam: {} as Cursors,
    queryFn: ({ pageParam }) =>
      Promise.all(
        wanted.map(async ({ address }) => {
          const after = pageParam[address];
          if (after === null) return { address, entries: [], next: null };
          const params = { address, limit: PAGE, ...(after === undefined ? {} : { after }) };
          const { entries, next } = await ask('account_getActivity', params);
          return { address, entries, next };
        }),
      ),
    getNextPageParam: (last): Cursors | undefined =>
      last.some(({ next }) => next !== null)
        ? Object.fromEntries(last.map(({ address, next }) => [address, next]))
        : undefined,
  });
}

function CsvButton({ account }: { readonly account: string | undefined }) {
  const wallet = useWallet();
  const deed = useDeed();
  if (account === undefined) return null;
  return (
    <div className="sm:pt-6">
      <button
        type="button"
        className="button w-full"
        disabled={deed.isBusy}
        onClick={() => void deed.run(() => saveHistory(wallet, account))}
      >
        Save “{account}” as CSV
      </button>
      {deed.error !== undefined && (
        <p role="alert" className="pt-1 text-bad text-xs">
          {deed.error}
        </p>
      )}
    </div>
  );
}

async function saveHistory({ document, addressOf }: OpenWallet, name: string) {
  const account = document.accounts.find((one) => one.name === name);
  if (account === undefined) return OK;
  const address = addressOf(account);
  const entries = await readActivity(rpc, address);
  if (!entries.ok) return entries;
  const sides = await otherSides(rpc, entries.value, address, namesOf(document));
  if (!sides.ok) return sides;
  const labels = new Map(document.labels.map(({ of, text }) => [of, text]));
  const names = {
    label: (txid: string) => labels.get(txid),
    contact: (txid: string) => sides.value.get(txid),
  };
  const csv = formatHistoryCsv(entries.value, names, (timeMs) => new Date(timeMs).toISOString());
  saveFile(`${name}.csv`, csv, 'text/csv');
  return OK;
}
