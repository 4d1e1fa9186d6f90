/**
 * Writes the test vectors for other implementations to vectors/: `npm run vectors`, or `-- --check` to compare only.
 * Every packages/core/src/FOLDER/vectors.ts adds vectors/FOLDER.json; each function it exports under a name that
 * ends in `Vectors` makes one section.
 */
import { type GeneratedFile, reportSync, syncFiles } from './lib/generated.ts';
import { loadModule } from './lib/load.ts';
import { formatVectors } from './lib/vectors.ts';
import { listFiles } from './lib/workspace.ts';

const SOURCES = 'packages/core/src/';

async function vectorsOf(module: string): Promise<GeneratedFile> {
  const sections: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(await loadModule(module))) {
    if (name.endsWith('Vectors') && typeof value === 'function') {
      sections[name.slice(0, -'Vectors'.length)] = value();
    }
  }
  const folder = module.slice(SOURCES.length, -'/vectors.ts'.length).replaceAll('/', '-');
  return { path: `vectors/${folder}.json`, text: formatVectors(sections) };
}

const check = process.argv.includes('--check');
const modules = listFiles(SOURCES).filter((path) => path.endsWith('/vectors.ts'));
const files = await Promise.all(modules.map(vectorsOf));
const known = new Set(files.map(({ path }) => path));
const orphans = listFiles('vectors').filter((path) => path.endsWith('.json') && !known.has(path));
if (orphans.length > 0) {
  console.log(`nothing makes these files, delete them: ${orphans.join(', ')}`);
  process.exit(1);
}
reportSync(files.length, syncFiles(files, { check }), check, 'npm run vectors');
