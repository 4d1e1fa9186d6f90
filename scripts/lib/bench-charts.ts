import { fieldOf, findResult, INGEST_SIZE, measuredGoals } from './bench-goals.ts';
import { resultKey, type SavedResult } from './bench-results.ts';
import { type Bar, barChart } from './charts/bar-chart.ts';
import { goalChart } from './charts/goal-chart.ts';
import { lineChart } from './charts/line-chart.ts';
import { type Parts, partChart } from './charts/part-chart.ts';
import { IMPORT_PEERS, INGEST_PEERS, type Peer } from './peers.ts';

/** A picture of the results. */
export interface Chart {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

/** The charts for which there are results. */
export function benchCharts(results: readonly SavedResult[]): readonly Chart[] {
  const charts = [goals, peers, costs, curve, memory, disk].map((chart) => chart(results));
  return charts.filter((chart) => chart !== undefined);
}

type MaybeChart = (results: readonly SavedResult[]) => Chart | undefined;

const goals: MaybeChart = (results) => {
  const measured = measuredGoals(results);
  const title =
    'What was set out for, and what was measured (× the signature rate of all cores, or what is named)';
  return measured.length === 0 ? undefined : { name: 'bench-goals', title, svg: goalChart(title, measured) };
};

const peers: MaybeChart = (results) => {
  const imported = largestImport(results, false);
  const ingested = (['binary', 'json'] as const).flatMap((endpoint) => {
    const result = findResult(results, 'ingest', { endpoint, ...INGEST_SIZE });
    const label = endpoint === 'binary' ? 'Calin, bundles of bytes' : 'Calin, JSON-RPC';
    return result === undefined ? [] : [ownBar(label, result)];
  });
  if (imported === undefined || ingested.length === 0) return undefined;
  const title = 'Signed transfers a second on the same two cores';
  const groups = [
    {
      title: 'Import of blocks by a fresh node, every signature checked, everything on disk',
      bars: [ownBar('Calin', imported), ...IMPORT_PEERS.map(peerBar)],
    },
    {
      title: 'From a client over RPC into blocks (anvil keeps nothing on disk)',
      bars: [...ingested, ...INGEST_PEERS.map(peerBar)],
    },
  ];
  return { name: 'bench-peers', title, svg: barChart(title, groups) };
};

function ownBar(label: string, result: SavedResult): Bar {
  return { label, value: fieldOf(result, 'transfersPerSecond'), own: true };
}

function peerBar({ name, perSecond }: Peer): Bar {
  return { label: name, value: perSecond, own: false };
}

const costs: MaybeChart = (results) => {
  const rows = [false, true].flatMap((verified): Parts[] => {
    const result = largestImport(results, verified);
    return result === undefined ? [] : [importParts(result, verified)];
  });
  if (rows.length === 0) return undefined;
  const title = 'Where the processor time of an imported transfer goes';
  return { name: 'bench-costs', title, svg: partChart(title, 'µs', rows) };
};

/** The rest is what is neither: the store with its own threads, the engine, the reading of files. */
function importParts(result: SavedResult, verified: boolean): Parts {
  const signature = verified ? 0 : fieldOf(result, 'cpuUsPerSignature');
  const takeIn = fieldOf(result, 'takeInUsPerTransfer');
  const apply = fieldOf(result, 'applyUsPerTransfer');
  const rest = Math.max(0, fieldOf(result, 'cpuUsPerTransfer') - signature - takeIn - apply);
  const parts = [
    { name: 'signature', value: signature },
    { name: 'apply, with the state root', value: apply },
    { name: 'read and hash', value: takeIn },
    { name: 'store, engine and the rest', value: rest },
  ];
  const label = `${verified ? 'Signatures known beforehand' : 'Every signature checked'}, ${coinsOf(result)} coins`;
  return { label, parts };
}

function coinsOf({ options }: SavedResult): string {
  return Number(options['coins']).toLocaleString('en-US');
}

/** The last of the imports with the most coins, up to a million. */
function largestImport(results: readonly SavedResult[], verified: boolean): SavedResult | undefined {
  const found = results
    .filter(({ bench, options }) => bench === 'import' && options['verified'] === verified)
    .filter(({ options }) => options['index'] === false && Number(options['coins']) <= 1_000_000)
    .toSorted((a, b) => Number(a.options['coins']) - Number(b.options['coins']));
  const last = found.at(-1);
  return last === undefined ? undefined : results.findLast((result) => resultKey(result) === resultKey(last));
}

const curve: MaybeChart = (results) => {
  const longest = results
    .filter(({ bench }) => bench === 'sync-curve')
    .toSorted((a, b) => Number(a.options['blocks']) - Number(b.options['blocks']))
    .at(-1);
  const values = longest?.['transfersPerSecondByTenth'];
  if (longest === undefined || !Array.isArray(values)) return undefined;
  const { blocks, transfers } = longest.options;
  const title = 'The pace of a long import';
  const label = `Transfers a second: ${blocks} blocks of ${transfers}, from ${coinsOf(longest)} coins on`;
  return { name: 'bench-curve', title, svg: lineChart(title, { label, values }, 'tenth of the import') };
};

const memory: MaybeChart = (results) => {
  const rows = results
    .filter(({ bench }) => bench === 'memory')
    .toSorted((a, b) => Number(a.options['coins']) - Number(b.options['coins']));
  const latest = new Map(rows.map((result) => [resultKey(result), result]));
  if (latest.size === 0) return undefined;
  const title = 'Memory that a coin takes, the tree over it included';
  const parts = [...latest.values()].map((result): Parts => {
    const entry = fieldOf(result, 'entryBytes');
    const rest = Math.max(0, fieldOf(result, 'rssBytesPerCoin') - entry);
    return {
      label: `${coinsOf(result)} coins`,
      parts: [
        { name: 'its key and record', value: entry },
        { name: 'index, tree and room to grow', value: rest },
      ],
    };
  });
  return { name: 'bench-memory', title, svg: partChart(title, 'bytes', parts) };
};

const DISK_PARTS: readonly (readonly [kind: string, name: string])[] = [
  ['blocks', 'block'],
  ['undo', 'undo'],
  ['receipts', 'receipt'],
  ['checkpoint', 'checkpoint'],
];

const disk: MaybeChart = (results) => {
  const result = findResult(results, 'disk', { coins: 100_000 });
  if (result === undefined) return undefined;
  const title = 'What a transfer adds to the data folder, before compression';
  const row = (label: string, field: string): Parts => {
    const records = (result[field] ?? {}) as Readonly<Record<string, number>>;
    const known = DISK_PARTS.map(([kind, name]) => ({ name, value: records[kind] ?? 0 }));
    const index = (records['transactionIndex'] ?? 0) + (records['addressHistory'] ?? 0);
    return { label, parts: [...known, { name: 'index', value: index }] };
  };
  const onDisk = (field: string) => `${fieldOf(result, field)} bytes of files`;
  const rows = [
    row(`Without the index: ${onDisk('bytesPerTransfer')}`, 'recordBytesPerTransfer'),
    row(`With the index: ${onDisk('bytesPerTransferWithIndex')}`, 'recordBytesPerTransferWithIndex'),
  ];
  return { name: 'bench-disk', title, svg: partChart(title, 'bytes', rows) };
};
