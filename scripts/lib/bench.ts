import { parseArgs } from 'node:util';
import type { Bench, BenchOption, BenchOptions } from '../../packages/calin/bench/bench.ts';
import { loadExport } from './load.ts';
import { listFiles } from './workspace.ts';

/** Every benchmark, in the order of its file. */
export async function loadBenches(): Promise<Bench[]> {
  const files = listFiles('packages/calin/bench').filter((path) => path.endsWith('.bench.ts'));
  const benches: Bench[] = [];
  for (const path of files) benches.push(await loadExport<Bench>(path, 'bench'));
  return benches;
}

/**
 * The options of a run from its command line, such as `--transactions 5000 --quick`.
 *
 * @throws Error on an unknown option, or a text where a number is due
 */
export function parseBenchOptions(bench: Bench, args: readonly string[]): BenchOptions {
  const flags = Object.entries(bench.options).map(([name, option]) => [name, { type: parseType(option) }]);
  const parsed = parseArgs({ args: [...args], options: Object.fromEntries(flags) });
  const values: Readonly<Record<string, unknown>> = parsed.values;
  const options: Record<string, number | string | boolean> = {};
  for (const [name, option] of Object.entries(bench.options)) {
    options[name] = readOption(name, option, values[name] as string | boolean | undefined);
  }
  return options;
}

function parseType({ default: value }: BenchOption): 'boolean' | 'string' {
  return typeof value === 'boolean' ? 'boolean' : 'string';
}

function readOption(name: string, option: BenchOption, given: string | boolean | undefined) {
  if (given === undefined) return option.default;
  if (typeof option.default !== 'number') return given;
  const value = Number(given);
  if (given === '' || !Number.isFinite(value)) throw new Error(`--${name} is a number, not "${given}"`);
  return value;
}

/** What `--help` prints for one benchmark. */
export function formatBenchHelp({ name, summary, options }: Bench): string {
  const lines = Object.entries(options).map(
    ([option, { summary: text, default: value }]) => `  --${option.padEnd(18)} ${text} (${value})`,
  );
  return [
    `npm run bench -- ${name} [options]`,
    summary,
    '',
    ...lines,
    '  --json               One object on one line',
  ].join('\n');
}

/** A result as lines of name and value, numbers rounded to what can be read. */
export function formatBenchResult(result: Readonly<Record<string, unknown>>): string {
  const width = Math.max(0, ...Object.keys(result).map((key) => key.length));
  return Object.entries(result)
    .map(([key, value]) => `${key.padEnd(width)}  ${formatValue(value)}`)
    .join('\n');
}

function formatValue(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}
