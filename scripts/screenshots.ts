/**
 * Takes pictures of every page that a node serves, each light, dark and narrow, on a chain made for it:
 * `npm run screenshots [-- NAME ...]`. They go to docs/images/pages, and docs/reference/pages.md shows them. Needs
 * Chromium.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noBrowser } from '../packages/calin/test/e2e/browser.testing.ts';
import { takeScreenshots } from '../packages/calin/test/screenshots/take-screenshots.testing.ts';
import { progressLine } from './lib/progress.ts';
import { fromRoot } from './lib/workspace.ts';

if (noBrowser !== false) {
  console.error(noBrowser);
  process.exit(1);
}
const folder = fromRoot('docs/images/pages');
mkdirSync(folder, { recursive: true });
const line = progressLine('screenshots');
const wanted = process.argv.slice(2);
const faults = await takeScreenshots({
  wanted: (name) => wanted.length === 0 || wanted.includes(name),
  save: (name, picture) => writeFileSync(join(folder, `${name}.webp`), picture),
  progress: (done, all, name) => line.update(done, all, name),
});
line.clear();
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
