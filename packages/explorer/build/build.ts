/**
 * Builds the pages into dist/: `npm run pages`, which `npm ci` does by itself. With `-- --watch URL` it serves them at
 * a port of their own instead, changed as soon as a source changes, and passes calls on to the node at the URL.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';
import { writePageList } from './write-page-list.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** Where the server looks for the pages. */
const PAGES_FOLDER = join(PACKAGE, 'dist');

/** Builds all files of the pages, each also packed, and the list of them that the server reads. */
async function buildPages(folder: string): Promise<void> {
  const { build } = await import('vite');
  rmSync(folder, { recursive: true, force: true });
  await build({
    ...(await config()),
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      // Everything is a file of its own: the policy of the pages lets nothing in that stands in another one.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      // The simulator's worker holds a whole node. It is loaded by who opens that page; a test looks at the first load.
      chunkSizeWarningLimit: 800,
      // On a machine that is busy every step is slow; that is no news.
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: [join(PACKAGE, 'index.html'), join(PACKAGE, 'docs.html')],
      },
    },
  });
  const { writeDocs } = await import('./docs/write-docs.ts');
  writeDocs(join(PACKAGE, '../..'), folder);
  writePageList(folder);
}

async function config(): Promise<InlineConfig> {
  const [{ default: react }, { default: tailwind }] = await Promise.all([
    import('@vitejs/plugin-react'),
    import('@tailwindcss/vite'),
  ]);
  return {
    root: PACKAGE,
    configFile: false,
    envDir: false,
    // Nothing that is kept between two builds: the same sources give the same files.
    cacheDir: join(PACKAGE, 'dist', '.vite'),
    plugins: [react(), tailwind()],
    worker: { format: 'es' },
  };
}

async function watch(url: string): Promise<void> {
  const { createServer } = await import('vite');
  const node = { target: url, changeOrigin: true, headers: { origin: url } };
  // Pages are got with GET and calls are made with POST, both at `/`.
  const bypass = ({ method }: { readonly method?: string | undefined }) =>
    method === 'POST' ? undefined : '/index.html';
  const server = await createServer({
    ...(await config()),
    server: { host: '127.0.0.1', proxy: { '^/$': { ...node, ws: true, bypass } } },
  });
  await server.listen();
  server.printUrls();
}

/** Those who leave out what develops have no builder, and run nodes without pages. */
function hasBuilder(): boolean {
  try {
    import.meta.resolve('vite');
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const at = process.argv.indexOf('--watch');
  if (at !== -1) await watch(process.argv[at + 1] ?? 'http://127.0.0.1:8645');
  else if (hasBuilder()) await buildPages(PAGES_FOLDER);
  else console.log('the pages are left out: Vite is not installed');
}
