import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LinkResolver } from './resolve-link.ts';

const URLS = new Map([
  ['docs/README.md', '/docs'],
  ['docs/guides/api.md', '/docs/guides/api'],
  ['docs/reference/consensus/pow.md', '/docs/reference/consensus/pow'],
  ['ARCHITECTURE.md', '/docs/project/architecture'],
]);
const FILES = new Set(['docs/images/a.svg', 'packages/core/src/a.ts']);
const resolver = new LinkResolver(URLS, (path) => FILES.has(path));

test('links between documents lead to their pages', () => {
  const cases: readonly [string, string, string | undefined][] = [
    ['docs/guides/api.md', '../reference/consensus/pow.md#how', '/docs/reference/consensus/pow#how'],
    ['docs/guides/api.md', '#keys', '/docs/guides/api#keys'],
    ['docs/reference/consensus/pow.md', '../../guides/api.md', '/docs/guides/api'],
    ['docs/guides/api.md', '../../ARCHITECTURE.md', '/docs/project/architecture'],
    ['docs/guides/api.md', '../README.md', '/docs'],
    ['ARCHITECTURE.md', 'docs/guides/api.md', '/docs/guides/api'],
    ['ARCHITECTURE.md', 'docs/decisions', '/docs#decisions'],
    ['ARCHITECTURE.md', 'docs/', '/docs'],
    ['docs/README.md', 'https://www.rfc-editor.org/rfc/rfc9381', 'https://www.rfc-editor.org/rfc/rfc9381'],
  ];
  for (const [from, href, url] of cases) assert.equal(resolver.resolve(from, href), url, `${from} ${href}`);
});

test('what the site does not have has no address', () => {
  for (const href of [
    '../../packages/core/src/a.ts',
    '../../LICENSE',
    '../../../../etc/passwd',
    'gone.md',
    '../images/gone.svg',
    'javascript:alert(1)',
    'data:text/html,x',
  ]) {
    assert.equal(resolver.resolve('docs/guides/api.md', href), undefined, href);
  }
});

test('pictures and data are remembered, so that they are copied', () => {
  assert.equal(resolver.resolve('docs/guides/api.md', '../images/a.svg'), '/docs/images/a.svg');
  assert.deepEqual([...resolver.files], ['docs/images/a.svg']);
});
