import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { imageSize } from './image-size.ts';
import { readSources, type Source } from './read-sources.ts';
import { type Rendered, renderMarkdown } from './render-markdown.ts';
import { LinkResolver } from './resolve-link.ts';

/** A page of the docs. */
export interface DocsPage extends Rendered {
  readonly url: string;
  /** The document it is made of, from the root of the repository. */
  readonly path: string;
  readonly section: SectionName;
  /** What links of the document name that the site does not have. */
  readonly missing: readonly string[];
}

/** The parts of the docs, in the order in which they are shown. The map of all stands before them. */
export const SECTIONS = {
  tutorial: 'Tutorial',
  guides: 'Guides',
  reference: 'Reference',
  project: 'Project',
  decisions: 'Decisions',
} as const;

/** A part of the docs, as its folder is called. */
export type SectionName = 'map' | keyof typeof SECTIONS;

/** Everything that the docs consist of but their look. */
export interface Site {
  /** The map first, then section by section. */
  readonly pages: readonly DocsPage[];
  /** Pictures and data, from the root of the repository; each is asked for at that path. */
  readonly files: readonly string[];
}

/** Reads all documents of a repository and works out where each stands and where its links lead. */
export function makeSite(root: string): Site {
  const sources = readSources(root);
  const urls = new Map(sources.map(({ path, url }) => [path, url]));
  const isFile = (path: string) => existsSync(join(root, path)) && statSync(join(root, path)).isFile();
  const resolver = new LinkResolver(urls, isFile);
  const pages = sources.map((source) => renderPage(root, source, resolver));
  return { pages: inOrder(pages, sources), files: [...resolver.files].toSorted() };
}

function renderPage(root: string, { path, url, text }: Source, resolver: LinkResolver): DocsPage {
  const missing: string[] = [];
  const rendered = renderMarkdown(text, {
    link: (href) => {
      const target = resolver.resolve(path, href);
      if (target === undefined) missing.push(href);
      return target;
    },
    size: (href) => {
      const place = join(root, posix.join(posix.dirname(path), href));
      return existsSync(place) ? imageSize(readFileSync(place)) : undefined;
    },
  });
  return { url, path, section: sectionOf(url), missing, ...rendered };
}

function sectionOf(url: string): SectionName {
  const name = url.split('/')[2] ?? 'map';
  return Object.hasOwn(SECTIONS, name) ? (name as SectionName) : name === 'map' ? 'map' : 'project';
}

/** Within a section pages follow one another as the map links them; those that it does not link come last. */
function inOrder(pages: readonly DocsPage[], sources: readonly Source[]): readonly DocsPage[] {
  const map = pages.find(({ section }) => section === 'map');
  const linked = [...(map?.body ?? '').matchAll(/href="([^"#]+)/g)].map(([, href = '']) => href);
  const place = new Map<string, number>();
  const order = [...linked, ...sources.map(({ url }) => url)];
  for (const [i, url] of order.entries()) if (!place.has(url)) place.set(url, i);
  const sections: readonly string[] = ['map', ...Object.keys(SECTIONS)];
  const rank = ({ section, url }: DocsPage): number =>
    sections.indexOf(section) * (order.length + 1) + (place.get(url) ?? order.length);
  return pages.toSorted((a, b) => rank(a) - rank(b));
}
