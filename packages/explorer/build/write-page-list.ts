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
};

/** The list of the files, from which the server answers: no other file is ever read. */
const PAGE_LIST = 'pages.json';

/** Packs every file of a build and writes the list of them. */
export function writePageList(folder: string): void {
  const files: Record<string, object> = {};
  for (const path of builtFiles(folder)) {
    const type = TYPES[extname(path)];
    if (type === undefined) throw new Error(`no type is known for ${path}`);
    const bytes = readFileSync(join(folder, path));
    const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    writeFileSync(join(folder, `${path}.br`), brotliCompressSync(bytes, brotli));
    writeFileSync(join(folder, `${path}.gz`), gzipSync(bytes, { level: 9 }));
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    files[`/${path}`] = { type, hash };
  }
  const list = { routes: Object.values(ROUTES), files };
  writeFileSync(join(folder, PAGE_LIST), `${JSON.stringify(list, undefined, 2)}\n`);
}

function builtFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}
