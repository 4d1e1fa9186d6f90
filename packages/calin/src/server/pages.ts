import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';

/** What the build of the pages says of a file: its type, and what its bytes are named by. */
interface ListedFile {
  readonly type: string;
  readonly hash: string;
  /** Where it lies in the folder, when that is not the path under which it is asked for. */
  readonly file?: string;
  /** True for what is small by its kind, such as a picture, and lies there as it is only. */
  readonly packed?: boolean;
}

/** The list that the build writes beside the files. */
interface PageList {
  /** Paths of pages; `$name` stands for one part that is not empty. */
  readonly routes: readonly string[];
  /** Files by the path under which they are asked for. */
  readonly files: Readonly<Record<string, ListedFile>>;
}

/** A file that a path leads to. */
export interface PageFile extends ListedFile {
  /** Where it lies in the folder. */
  readonly path: string;
}

/** How a file can be packed, the smallest first, with the ending of the packed one. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** The document that draws every page. */
const DOCUMENT = '/index.html';

/** Files under this path are named by what they hold, and never change. */
const NAMED_BY_CONTENT = '/assets/';

/**
 * No script, style or picture but our own files; no frame, no form; calls to this node alone. WebAssembly may be
 * compiled, since the wallet works the key of a password out in it; text still becomes no script.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The pages that a browser draws, as `npm run pages` has built them. Only paths of the build's list are answered, so no
 * path of a request ever reaches the disk. The list is read when it is asked for first, and each file once.
 */
export class Pages {
  readonly #folder: string;
  #list: PageList | undefined;
  readonly #read = new Map<string, Buffer>();

  /** @param folder - of the build; it may not be there */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file that a path without its query leads to: one of the build, or the document for the path of a page. */
  find(path: string): PageFile | undefined {
    this.#list ??= readList(this.#folder);
    const { files = {}, routes = [] } = this.#list ?? {};
    const name = routes.some((route) => isOfRoute(path, route)) ? DOCUMENT : path;
    const file = Object.hasOwn(files, name) ? files[name] : undefined;
    return file && { ...file, path: file.file ?? name };
  }

  /**
   * Answers a GET or HEAD with a file, as small as the browser can take it.
   *
   * @returns false, with nothing said, when the file is gone, as it is when the pages were built anew meanwhile
   */
  send(request: IncomingMessage, response: ServerResponse, file: PageFile): boolean {
    const { path, type, hash, packed = false } = file;
    const isAccepted = acceptedEncodings(request.headers['accept-encoding']);
    const [encoding, ending] = ENCODINGS.find(([name]) => !packed && isAccepted(name)) ?? ['identity', ''];
    const etag = `"${hash}${ending}"`;
    const headers: OutgoingHttpHeaders = {
      'cache-control': path.startsWith(NAMED_BY_CONTENT) ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag,
      vary: 'origin, accept-encoding',
      'x-content-type-options': 'nosniff',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    };
    if (isKnown(request.headers['if-none-match'], etag)) {
      response.writeHead(304, headers).end();
      return true;
    }
    const body = this.#readFile(`${path}${ending}`);
    if (body === undefined) return false;
    headers['content-type'] = type;
    headers['content-length'] = body.length;
    if (encoding !== 'identity') headers['content-encoding'] = encoding;
    // Node leaves the body out where HEAD was asked.
    response.writeHead(200, headers).end(body);
    return true;
  }

  #readFile(path: string): Buffer | undefined {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const place = join(this.#folder, path);
    if (!existsSync(place)) {
      // The next request finds what is there now.
      this.#list = undefined;
      this.#read.clear();
      return undefined;
    }
    const bytes = readFileSync(place);
    this.#read.set(path, bytes);
    return bytes;
  }
}

function readList(folder: string): PageList | undefined {
  const path = join(folder, 'pages.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as PageList) : undefined;
}

function isOfRoute(path: string, route: string): boolean {
  const [parts, patterns] = [path.split('/'), route.split('/')];
  return (
    parts.length === patterns.length &&
    patterns.every((pattern, i) => (pattern.startsWith('$') ? parts[i] !== '' : pattern === parts[i]))
  );
}

/** Which encodings a browser takes, by the header; one that it weighs by 0 it does not take. */
function acceptedEncodings(header: string | readonly string[] | undefined): (name: string) => boolean {
  const entries = String(header ?? '')
    .toLowerCase()
    .split(',');
  const taken = entries.filter((entry) => !/;\s*q=0(?:\.0*)?\s*$/.test(entry));
  const names = new Set(taken.map((entry) => entry.split(';', 1)[0]?.trim()));
  return (name) => names.has(name);
}

function isKnown(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) === true;
}
