import { readFileSync } from 'node:fs';
import { PRESET_NAMES, PRESETS, type PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { ComparedRun } from '@calin/sim/compare/compared-run.ts';
import { heightChart } from '../lib/charts/height-chart.ts';
import { ENGINE_TEXTS } from '../lib/engine-texts.ts';
import type { GeneratedPage } from '../lib/generated.ts';
import { COMPARISON_PATH, FAULTS_PATH, type SavedComparison } from '../lib/saved-comparison.ts';
import { fromRoot } from '../lib/workspace.ts';

const saved = JSON.parse(readFileSync(fromRoot(COMPARISON_PATH), 'utf8')) as SavedComparison;

/** docs/reference/consensus/: a page and a chart for each preset, from the saved comparison. */
export const pages: readonly GeneratedPage[] = PRESET_NAMES.flatMap((name) => [
  { path: `docs/reference/consensus/${name}.md`, generate: () => formatEngine(name, saved) },
  { path: `docs/images/consensus-${name}.svg`, generate: () => chartOf(name, saved) },
]);

/** Words for what was seen in a trial. */
const SEEN = {
  holds: 'blocks go on and become final',
  open: 'blocks go on, none becomes final',
  stops: 'no blocks',
  breaks: '**two blocks of one height become final**',
} as const;

/** The page of an engine. @throws Error when the comparison has no run of it */
export function formatEngine(name: PresetName, comparison: SavedComparison): string {
  const { title, works, assumes, survives, sources } = ENGINE_TEXTS[name];
  const { production, finality } = PRESETS[name];
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  return [
    `# ${title}: \`${name}\``,
    `Production \`${production.kind}\`, finality \`${finality.kind}\`; the numbers of the preset and their reasons are in [genesis.md](../genesis.md#${name}). \`npm run docs\` writes this page; what was measured comes from \`npm run compare\`.`,
    '## How it works',
    ...works,
    '## What it assumes',
    list(assumes),
    '## What it survives',
    list(survives),
    '## In a run',
    runText(comparison),
    `![Heights over time](../../images/consensus-${name}.svg)`,
    numbers(runOf(name, comparison)),
    '## At its bound and beyond',
    'Fourteen nodes, ten of which make blocks or vote ([simulator.md](../simulator.md#comparisons)).',
    trials(name, comparison),
    '## Sources',
    `${list(sources)}\n`,
  ].join('\n\n');
}

function runOf(name: PresetName, { runs }: SavedComparison): ComparedRun {
  const run = runs.find(({ consensus }) => consensus === name);
  if (run === undefined) throw new Error(`${COMPARISON_PATH} has no run of ${name}: npm run compare`);
  return run;
}

function runText({ nodes, makers, durationS, faults, seed }: SavedComparison): string {
  const cheaters = faults.faults.flatMap((fault) => (fault.kind === 'byzantine' ? [fault] : []));
  const cheating = cheaters
    .map(({ makersPercent, does }) => `${makersPercent} % of the makers ${does}`)
    .join(', ');
  const file = FAULTS_PATH.split('/').at(-1);
  return [
    `${nodes} simulated nodes around the world, ${makers} of which make blocks or vote, for ${durationS} seconds, with a`,
    `block every five seconds: the same payments and [faults](${file}) as for every other consensus, seed ${seed}. From`,
    `start to end ${cheating}; the other faults are the grey fields of the picture.`,
  ].join('\n');
}

function numbers(run: ComparedRun): string {
  const { finality, blocks, forks, reorganisations } = run;
  const seconds = (ms: number) => (finality.blocks === 0 ? 'never' : `${(ms / 1000).toFixed(1)} s`);
  const rows = [
    ['final on half of the nodes after, median', seconds(finality.p50Ms)],
    ['the slowest hundredth', seconds(finality.p99Ms)],
    ['height at the end, of which final', `${blocks.height}, ${blocks.final}`],
    ['blocks made and left behind', `${blocks.lost} of ${blocks.made}`],
    ['heights with several blocks', `${forks}`],
    ['deepest reorganisation', `${reorganisations.depthMax}`],
    ['messages for each block, all nodes together', `${run.messagesPerBlock}`],
    ['bytes for each block, of these for votes', `${run.bytesPerBlock}, ${run.voteBytesPerBlock}`],
    ['hashes for each block', `${run.hashesPerBlock}`],
    ['invariants broken', `${run.violations.length}`],
  ];
  return ['| measure | value |', '|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

function trials(name: PresetName, comparison: SavedComparison): string {
  const rows = comparison.trials.flatMap(({ name: trial, results }) =>
    results.flatMap(({ consensus, seen }) => (consensus === name ? [`| ${trial} | ${SEEN[seen]} |`] : [])),
  );
  return ['| what is done | what happens |', '|---|---|', ...rows].join('\n');
}

/** Names of faults as the chart has room for. */
const SPANS = { partition: 'cut off', crash: 'no power', links: 'bad links' } as const;

function chartOf(name: PresetName, comparison: SavedComparison): string {
  const { headHeights, finalHeights } = runOf(name, comparison);
  const { durationS, faults } = comparison;
  return heightChart({
    title: `${ENGINE_TEXTS[name].title}: blocks, and which of them are final`,
    durationS,
    series: [
      { label: 'head of half of the nodes', style: 'bar', points: headHeights },
      { label: 'final on half of the nodes', style: 'own-line', points: finalHeights },
    ],
    spans: faults.faults.flatMap((fault) =>
      'toS' in fault ? [{ fromS: fault.fromS, toS: fault.toS, label: SPANS[fault.kind] }] : [],
    ),
  });
}
