import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeSite, type Site } from './make-site.ts';
import { formatPage } from './page-html.ts';

/** The document of the build that every page of the docs is made of. */
const TEMPLATE = 'docs.html';

/** What the search of the docs reads: the address of a page, its title, and its places with their anchors. */
export type SearchEntry = readonly [
  url: string,
  title: string,
  places: readonly (readonly [string, string])[],
];

/**
 * Writes the documents of a repository as pages into the folder of a build, `/docs/guides/api` as
 * `docs/guides/api.html`, with the pictures they show and the index of their search.
 */
export function writeDocs(root: string, folder: string): Site {
  const built = readFileSync(join(folder, TEMPLATE), 'utf8');
  rmSync(join(folder, TEMPLATE));
  // Who has chosen colours here shall not see the others first.
  const template = built.replace('<script type="module"', '<script type="module" blocking="render"');
  const site = makeSite(root);
  for (const page of site.pages) {
    write(join(folder, `${page.url}.html`), formatPage(template, page, site.pages));
  }
  for (const path of site.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
  write(join(folder, 'docs/search.json'), JSON.stringify(searchIndex(site)));
  return site;
}

function searchIndex({ pages }: Site): readonly SearchEntry[] {
  return pages.map(({ url, title, places }) => [
    url,
    title,
    places.map(({ text, anchor }) => [text, anchor]),
  ]);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
