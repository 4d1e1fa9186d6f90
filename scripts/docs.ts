/**
 * Writes the pages of docs/reference/ that are made from the code: `npm run docs`, or `-- --check` to compare only.
 * Every module in scripts/docs/ adds pages by exporting `pages`.
 */
import { type GeneratedFile, type GeneratedPage, reportSync, syncFiles } from './lib/generated.ts';
import { loadExport } from './lib/load.ts';
import { listFiles } from './lib/workspace.ts';

const check = process.argv.includes('--check');
const files: GeneratedFile[] = [];
for (const module of listFiles('scripts/docs').filter((path) => !path.endsWith('.test.ts'))) {
  for (const page of await loadExport<readonly GeneratedPage[]>(module, 'pages')) {
    files.push({ path: page.path, text: await page.generate() });
  }
}
reportSync(files.length, syncFiles(files, { check }), check, 'npm run docs');
