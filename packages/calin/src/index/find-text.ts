import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { type HashRange, parseSearch } from '@calin/core/index/search-text.ts';
import {
  BLOCK_IDS,
  BLOCKS,
  MOVEMENTS,
  TOKEN_WORDS,
  TOKENS,
  type TokenRow,
  TRANSACTIONS,
} from '@calin/core/index/tables.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { ParamsOf, ResultOf } from '@calin/core/rpc/method.ts';
import type { Methods } from '@calin/core/rpc/methods.ts';
import type { QueryPlace } from './index-queries.ts';
import type { IndexReader } from './index-store.ts';

type Found = ResultOf<Methods['search_find']>['results'][number];

/** Results that are given when nothing is said. */
const RESULTS = 10;

const NOTHING = {
  exact: false,
  height: null,
  id: null,
  position: null,
  address: null,
  asset: null,
  symbol: null,
  name: null,
} as const;

/** Whatever a text may mean, the exact ones first. */
export async function findText(
  { reader, indexedTo, prefix }: QueryPlace,
  { text, limit = RESULTS }: ParamsOf<Methods['search_find']>,
): Promise<Result<ResultOf<Methods['search_find']>>> {
  const meaning = parseSearch(text, prefix);
  const results: Found[] = [];
  if (meaning.height !== undefined) results.push(...(await findHeight(reader, meaning.height)));
  if (meaning.address !== undefined) results.push(presentAddress(meaning.address, prefix, true));
  if (meaning.asset !== undefined) results.push(...(await findAsset(reader, meaning.asset)));
  if (meaning.ids !== undefined) results.push(...(await findIds(reader, meaning.ids, limit)));
  if (meaning.word !== undefined) results.push(...(await findWord(reader, meaning.word, limit)));
  if (meaning.addresses !== undefined) {
    for (const address of await findAddresses(reader, meaning.addresses, limit))
      results.push(presentAddress(address, prefix, false));
  }
  const [exact, others] = [results.filter((one) => one.exact), results.filter((one) => !one.exact)];
  return ok({ indexedTo, results: [...exact, ...others].slice(0, limit) });
}

async function findHeight(reader: IndexReader, height: number): Promise<Found[]> {
  const [row] = await reader.get(BLOCKS, [[height]]);
  return row === undefined ? [] : [{ ...NOTHING, kind: 'block', exact: true, height, id: toHex(row.id) }];
}

async function findAsset(reader: IndexReader, asset: number): Promise<Found[]> {
  const [token] = await reader.get(TOKENS, [[asset]]);
  return token === undefined ? [] : [presentToken(token, true)];
}

async function findIds(reader: IndexReader, ids: HashRange, limit: number): Promise<Found[]> {
  const range = { from: [ids.from], limit, ...(ids.to && { to: [ids.to] }) };
  const exact = ids.isWhole;
  const blocks = await reader.range(BLOCK_IDS, range);
  const transactions = await reader.range(TRANSACTIONS, range);
  return [
    ...blocks.map(({ id, height }) => ({ ...NOTHING, kind: 'block' as const, exact, height, id: toHex(id) })),
    ...transactions.map(({ txid, height, position }) => ({
      ...NOTHING,
      kind: 'transaction' as const,
      exact,
      height,
      position,
      id: toHex(txid),
    })),
  ];
}

async function findWord(reader: IndexReader, word: string, limit: number): Promise<Found[]> {
  // A token may be found by its symbol and by words of its name: each is shown once.
  const rows = await reader.range(TOKEN_WORDS, { from: [word], to: [`${word}\u{10ffff}`], limit: 3 * limit });
  const assets = [...new Set(rows.map(({ asset }) => asset))].slice(0, limit);
  const tokens = await reader.get(
    TOKENS,
    assets.map((asset) => [asset]),
  );
  return tokens
    .filter((token) => token !== undefined)
    .map((token) => presentToken(token, token.symbol.toLowerCase() === word));
}

/** Addresses that coins have moved for, each found by one step to the next one. */
async function findAddresses(reader: IndexReader, range: HashRange, limit: number): Promise<Address[]> {
  const found: Address[] = [];
  let from: readonly (Uint8Array | number)[] = [range.from];
  while (found.length < limit) {
    const [row] = await reader.range(MOVEMENTS, { from, limit: 1, ...(range.to && { to: [range.to] }) });
    if (row === undefined) break;
    found.push(row.address);
    // Above every height there can be.
    from = [row.address, 0xffff_ffff];
  }
  return found;
}

function presentAddress(address: Address, prefix: string, exact: boolean): Found {
  return { ...NOTHING, kind: 'address', exact, address: formatAddress(address, prefix) };
}

function presentToken({ asset, symbol, name, height }: TokenRow, exact: boolean): Found {
  return { ...NOTHING, kind: 'token', exact, asset, symbol, name, height };
}
