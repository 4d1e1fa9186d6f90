import { PRESETS } from '@calin/core/spec/consensus-presets.ts';
import type { ComparedRun } from '../compare/compared-run.ts';
import type { Comparison, TrialResult } from '../compare/comparison.ts';
import { finalityPicture } from './finality.ts';
import { PAGE_STYLE, pageOf } from './page.ts';
import { escapeHtml, formatMs } from './svg.ts';
import { formatBytes, formatCount } from './traffic.ts';

const STYLE = `${PAGE_STYLE}
.compare td { width: auto; color: var(--ink); padding-right: .8rem; }
.compare td:first-child { width: 14rem; } ul { overflow-wrap: anywhere; }
.compare tr:first-child td { font-weight: 600; } .otherwise { color: var(--bad); font-weight: 600; }
.run0 { stroke: #2563eb; } .run1 { stroke: #ea580c; } .run2 { stroke: #15803d; } .run3 { stroke: #9333ea; }
.run4 { stroke: #b45309; } .run5 { stroke: #0891b2; } polyline[class^=run] { stroke-width: 2; }
.dot.run0 { background: #2563eb; } .dot.run1 { background: #ea580c; } .dot.run2 { background: #15803d; }
.dot.run3 { background: #9333ea; } .dot.run4 { background: #b45309; } .dot.run5 { background: #0891b2; }
.fault { fill: var(--soft); opacity: .5; }
`;

/** Words for what was seen in a trial. */
const WORDS: Readonly<Record<TrialResult['seen'], string>> = {
  holds: 'goes on',
  open: 'blocks go on, none becomes final',
  stops: 'stops',
  breaks: 'two blocks of one height are final',
};

/** A comparison as one page of HTML: no scripts, nothing that is loaded from elsewhere. */
export function comparisonPage(comparison: Comparison): string {
  const { runs, consensus, nodes, makers, seed, durationS } = comparison;
  const title = `calin sim compare --consensus ${consensus.join(',')} --seed ${seed} --nodes ${nodes}`;
  const size = `${nodes} nodes around the world, ${makers} of which make blocks or vote; ${durationS} s, a block every five seconds, the numbers of each preset otherwise.`;
  const body = [
    `<p class="note">${escapeHtml(size)}</p>`,
    '<h2>The file of faults</h2>',
    faultList(comparison),
    finalityPicture(comparison),
    table(comparison),
    verdicts(runs),
    '<h2>At the bound and beyond</h2>',
    '<p class="note">14 nodes, ten of which make blocks or vote. Red is what was seen otherwise than it is said of the consensus.</p>',
    trialTable(comparison),
    breaks(comparison),
  ];
  return pageOf(title, STYLE, body);
}

function faultList({ faults: { faults } }: Comparison): string {
  if (faults.length === 0) return '<p class="note">Nothing goes wrong.</p>';
  const items = faults.map(({ kind, ...rest }) => {
    const fields = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
    return `<li>${escapeHtml(`${kind}: ${fields.join(', ')}`)}</li>`;
  });
  return `<ul class="note">${items.join('')}</ul>`;
}

function rows(cells: readonly (readonly string[])[]): string {
  const lines = cells.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
  return `<div class="wide"><table class="compare">${lines.join('\n')}</table></div>`;
}

const MEASURES: readonly (readonly [string, (run: ComparedRun) => string])[] = [
  [
    'Final on half of the nodes after (median)',
    ({ finality }) => (finality.blocks === 0 ? 'never' : formatMs(finality.p50Ms)),
  ],
  ['The slowest hundredth', ({ finality }) => (finality.blocks === 0 ? 'never' : formatMs(finality.p99Ms))],
  ['Height, of which final', ({ blocks }) => `${blocks.height}, ${blocks.final}`],
  ['Heights with several blocks', ({ forks }) => String(forks)],
  ['Blocks lost', ({ blocks }) => `${blocks.lost} of ${blocks.made}`],
  ['Deepest reorganisation', ({ reorganisations }) => String(reorganisations.depthMax)],
  ['Messages for each block', ({ messagesPerBlock }) => formatCount(messagesPerBlock)],
  ['Bytes for each block', ({ bytesPerBlock }) => formatBytes(bytesPerBlock)],
  ['Of these for votes', ({ voteBytesPerBlock }) => formatBytes(voteBytesPerBlock)],
  ['Hashes for each block', ({ hashesPerBlock }) => formatCount(hashesPerBlock)],
  ['Transfers taken', ({ transfers }) => String(transfers)],
  ['Invariants broken', ({ violations }) => String(violations.length)],
];

function table({ runs }: Comparison): string {
  const head = ['', ...runs.map(({ consensus }) => consensus)];
  const parts = ['production + finality', ...runs.map(({ consensus }) => kindsOf(consensus))];
  return rows([
    head,
    parts,
    ...MEASURES.map(([name, of]) => [escapeHtml(name), ...runs.map((run) => escapeHtml(of(run)))]),
  ]);
}

function kindsOf(consensus: ComparedRun['consensus']): string {
  const { production, finality } = PRESETS[consensus];
  return `${production.kind} + ${finality.kind}`;
}

function verdicts(runs: readonly ComparedRun[]): string {
  const broken = runs.filter(({ violations }) => violations.length > 0);
  if (broken.length === 0) return '<p class="verdict">Every invariant held under the file of faults.</p>';
  return `<ul class="broken">${broken.map(violationsOf).join('')}</ul>`;
}

function violationsOf({ consensus, violations }: ComparedRun): string {
  return violations
    .slice(0, 2)
    .map(({ invariant, message, evidence, atUs }) => {
      const text = `${message} ${JSON.stringify(evidence)}, seen at ${Math.round(atUs / 1e6)} s`;
      return `<li><b>${consensus}: ${escapeHtml(invariant)}</b>: ${escapeHtml(text)}</li>`;
    })
    .join('');
}

function trialTable({ consensus, trials }: Comparison): string {
  const body = trials.map(({ name, results }) => {
    const cells = consensus.map((one) => {
      const found = results.find((result) => result.consensus === one);
      if (found === undefined) return '–';
      const text = WORDS[found.seen];
      return found.seen === found.claim ? text : `<span class="otherwise">${text}</span>`;
    });
    return [escapeHtml(name), ...cells];
  });
  return rows([['', ...consensus], ...body]);
}

function breaks({ trials }: Comparison): string {
  const items = trials.flatMap(({ name, results }) =>
    results.flatMap(({ run }) =>
      run.violations.length === 0 ? [] : [`<li>${escapeHtml(name)}<ul>${violationsOf(run)}</ul></li>`],
    ),
  );
  return items.length === 0 ? '' : `<h2>Safety breaks</h2><ul class="note">${items.join('\n')}</ul>`;
}
