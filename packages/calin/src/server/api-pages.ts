import { API_PAGE_POLICY, formatApiPage } from './api-page.ts';
import { describeNodeApi } from './node-api.ts';

/** A document that the server gives to anybody, the same to all. */
export interface StaticPage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The description of the API for programs and for people, by path. Made when it is asked for first.
 *
 * @param hasPages - whether the server has the pages of the explorer and the docs, which it then links
 */
export function apiPages(version: string, hasPages: boolean): (path: string) => StaticPage | undefined {
  const made = new Map<string, StaticPage>();
  return (path) => {
    const make = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
    if (make === undefined) return undefined;
    const page = made.get(path) ?? make(version, hasPages);
    made.set(path, page);
    return page;
  };
}

const PAGES: Readonly<Record<string, (version: string, hasPages: boolean) => StaticPage>> = {
  '/openrpc.json': (version) => ({
    body: JSON.stringify(describeNodeApi(version)),
    headers: { 'content-type': 'application/json' },
  }),
  '/docs/api': (version, hasPages) => ({
    body: formatApiPage(describeNodeApi(version), hasPages),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': API_PAGE_POLICY,
      'referrer-policy': 'no-referrer',
    },
  }),
};
