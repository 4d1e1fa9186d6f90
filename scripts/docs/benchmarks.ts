import { readFileSync } from 'node:fs';
import { benchCharts, type Chart } from '../lib/bench-charts.ts';
import { formatOptions } from '../lib/bench-check.ts';
import { latestResults, parseResults, RESULTS_PATH, type SavedResult } from '../lib/bench-results.ts';
import type { GeneratedPage } from '../lib/generated.ts';
import { IMPORT_PEERS, INGEST_PEERS, PEER_MEASUREMENT, PEER_VERSIONS, type Peer } from '../lib/peers.ts';
import { fromRoot } from '../lib/workspace.ts';

const INTRODUCTION = `# What the benchmarks have seen

\`npm run docs\` makes this page and its charts from the committed results; [benchmarks.md](benchmarks.md) says what
each benchmark does and how to read it. Ratios can be compared between machines, times and rates cannot.
`;

/** Fields of which a table shows the first ones that a result has, beside its ratio. */
const SHOWN = [
  'shareRatio',
  'blockP50Ms',
  'blockP99Ms',
  'finalPerSecond',
  'nodeCpuUsPerTransfer',
  'transfersPerSecond',
  'signaturesPerSecond',
  'cpuUsPerTransfer',
  'mainCpuUsPerTransfer',
  'eventLoopP999Ms',
  'updatesPerSecond',
  'twinUpdatesPerSecond',
  'proofBytesMax',
  'verifyUs',
  'startMs',
  'bareNodeMs',
  'rssBytesPerCoin',
  'mapBytesPerCoin',
  'bytesPerTransfer',
  'bytesPerTransferWithIndex',
  'plainTransferNs',
  'kernelTransferNs',
  'p50Ms',
  'p95Ms',
  'boundMs',
  'delayMs',
  'attackedDelayMs',
  'banned',
  'speedup',
  'floodRatio',
  'cpuUsPerNodeBlock',
  'wallS',
  'rssMaxBytes',
  'blockUs',
  'rootUs',
  'addedUs',
  'wantedUs',
  'compactShare',
];

/** docs/reference/benchmark-results.md and its charts. */
export const pages: readonly GeneratedPage[] = makePages(
  parseResults(readFileSync(fromRoot(RESULTS_PATH), 'utf8')),
);

/** The page of some results, and a file for each chart. */
export function makePages(results: readonly SavedResult[]): readonly GeneratedPage[] {
  const charts = benchCharts(results);
  return [
    { path: 'docs/reference/benchmark-results.md', generate: () => formatPage(results, charts) },
    ...charts.map(({ name, svg }) => ({ path: `docs/images/${name}.svg`, generate: () => svg })),
  ];
}

function formatPage(results: readonly SavedResult[], charts: readonly Chart[]): string {
  const pictures = charts.map(({ name, title }) => `![${title}](../images/${name}.svg)\n`);
  const latest = latestResults(results).toSorted((a, b) => (a.bench < b.bench ? -1 : 1));
  return [INTRODUCTION, ...pictures, formatResults(latest), formatPeers()].join('\n');
}

function formatResults(results: readonly SavedResult[]): string {
  const rows = results.map((result) => {
    const { bench, ratio, cores, node, date } = result;
    const shown = SHOWN.flatMap((field) =>
      typeof result[field] === 'number' ? [`${field} ${result[field]}`] : [],
    );
    return `| ${bench} | \`${formatOptions(result)}\` | ${ratio} | ${shown.slice(0, 5).join(', ')} | ${date}, Node ${node}, ${cores} cores |`;
  });
  return [
    '## Results',
    '',
    'The last one of each benchmark with its options. Larger ratios are better.',
    '',
    '| benchmark | options | ratio | seen | where |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function formatPeers(): string {
  const versions = Object.entries(PEER_VERSIONS).map(([name, version]) => `${name} ${version}`);
  const row = (kind: string) => (peer: Peer) =>
    `| ${kind} | ${peer.name} | ${peer.perSecond.toLocaleString('en-US')} | ${peer.how} |`;
  return [
    '## Other programs',
    '',
    `Measured on ${PEER_MEASUREMENT}. ${versions.join(', ')}. litecoind and bcoin check`,
    'ECDSA signatures over secp256k1 and transfers of 1 input and 2 outputs (141 virtual bytes); anvil checks the same',
    'kind of signature and plain transfers of 21,000 gas. All transfers were signed beforehand.',
    '',
    '| what | program | transfers/s | how |',
    '|---|---|---|---|',
    ...IMPORT_PEERS.map(row('import')),
    ...INGEST_PEERS.map(row('ingest')),
    '',
  ].join('\n');
}
