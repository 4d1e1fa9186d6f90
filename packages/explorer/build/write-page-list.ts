import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { ROUTES } from '../src/routes.ts';

/** What browsers are told of a file, by its ending. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
};

/** What is small already: packed again it only takes place. */
const PACKED: ReadonlySet<string> = new Set(['.webp']);

/** The list of the files, from which the server answers: no other file is ever read. */
const PAGE_LIST = 'pages.json';

/** Packs every file of a build and writes the list of them. */
export function writePageList(folder: string): void {
  const files: Record<string, object> = {};
  for (const path of builtFiles(folder)) {
    const type = TYPES[extname(path)];
    if (type === undefined) throw new Error(`no type is known for ${path}`);
    const bytes = readFileSync(join(folder, path));
    const isPacked = PACKED.has(extname(path));
    if (!isPacked) pack(join(folder, path), bytes);
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    files[askedAt(path)] = {
      type,
      hash,
      ...(askedAt(path) === `/${path}` ? {} : { file: `/${path}` }),
      ...(isPacked ? { packed: true } : {}),
    };
  }
  // Who types the address of a folder means the page.
  if (files['/docs'] !== undefined) files['/docs/'] = files['/docs'];
  const list = { routes: Object.values(ROUTES), files };
  writeFileSync(join(folder, PAGE_LIST), `${JSON.stringify(list, undefined, 2)}\n`);
}

/** Pages of the docs are asked for without the ending of their files; the document of the app has its own name. */
function askedAt(path: string): string {
  return path.startsWith('docs') && path.endsWith('.html')
    ? `/${path.slice(0, -'.html'.length)}`
    : `/${path}`;
}

/**
 * Puts the packed files beside a file. The many pages of the docs are packed a little less well, in a tenth of the
 * time.
 */
function pack(place: string, bytes: Buffer): void {
  const quality = place.endsWith('.html') ? 6 : 11;
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: quality } };
  writeFileSync(`${place}.br`, brotliCompressSync(bytes, brotli));
  writeFileSync(`${place}.gz`, gzipSync(bytes, { level: 9 }));
}

function builtFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}
