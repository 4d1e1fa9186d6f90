import { posix } from 'node:path';

/** Where the links of the documents lead on the site, and which files of the repository it needs for that. */
export class LinkResolver {
  readonly #urls: ReadonlyMap<string, string>;
  readonly #isFile: (path: string) => boolean;
  /** Files that are not documents and that a document shows or links: pictures and data. */
  readonly files = new Set<string>();

  /**
   * @param urls - of the pages, by the path of their document
   * @param isFile - tells a file of the repository by its path
   */
  constructor(urls: ReadonlyMap<string, string>, isFile: (path: string) => boolean) {
    this.#urls = urls;
    this.#isFile = isFile;
  }

  /**
   * The address that a link of a document has on the site.
   *
   * @returns undefined for what the site does not have: a folder of sources, a document elsewhere, nothing at all
   */
  resolve(from: string, href: string): string | undefined {
    if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return /^(?:https?|mailto):/i.test(href) ? href : undefined;
    const [file = '', anchor] = href.split('#', 2);
    const path = file === '' ? from : posix.join(posix.dirname(from), decodeURI(file)).replace(/\/$/, '');
    const end = anchor === undefined ? '' : `#${anchor}`;
    const page = this.#urls.get(path);
    if (page !== undefined) return `${page}${end}`;
    // A folder of the docs is a section of the map.
    const folder = /^docs(?:\/([a-z]+))?$/.exec(path);
    if (folder !== null) return folder[1] === undefined ? '/docs' : `/docs#${folder[1]}`;
    if (!path.startsWith('docs/') || path.endsWith('.md') || !this.#isFile(path)) return undefined;
    this.files.add(path);
    return `/${path}${end}`;
  }
}
