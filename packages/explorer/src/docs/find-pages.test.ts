import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPages, type IndexedPage } from './find-pages.ts';

const INDEX: readonly IndexedPage[] = [
  ['/docs/guides/network', 'Run a network', [['On one machine', 'on-one-machine']]],
  ['/docs/reference/network', 'Network', [['Joining by a snapshot', 'joining-by-a-snapshot']]],
  ['/docs/reference/state', 'State', [['Snapshots', 'snapshots']]],
  [
    '/docs/reference/rules',
    'Rules',
    [
      ['p2p/snapshot', 'p2p/snapshot'],
      ['tx/coin-missing', 'tx/coin-missing'],
    ],
  ],
];

const urls = (text: string) => findPages(INDEX, text).map(({ url }) => url);

test('what is called so comes before what only holds the word', () => {
  assert.deepEqual(urls('network'), ['/docs/reference/network', '/docs/guides/network']);
  assert.deepEqual(urls('Snap'), [
    '/docs/reference/state#snapshots',
    '/docs/reference/network#joining-by-a-snapshot',
    '/docs/reference/rules#p2p/snapshot',
  ]);
});

test('every word has to occur, in the heading or the title above it', () => {
  assert.deepEqual(urls('network snapshot'), ['/docs/reference/network#joining-by-a-snapshot']);
  assert.deepEqual(urls('network moon'), []);
  assert.deepEqual(urls('   '), []);
});

test('rules are found by their id', () => {
  assert.deepEqual(findPages(INDEX, 'coin-miss'), [
    { url: '/docs/reference/rules#tx/coin-missing', title: 'Rules', place: 'tx/coin-missing' },
  ]);
});

test('a search never finds more than can be taken in', () => {
  const many = Array.from({ length: 50 }, (_, i): IndexedPage => [`/docs/${i}`, `Page ${i}`, []]);
  assert.equal(findPages(many, 'page').length, 12);
});
