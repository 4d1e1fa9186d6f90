import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A document of the repository that becomes a page. */
export interface Source {
  /** From the root of the repository, as in `docs/guides/api.md`. */
  readonly path: string;
  /** Where the page is asked for, as in `/docs/guides/api`. */
  readonly url: string;
  readonly text: string;
}

/** The document that maps all others; its page is `/docs` itself. */
const MAP = 'docs/README.md';

/** Documents beside the folder that belong to the docs. */
const BESIDE = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'STYLE.md', 'SECURITY.md', 'CHANGELOG.md'];

/** All documents of a repository, the map first and the others by their paths. */
export function readSources(root: string): readonly Source[] {
  const inside = readdirSync(join(root, 'docs'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => path !== MAP)
    .toSorted();
  const paths = [MAP, ...inside, ...BESIDE].filter((path) => existsSync(join(root, path)));
  return paths.map((path) => ({ path, url: urlOf(path), text: readFileSync(join(root, path), 'utf8') }));
}

function urlOf(path: string): string {
  if (path === MAP) return '/docs';
  const bare = path.slice(0, -'.md'.length);
  return path.startsWith('docs/') ? `/${bare}` : `/docs/project/${bare.toLowerCase()}`;
}
