/**
 * Checks the types of every package with TypeScript 7: `npm run typecheck`.
 * Core is checked twice: without tests under a configuration that knows neither Node nor a browser, and with them.
 */
import { spawnSync } from 'node:child_process';
import { ROOT } from './lib/workspace.ts';

const PROJECTS = [
  'packages/core/tsconfig.json',
  'packages/core/tsconfig.test.json',
  'packages/kernel/tsconfig.json',
  'packages/client/tsconfig.json',
  'packages/client/tsconfig.test.json',
  'packages/sim/tsconfig.json',
  'packages/sim/tsconfig.test.json',
  'packages/explorer/tsconfig.json',
  'packages/explorer/tsconfig.test.json',
  'packages/calin/tsconfig.json',
];

let failures = 0;
for (const project of PROJECTS) {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) failures++;
  const verdict = status === 0 ? 'ok' : 'FAILED';
  console.log(`${verdict.padEnd(6)} ${((performance.now() - start) / 1000).toFixed(1)} s  ${project}`);
}
process.exit(failures === 0 ? 0 : 1);
