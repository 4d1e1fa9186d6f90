/**
 * Runs a network of real processes for long, under load and with nodes that come and go, and says whether what the
 * nodes hold is flat: `npm run soak -- [--minutes 20] [--nodes 5] [--block-time 1000] [--json]`. When not, it ends
 * with status 1 and keeps the folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runSoak, type SoakReport } from '../packages/calin/test/soak/soak-run.testing.ts';
import type { Trend } from '../packages/calin/test/soak/soak-verdict.testing.ts';
import { progressLine } from './lib/progress.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    nodes: { type: 'string', default: '5' },
    'block-time': { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log('npm run soak -- [--minutes N] [--nodes N] [--block-time MS] [--json]');
  process.exit(0);
}
const [minutes, nodes, blockMs] = [values.minutes, values.nodes, values['block-time']].map(Number) as [
  number,
  number,
  number,
];
if (!(minutes > 0) || !Number.isSafeInteger(nodes) || nodes < 3 || !Number.isSafeInteger(blockMs)) {
  console.error('--minutes is above 0, --nodes a whole number from 3 on, --block-time whole milliseconds');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'calin-soak-'));
const line = progressLine('soak');
/** Where there is no line to draw over, every minute one is added. */
const SHORT_SECONDS = 60;
let toldSeconds = 0;

function progress(done: number, total: number, label: string): void {
  line.update(done, total, label);
  if (values.json || process.stderr.isTTY || done - toldSeconds < SHORT_SECONDS) return;
  toldSeconds = done;
  console.log(`${done} of ${total} s: ${label}`);
}

function formatTrend({ measure, early, late, bound, isFlat }: Trend): string {
  const isBytes = measure !== 'files' && measure !== 'handles';
  const show = (value: number) => (isBytes ? `${(value / 2 ** 20).toFixed(1)} MiB` : value.toFixed(0));
  return `  ${measure.padEnd(9)} ${show(early)} → ${show(late)}, at most ${show(bound)}${isFlat ? '' : '  GROWS'}`;
}

function format(report: SoakReport): string {
  const { height, transactions, stops, kills, agreed, steady } = report;
  const lines = steady.flatMap(({ name, samples, trends }) => [
    `${name}, ${samples} samples, the second quarter and the last:`,
    ...(trends?.map(formatTrend) ?? ['  too few samples for a verdict']),
  ]);
  lines.push(
    `${report.isFlat ? 'ok' : 'not flat'}: ${report.minutes} minutes, ${height} blocks, ${transactions} payments, ` +
      `${stops} stops, ${kills} kills; all agree on block ${agreed.height}`,
  );
  return lines.join('\n');
}

try {
  const report = await runSoak({ folder, minutes, nodes, blockMs, progress });
  line.clear();
  console.log(values.json ? JSON.stringify(report) : format(report));
  if (report.isFlat) rmSync(folder, { recursive: true, force: true });
  else process.exitCode = 1;
} catch (error) {
  line.clear();
  console.error(`failed: ${(error as Error).message}`);
  process.exitCode = 1;
}
if (process.exitCode === 1) console.error(`The folder of the network is kept: ${folder}`);
