import type { FinishedRun } from '../run-judge.ts';
import { blockTreePicture } from './block-tree.ts';
import { propagationPicture } from './propagation.ts';
import { escapeHtml, formatMs } from './svg.ts';
import { topologyPicture } from './topology.ts';
import { formatBytes, formatCount, trafficBars } from './traffic.ts';

/** What all pages look like. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --dim: #5b6678; --paper: #fff; --soft: #dfe4ec; --good: #2563eb;
  --bad: #dc2626; --held: #15803d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8f0; --dim: #98a4b8; --paper: #11151c; --soft: #2b3442;
  --good: #60a5fa; --bad: #f87171; --held: #4ade80; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1040px;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.3; overflow-wrap: anywhere; margin-bottom: .5rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .4rem; }
.verdict { font-weight: 600; color: var(--held); } .broken { color: var(--bad); overflow-wrap: anywhere; }
.note { color: var(--dim); font-size: .875rem; margin: 0 0 .6rem; }
.note span { margin-right: 1.2rem; white-space: nowrap; }
.dot { display: inline-block; width: .65rem; height: .65rem; border-radius: 50%; margin-right: .4rem; }
.wide { overflow-x: auto; } svg { display: block; width: 100%; min-width: 640px; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--dim); paint-order: stroke; stroke: var(--paper);
  stroke-width: 4px; }
table { border-collapse: collapse; width: 100%; } tr { border-top: 1px solid var(--soft); }
td { padding: .3rem 1.2rem .3rem 0; vertical-align: top; } td:first-child { color: var(--dim); width: 19rem; }
td:last-child { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; padding-right: 0; }
.bars > div { display: grid; grid-template-columns: 9.5rem 1fr 14rem; gap: 0 .8rem; align-items: center;
  font-size: .875rem; line-height: 1.6; }
.bars span:first-child { text-align: right; } .bars span:last-child { color: var(--dim); }
.bar { display: block; height: .8rem; border-radius: 2px; background: var(--good); }
.grid { stroke: var(--soft); stroke-width: 1; } .edge { stroke: var(--dim); stroke-width: 1; opacity: .7; }
.link { stroke: var(--dim); stroke-width: .5; opacity: .35; }
.best { fill: var(--good); } .stale { fill: var(--bad); } .off { fill: var(--soft); }
.dot.best { background: var(--good); } .dot.stale { background: var(--bad); } .dot.off { background: var(--soft); }
polyline { fill: none; } .thin { stroke: var(--good); stroke-width: 1; opacity: .25; }
.bold { stroke: var(--good); stroke-width: 2.5; }
@media (max-width: 600px) { td:first-child { width: 8rem; }
  .bars > div { grid-template-columns: 7rem 1fr; margin-bottom: .3rem; }
  .bars span:last-child { grid-column: 2; line-height: 1.2; } }
`;

/** The report of a run as one page of HTML: no scripts, nothing that is loaded from elsewhere. */
export function htmlReport(
  { report, run }: Pick<FinishedRun, 'report' | 'run'>,
  regionNames: readonly string[],
): string {
  const { blocks, best, machines } = run;
  const title = `calin sim ${report.scenario} --consensus ${report.consensus} --seed ${report.seed} --nodes ${report.nodes}`;
  const sections: readonly (readonly [string, string])[] = [
    ['Blocks and forks', blockTreePicture(blocks, new Set(best?.ids))],
    ['How blocks spread', propagationPicture(blocks, report.nodes)],
    ['Bytes by kind of message', trafficBars(report.traffic)],
    ['Machines and connections at the end', topologyPicture(machines, regionNames)],
  ];
  const pictures = sections.map(([name, svg]) => `<h2>${escapeHtml(name)}</h2>\n${svg}`);
  return pageOf(title, PAGE_STYLE, [verdict(report), facts(report), ...pictures]);
}

/** A page of HTML. */
export function pageOf(title: string, style: string, body: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${style}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    ...body,
    '</body></html>',
    '',
  ].join('\n');
}

/** That every invariant held, or which did not. */
export function verdict({ violations }: Pick<FinishedRun['report'], 'violations'>): string {
  if (violations.length === 0) return '<p class="verdict">Every invariant held.</p>';
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
      [propagation.p50Ms, propagation.p90Ms, propagation.p99Ms].map(formatMs).join(', '),
    ],
    ['Reorganisations', `${reorganisations.count}, at most ${reorganisations.depthMax} deep`],
    ...(workload === undefined
      ? []
      : [['Transfers', `${workload.accepted} taken of ${workload.sent}`] as const]),
    ...Object.entries(results).map(([name, value]) => [name, String(value)] as const),
    ['Hash of the log', log.hash],
    ['Hash of all final states', report.hash],
  ];
  return factTable(rows);
}

/** Names and values below each other. */
export function factTable(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(
    ([name, value]) => `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table>${cells.join('')}</table>`;
}
