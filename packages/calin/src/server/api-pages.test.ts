import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { JsonSchemaChecker } from '@calin/core/base/json-schema.testing.ts';
import { METHODS } from '@calin/core/rpc/methods.ts';
import type { ApiDescription } from '@calin/core/rpc/openrpc/describe-api.ts';
import { formatApiPage } from './api-page.ts';
import { describeNodeApi } from './node-api.ts';
import { startTestServer } from './server.testing.ts';

const META_SCHEMA_PATH = '../../../core/src/rpc/openrpc/meta-schema.vectors.json';

/** Checks documents against the official meta-schema; the file says where it comes from. */
const metaSchema = (() => {
  const { openrpc, jsonSchema } = JSON.parse(
    readFileSync(new URL(META_SCHEMA_PATH, import.meta.url), 'utf8'),
  ) as { openrpc: unknown; jsonSchema: unknown };
  const checker = new JsonSchemaChecker({
    'https://meta.open-rpc.org': openrpc,
    'https://meta.json-schema.tools': jsonSchema,
  });
  return (document: unknown) => checker.check('https://meta.open-rpc.org', document);
})();

test('GET /openrpc.json gives a document that the meta-schema of OpenRPC takes', async (t) => {
  const { server } = await startTestServer(t);
  const response = await fetch(`${server.url}/openrpc.json`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/json');
  const document = (await response.json()) as ApiDescription;
  assert.deepEqual(metaSchema(document), []);
  assert.deepEqual(
    document.methods.map(({ name }) => name),
    Object.keys(METHODS),
  );
});

test('the meta-schema refuses documents that are damaged anywhere', () => {
  const damages: readonly ((document: ApiDescription) => unknown)[] = [
    (document) => ({ ...document, openrpc: '9.9.9' }),
    (document) => ({ ...document, info: { title: 'Calin' } }),
    (document) => ({ ...document, surprise: 1 }),
    (document) => ({ ...document, methods: [{ ...document.methods[0], name: '' }] }),
    (document) => ({ ...document, methods: [{ ...document.methods[0], params: [{ name: 'n' }] }] }),
    (document) => ({ ...document, methods: [{ ...document.methods[0], errors: [{ code: '1' }] }] }),
    (document) => ({ ...document, methods: [{ ...document.methods[0], examples: [{ name: 'e' }] }] }),
    (document) => ({
      ...document,
      methods: [{ ...document.methods[0], result: { name: 'r', schema: { type: 'nonsense' } } }],
    }),
    (document) => ({ ...document, components: { schemas: { a: { maxItems: -1 } } } }),
  ];
  const document = describeNodeApi('1.0.0');
  for (const damage of damages) assert.notDeepEqual(metaSchema(damage(document)), [], String(damage));
});

test('every reference leads to a shape of the document', () => {
  const document = describeNodeApi('1.0.0');
  const references = new Set(JSON.stringify(document).match(/"#\/[^"]*"/g));
  assert(references.size >= 5);
  for (const reference of references) {
    const name = /^"#\/components\/schemas\/(\w+)"$/.exec(reference)?.[1] ?? '';
    assert(Object.hasOwn(document.components.schemas, name), reference);
  }
});

test('GET /docs/api shows every method, runs no script and loads nothing', async (t) => {
  const { server } = await startTestServer(t);
  const response = await fetch(`${server.url}/docs/api`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(
    response.headers.get('content-security-policy') ?? '',
    /^default-src 'none'; style-src 'sha256-/,
  );
  const html = await response.text();
  for (const name of Object.keys(METHODS)) {
    assert(html.includes(`<section id="${name}">`), name);
    assert(html.includes(`<a href="#${name}">`), name);
  }
  assert.doesNotMatch(html, /<script|\bon\w+=|\bsrc=|@import|url\(|https?:\/\//i);
  const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  for (const target of targets) assert(html.includes(` id="${target}"`), `#${target}`);
});

test('the page leads to the others where there are any', () => {
  const api = describeNodeApi('1.0.0');
  assert.match(formatApiPage(api, true), /<a href="\/docs">Docs<\/a>/);
  assert.doesNotMatch(formatApiPage(api, false), /href="\/(?!openrpc\.json)/);
});

test('what a declaration says is text on the page, whatever it holds', () => {
  const hostile = '<img src=x onerror="alert(1)">';
  const [method] = describeNodeApi('1.0.0').methods;
  assert(method);
  const api = { ...describeNodeApi(hostile), methods: [{ ...method, name: hostile, summary: hostile }] };
  const html = formatApiPage(api, true);
  assert(!html.includes('<img'));
  assert(html.includes('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;'));
});
