import type { ComparedRun } from '@calin/sim/compare/compared-run.ts';
import type { Comparison, TrialResult } from '@calin/sim/compare/comparison.ts';
import { formatTable } from '../output.ts';

/** A comparison for a person: one table of numbers, and one of what was seen at the bounds. */
export function presentComparison(comparison: Comparison, refused: readonly string[]): string {
  const { runs, trials, consensus } = comparison;
  const head = [
    '',
    'final after',
    'height',
    'final',
    'lost',
    'forks',
    'messages',
    'bytes',
    'hashes',
    'broken',
  ];
  const numbers = formatTable([head, ...runs.map(rowOf)], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const seen = trials.map(({ name, results }) => [name, ...consensus.map((one) => cellOf(results, one))]);
  const broken = [...runs, ...trials.flatMap(({ results }) => results.map(({ run }) => run))].flatMap(
    breakOf,
  );
  return [
    numbers,
    '',
    formatTable([['', ...consensus], ...seen], []),
    ...(broken.length === 0 ? [] : ['', ...broken]),
    ...(refused.length === 0 ? [] : ['', `Nodes cannot run these yet: ${refused.join(', ')}`]),
  ].join('\n');
}

function rowOf(run: ComparedRun): string[] {
  const { finality, blocks, forks, violations } = run;
  const after = finality.blocks === 0 ? 'never' : `${(finality.p50Ms / 1000).toFixed(1)} s`;
  const perBlock = [run.messagesPerBlock, run.bytesPerBlock, run.hashesPerBlock];
  const counts = [blocks.height, blocks.final, blocks.lost, forks, ...perBlock, violations.length];
  return [run.consensus, after, ...counts.map(String)];
}

function cellOf(results: readonly TrialResult[], consensus: string): string {
  const found = results.find((result) => result.consensus === consensus);
  if (found === undefined) return '-';
  return found.seen === found.claim ? found.seen : `${found.seen}, not ${found.claim}`;
}

function breakOf({ consensus, setting, violations: [first] }: ComparedRun): readonly string[] {
  if (first === undefined) return [];
  const { invariant, message, evidence } = first;
  return [`${consensus}, ${setting.name}: ${invariant}: ${message} ${JSON.stringify(evidence)}`];
}
