/**
 * Puts real nodes into situations of the real world and says what has held: `npm run drill -- [NAME…] [--list]
 * [--json]`, all drills without a name. Some need Linux with network namespaces; where a drill cannot be held it says
 * why.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Claim, Drill } from '../packages/calin/test/drill/drill.testing.ts';
import { DRILLS } from '../packages/calin/test/drill/drills.testing.ts';
import { runDrill, whyNot } from '../packages/calin/test/drill/run-drill.testing.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log('npm run drill -- [NAME…] [--list] [--json]');
  process.exit(0);
}
if (values.list) {
  for (const { name, summary } of DRILLS) console.log(`${name.padEnd(10)} ${summary}`);
  process.exit(0);
}
const unknown = positionals.find((name) => !DRILLS.some((drill) => drill.name === name));
if (unknown !== undefined) {
  console.error(`there is no drill ${unknown}; see npm run drill -- --list`);
  process.exit(2);
}

async function hold(drill: Drill): Promise<void> {
  const reason = whyNot(drill);
  if (reason !== undefined) {
    if (values.json) console.log(JSON.stringify({ drill: drill.name, skipped: reason }));
    else console.log(`${drill.name}: skipped, ${reason}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), `calin-drill-${drill.name}-`));
  if (!values.json) console.log(`${drill.name}: ${drill.summary}`);
  const tell = ({ claim, seen, seconds }: Claim): void => {
    if (values.json) console.log(JSON.stringify({ drill: drill.name, claim, seen, seconds }));
    else console.log(`  ${`${seconds} s`.padStart(6)}  ${claim}: ${seen}`);
  };
  try {
    await runDrill(drill, folder, tell);
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    console.error(`failed: ${(error as Error).message}\nWhat the nodes wrote is kept in ${folder}.`);
    process.exitCode = 1;
  }
}

for (const drill of DRILLS) {
  if (positionals.length === 0 || positionals.includes(drill.name)) await hold(drill);
}
