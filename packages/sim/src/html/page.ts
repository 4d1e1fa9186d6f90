import type { FinishedRun } from '../run-judge.ts';
import { blockTreePicture } from './block-tree.ts';
import { propagationPicture } from './propagation.ts';
import { escapeHtml } from './svg.ts';
import { topologyPicture } from './topology.ts';
import { formatBytes, formatCount, trafficPicture } from './traffic.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --soft: #d8dee8; --good: #2563eb; --bad: #dc2626; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8f0; --paper: #11151c; --soft: #303947; --good: #60a5fa; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1040px;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
svg { width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
table { border-collapse: collapse; } td { padding: .15rem 1.2rem .15rem 0; vertical-align: top; }
td:last-child { font-variant-numeric: tabular-nums; } code { overflow-wrap: anywhere; }
.grid { stroke: var(--soft); stroke-width: 1; } .edge { stroke: var(--ink); stroke-width: 1; opacity: .5; }
.link { stroke: var(--ink); stroke-width: .4; opacity: .25; }
.best, .bar { fill: var(--good); } .stale { fill: var(--bad); } .off { fill: var(--soft); }
polyline { fill: none; } .thin { stroke: var(--good); stroke-width: 1; opacity: .2; }
.bold { stroke: var(--good); stroke-width: 2.5; } .broken { color: var(--bad); }
`;

/** The report of a run as one page of HTML: no scripts, nothing that is loaded from elsewhere. */
export function htmlReport(
  { report, run }: Pick<FinishedRun, 'report' | 'run'>,
  regionNames: readonly string[],
): string {
  const { blocks, best, machines } = run;
  const title = `calin sim ${report.scenario} --seed ${report.seed} --nodes ${report.nodes}`;
  const sections: readonly (readonly [string, string])[] = [
    ['Blocks and forks', blockTreePicture(blocks, new Set(best?.ids))],
    ['How blocks spread', propagationPicture(blocks, report.nodes)],
    ['Bytes by kind of message', trafficPicture(report.traffic)],
    ['Machines and connections at the end', topologyPicture(machines, regionNames)],
  ];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    verdict(report),
    facts(report),
    ...sections.map(([name, svg]) => `<h2>${escapeHtml(name)}</h2>\n${svg}`),
    '</body></html>',
    '',
  ].join('\n');
}

function verdict({ violations }: FinishedRun['report']): string {
  if (violations.length === 0) return '<p>Every invariant held.</p>';
  const rows = violations.map(({ invariant, message, evidence }) => {
    return `<li><b>${escapeHtml(invariant)}</b>: ${escapeHtml(`${message} ${JSON.stringify(evidence)}`)}</li>`;
  });
  return `<div class="broken"><p>Broken invariants:</p><ul>${rows.join('')}</ul></div>`;
}

function facts(report: FinishedRun['report']): string {
  const { blocks, propagation, reorganisations, workload, results, log } = report;
  const rows: (readonly [string, string])[] = [
    ['Virtual time', `${report.durationS} s`],
    ['Messages', `${formatCount(report.messages)}, ${formatBytes(report.bytes)}`],
    ['Blocks', `${blocks.height} high, ${blocks.final} final, ${blocks.stale} stale`],
    [
      'A block at 50, 90, 99 % of the nodes',
      `${propagation.p50Ms}, ${propagation.p90Ms}, ${propagation.p99Ms} ms`,
    ],
    ['Reorganisations', `${reorganisations.count}, at most ${reorganisations.depthMax} deep`],
    ...(workload === undefined
      ? []
      : [['Transfers', `${workload.accepted} taken of ${workload.sent}`] as const]),
    ...Object.entries(results).map(([name, value]) => [name, String(value)] as const),
    ['Hash of the log', log.hash],
    ['Hash of all final states', report.hash],
  ];
  const cells = rows.map(
    ([name, value]) => `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table>${cells.join('')}</table>`;
}
