import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writePageList } from '../write-page-list.ts';
import { writeDocs } from './write-docs.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const TEMPLATE =
  '<!doctype html><html lang="en"><head><title>Calin docs</title><script type="module" src="/a.js"></script></head><body><div id="docs"></div></body></html>';

/** Writes the docs of this repository into a folder of their own. */
function writeSite() {
  const folder = mkdtempSync(join(tmpdir(), 'calin-docs-'));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'docs.html'), TEMPLATE);
  return { folder, site: writeDocs(ROOT, folder) };
}

/** Every file below a folder with its bytes, by its path. */
function contents(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((one) => one.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return new Map(paths.map((path) => [path.slice(folder.length), readFileSync(path, 'latin1')]));
}

const { folder, site } = writeSite();

test('no link of the docs is dead, and no anchor', () => {
  const written = contents(folder);
  const anchors = new Map<string, ReadonlySet<string>>();
  for (const { url } of site.pages) {
    const html = written.get(`${url}.html`) ?? '';
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);
    assert.equal(new Set(ids).size, ids.length, `${url} names a place twice`);
    anchors.set(url, new Set(ids));
  }
  let links = 0;
  for (const { url, path, missing } of site.pages) {
    assert.deepEqual(missing, [], `${path} links what the site does not have`);
    const html = written.get(`${url}.html`) ?? '';
    for (const [, target = ''] of html.matchAll(/ (?:href|src)="(\/docs[^"]*|#[^"]*)"/g)) {
      if (target === '/docs/api') continue;
      const [place = '', anchor] = target.split('#', 2);
      const ids = anchors.get(place === '' ? url : place);
      if (ids === undefined) assert.ok(written.has(place), `${path}: ${target} leads nowhere`);
      else if (anchor !== undefined) assert.ok(ids.has(latin(anchor)), `${path}: ${target} names no place`);
      links++;
    }
  }
  assert.ok(links > 1000, `${links} links`);
});

/** As files are compared here. */
function latin(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

test('the map names every page of the tutorial, the guides and the reference', () => {
  const [map] = site.pages;
  assert.equal(map?.path, 'docs/README.md');
  for (const { url, path, section } of site.pages) {
    if (section === 'map' || section === 'decisions') continue;
    assert.ok(map.body.includes(`href="${url}"`), `docs/README.md does not name ${path}`);
  }
});

test('pages have a title, and pictures their size and their words', () => {
  for (const { path, title, head, body } of site.pages) {
    assert.notEqual(title, '', path);
    assert.match(head, /^<h1 /, path);
    for (const [image] of body.matchAll(/<img [^>]*>/g)) {
      assert.match(image, /src="\/docs\/[^"]+" alt="[^"]{8,}" width="\d+" height="\d+"/, path);
    }
  }
});

test('the same documents give the same bytes, and every page is on the list of the server', () => {
  assert.deepEqual(contents(folder), contents(writeSite().folder));
  writePageList(folder);
  const { files } = JSON.parse(readFileSync(join(folder, 'pages.json'), 'utf8')) as {
    files: Readonly<Record<string, { type: string; file?: string; packed?: boolean }>>;
  };
  for (const { url } of site.pages) {
    assert.equal(files[url]?.type, 'text/html; charset=utf-8', url);
    assert.equal(files[url]?.file, `${url}.html`);
  }
  assert.equal(files['/docs/images/pages/home.webp']?.packed, true);
  assert.equal(files['/docs/search.json']?.type, 'application/json');
  assert.equal(files['/docs.html'], undefined);
  assert.deepEqual(files['/docs/'], files['/docs']);
});
