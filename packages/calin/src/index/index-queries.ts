import { NATIVE_DECIMALS } from '@calin/client/units/amount-text.ts';
import { fromHex, isZero, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { encodeKey, parseKey, shapeOf } from '@calin/core/index/row-codec.ts';
import { refuseIndex } from '@calin/core/index/rules.ts';
import { bounded, planSeries, seriesPoint } from '@calin/core/index/series.ts';
import type { AnyRow, Cell, RowOf, Table } from '@calin/core/index/table.ts';
import {
  ASSETS,
  BLOCKS,
  type BlockRow,
  HOLDERS,
  MOVEMENTS,
  PRODUCER_ORDER,
  PRODUCERS,
  TIP,
  TOKEN_ORDER,
  TOKEN_WORDS,
  TOKENS,
  type TokenRow,
} from '@calin/core/index/tables.ts';
import { foldText } from '@calin/core/index/token-words.ts';
import { formatAddress, parseAddress } from '@calin/core/primitives/address.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import { type IndexedToJson, PAGE } from '@calin/core/rpc/json/index-fields.ts';
import type { ParamsOf, ResultOf } from '@calin/core/rpc/method.ts';
import type { Methods } from '@calin/core/rpc/methods.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { findText } from './find-text.ts';
import type { IndexReader, IndexStore } from './index-store.ts';

/** What a question needs beside its parameters. */
export interface QueryPlace {
  readonly reader: IndexReader;
  readonly indexedTo: IndexedToJson;
  /** Of addresses. */
  readonly prefix: string;
}

type Answer<Name extends keyof Methods> = Promise<Result<ResultOf<Methods[Name]>>>;
type Query<Name extends keyof Methods> = (place: QueryPlace, params: ParamsOf<Methods[Name]>) => Answer<Name>;

/** The methods that are answered from the index alone. */
const QUERIES = {
  account_getActivity: activity,
  token_list: tokens,
  token_getHolders: holders,
  chain_getBlocks: blocks,
  chart_getSeries: series,
  producer_list: producers,
  search_find: findText,
} as const satisfies { readonly [Name in keyof Methods]?: Query<Name> };

/** True for a method that {@link answerQuery} knows. */
export function isQuery(name: string): name is keyof typeof QUERIES {
  return Object.hasOwn(QUERIES, name);
}

/**
 * Answers a method from the index, all of it as of one moment.
 *
 * @param params - as the schema of the method has checked them
 */
export function answerQuery(
  store: IndexStore,
  prefix: string,
  name: keyof typeof QUERIES,
  params: unknown,
): Promise<Result<unknown>> {
  return store.read(async (reader) => {
    const [tip] = await reader.get(TIP, [[0]]);
    if (tip === undefined) return refuseIndex('index/empty');
    const indexedTo = { height: tip.height, id: toHex(tip.id) };
    const query = QUERIES[name] as (place: QueryPlace, params: unknown) => Promise<Result<unknown>>;
    return query({ prefix, reader, indexedTo }, params);
  });
}

async function activity(
  { reader, indexedTo, prefix }: QueryPlace,
  { address: text, limit = PAGE, after }: ParamsOf<Methods['account_getActivity']>,
): Answer<'account_getActivity'> {
  const address = parseAddress(text, prefix);
  if (!address.ok) return address;
  const to = readCursor(MOVEMENTS, after, 1);
  if (!to.ok) return to;
  const range = {
    within: [address.value],
    reverse: true,
    limit: limit + 1,
    ...(to.value && { to: to.value }),
  };
  const { rows, next } = page(MOVEMENTS, await reader.range(MOVEMENTS, range), limit);
  const times = await byKey(
    reader,
    BLOCKS,
    rows.map(({ height }) => height),
  );
  const known = await byKey(
    reader,
    TOKENS,
    rows.map(({ asset }) => asset),
  );
  const entries = rows.map(({ txid, height, position, asset, received, sent }) => ({
    txid: toHex(txid),
    height,
    position,
    timeMs: times.get(height)?.timeMs ?? 0,
    asset,
    symbol: known.get(asset)?.symbol ?? null,
    decimals: known.get(asset)?.decimals ?? NATIVE_DECIMALS,
    received,
    sent,
    direction: received > sent ? ('in' as const) : received < sent ? ('out' as const) : ('even' as const),
    reward: position === 0,
  }));
  return ok({ indexedTo, entries, next });
}

async function tokens(
  place: QueryPlace,
  { text, limit = PAGE, after }: ParamsOf<Methods['token_list']>,
): Answer<'token_list'> {
  const { reader, indexedTo } = place;
  const word = foldText(text ?? '');
  const table = word === '' ? TOKEN_ORDER : TOKEN_WORDS;
  const cursor = readCursor(table, after, 0);
  if (!cursor.ok) return cursor;
  let found: { readonly assets: readonly number[]; readonly next: string | null };
  if (word === '') {
    const to = cursor.value && { to: cursor.value };
    const rows = await reader.range(TOKEN_ORDER, { reverse: true, limit: limit + 1, ...to });
    const { rows: kept, next } = page(TOKEN_ORDER, rows, limit);
    found = { assets: kept.map(({ asset }) => asset), next };
  } else {
    const range = { from: cursor.value ?? [word], to: [`${word}\u{10ffff}`], limit: limit + 2 };
    const rows = await reader.range(TOKEN_WORDS, range);
    // The last row of the page before is where this one begins.
    const rest = cursor.value === undefined ? rows : rows.slice(1);
    const { rows: kept, next } = page(TOKEN_WORDS, rest, limit);
    found = { assets: kept.map(({ asset }) => asset), next };
  }
  const list = await presentTokens(place, [...new Set(found.assets)]);
  return ok({ indexedTo, tokens: list, next: found.next });
}

async function presentTokens({ reader, prefix }: QueryPlace, assets: readonly number[]) {
  const known = await byKey(reader, TOKENS, assets);
  const counts = await byKey(reader, ASSETS, assets);
  return assets.flatMap((asset) => {
    const token = known.get(asset);
    return token === undefined ? [] : [presentToken(token, counts.get(asset), prefix)];
  });
}

function presentToken(token: TokenRow, counts: RowOf<typeof ASSETS> | undefined, prefix: string) {
  const { asset, symbol, name, decimals, supply, supplyMax, minter, height, txid } = token;
  return {
    asset,
    symbol,
    name,
    decimals,
    supply,
    supplyMax,
    minter: isZero(minter) ? null : formatAddress(minter, prefix),
    height,
    txid: toHex(txid),
    holders: counts?.holders ?? 0,
    movements: counts?.movements ?? 0,
  };
}

async function holders(
  { reader, indexedTo, prefix }: QueryPlace,
  { asset, limit = PAGE, after }: ParamsOf<Methods['token_getHolders']>,
): Answer<'token_getHolders'> {
  const to = readCursor(HOLDERS, after, 1);
  if (!to.ok) return to;
  const [token] = await reader.get(TOKENS, [[asset]]);
  if (token === undefined && asset !== NATIVE_ASSET) return refuseRpc('rpc/token-unknown', { got: asset });
  const [counts] = await reader.get(ASSETS, [[asset]]);
  const [head] = await reader.get(BLOCKS, [[indexedTo.height]]);
  const range = { within: [asset], reverse: true, limit: limit + 1, ...(to.value && { to: to.value }) };
  const { rows, next } = page(HOLDERS, await reader.range(HOLDERS, range), limit);
  return ok({
    indexedTo,
    asset,
    symbol: token?.symbol ?? null,
    decimals: token?.decimals ?? NATIVE_DECIMALS,
    supply: token?.supply ?? (head === undefined ? 0 : head.totalIssued - head.totalBurned),
    total: counts?.holders ?? 0,
    holders: rows.map(({ address, amount }) => ({ address: formatAddress(address, prefix), amount })),
    next,
  });
}

async function blocks(
  { reader, indexedTo, prefix }: QueryPlace,
  { limit = PAGE, before }: ParamsOf<Methods['chain_getBlocks']>,
): Answer<'chain_getBlocks'> {
  const to = before === undefined ? {} : { to: [before] };
  const rows = await reader.range(BLOCKS, { reverse: true, limit, ...to });
  const last = rows.at(-1)?.height ?? 0;
  const list = rows.map((row) => presentBlock(row, prefix));
  return ok({ indexedTo, blocks: list, next: last > 0 ? last : null });
}

function presentBlock(row: BlockRow, prefix: string) {
  const { height, timeMs, transactions, fees, burned, issued, bytes, gas, baseFee } = row;
  return {
    height,
    id: toHex(row.id),
    timeMs,
    producer: formatAddress(row.producer, prefix),
    transactions,
    fees,
    burned,
    issued,
    bytes,
    gasUsed: gas,
    baseFee,
    weight: row.weight.toString(),
  };
}

async function series(
  { reader, indexedTo }: QueryPlace,
  { from = 1, to = indexedTo.height, points = 200 }: ParamsOf<Methods['chart_getSeries']>,
): Answer<'chart_getSeries'> {
  const first = Math.max(1, from);
  if (to > indexedTo.height) return refuseRpc('rpc/block-unknown', { height: to });
  if (to < first) return ok({ indexedTo, from: first, to, bucketBlocks: 1, points: [] });
  const { bucketBlocks, ends } = planSeries(first, to, points);
  const rows = await reader.get(
    BLOCKS,
    [first - 1, ...ends].map((height) => [height]),
  );
  const known = rows.filter((row) => row !== undefined);
  const list = known.slice(1).map((row, i) => seriesPoint(known[i] as BlockRow, row));
  return ok({ indexedTo, from: first, to, bucketBlocks, points: list });
}

async function producers(
  { reader, indexedTo, prefix }: QueryPlace,
  { limit = PAGE, after }: ParamsOf<Methods['producer_list']>,
): Answer<'producer_list'> {
  const to = readCursor(PRODUCER_ORDER, after, 0);
  if (!to.ok) return to;
  const range = { reverse: true, limit: limit + 1, ...(to.value && { to: to.value }) };
  const { rows, next } = page(PRODUCER_ORDER, await reader.range(PRODUCER_ORDER, range), limit);
  const known = await reader.get(
    PRODUCERS,
    rows.map(({ producer }) => [producer]),
  );
  const found = known.filter((row) => row !== undefined);
  const times = await byKey(
    reader,
    BLOCKS,
    found.map(({ lastHeight }) => lastHeight),
  );
  const list = found.map(({ producer, blocks: made, fees, firstHeight, lastHeight }) => ({
    address: formatAddress(producer, prefix),
    blocks: made,
    tips: bounded(fees),
    firstHeight,
    lastHeight,
    lastTimeMs: times.get(lastHeight)?.timeMs ?? 0,
  }));
  return ok({ indexedTo, total: indexedTo.height, producers: list, next });
}

/** Rows by their key, which is one number, each read once. */
async function byKey<T extends Table>(
  reader: IndexReader,
  table: T,
  keys: readonly number[],
): Promise<Map<number, RowOf<T>>> {
  const each = [...new Set(keys)];
  const rows = await reader.get(
    table,
    each.map((key) => [key]),
  );
  return new Map(rows.flatMap((row, i) => (row === undefined ? [] : [[each[i] as number, row] as const])));
}

/** The first rows of one more than a page has, and the cursor of the next page. */
function page<T extends Table>(
  table: T,
  rows: readonly RowOf<T>[],
  limit: number,
): { readonly rows: readonly RowOf<T>[]; readonly next: string | null } {
  if (rows.length <= limit) return { rows, next: null };
  const kept = rows.slice(0, limit);
  const last = kept.at(-1) as AnyRow;
  const cells = shapeOf(table).key.map(([name]) => last[name] as Cell);
  return { rows: kept, next: toHex(encodeKey(table, cells)) };
}

/**
 * The columns of a cursor after the first `skip` ones; undefined when there is no cursor. Refuses by `index/cursor`.
 *
 * @param skip - columns that the question itself says
 */
function readCursor(
  table: Table,
  text: string | undefined,
  skip: number,
): Result<readonly Cell[] | undefined> {
  if (text === undefined) return ok(undefined);
  const cells = parseKey(table, fromHex(text));
  return cells === undefined ? refuseIndex('index/cursor') : ok(cells.slice(skip));
}
