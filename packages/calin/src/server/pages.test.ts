import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { post, sendRaw, startTestServer, statusCall } from './server.testing.ts';

const DOCUMENT = '<!doctype html><title>Pages</title>';
const DOCS = '<!doctype html><title>Docs</title>';
const SCRIPT = 'console.log("pages");'.repeat(50);

/** A folder as the build leaves it, and something beside it that nobody may read. */
function buildFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'calin-pages-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const pages = join(folder, 'dist');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(pages, 'unlisted.txt'), 'secret');
  for (const [path, text] of [
    ['index.html', DOCUMENT],
    ['assets/a-1.js', SCRIPT],
  ] as const) {
    writeFileSync(join(pages, path), text);
    writeFileSync(join(pages, `${path}.br`), brotliCompressSync(text));
    writeFileSync(join(pages, `${path}.gz`), gzipSync(text));
  }
  mkdirSync(join(pages, 'docs/images'), { recursive: true });
  mkdirSync(join(pages, 'docs/guides'), { recursive: true });
  for (const ending of ['', '.br', '.gz']) writeFileSync(join(pages, `docs/guides/api.html${ending}`), DOCS);
  writeFileSync(join(pages, 'docs/images/a.webp'), 'RIFF');
  const files = {
    '/index.html': { type: 'text/html; charset=utf-8', hash: 'h1' },
    '/assets/a-1.js': { type: 'text/javascript; charset=utf-8', hash: 'h2' },
    '/docs/guides/api': { type: 'text/html; charset=utf-8', hash: 'h3', file: '/docs/guides/api.html' },
    '/docs/images/a.webp': { type: 'image/webp', hash: 'h4', packed: true },
  };
  writeFileSync(join(pages, 'pages.json'), JSON.stringify({ routes: ['/', '/tx/$txid'], files }));
  return pages;
}

/** Asks for a path as it stands: `fetch` would tidy it up first. */
function ask(url: string, path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; bytes: Buffer }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(url);
      const sent = request({ hostname, port, path, method, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes: Buffer.concat(parts),
          }),
        );
      });
      sent.on('error', reject);
      sent.end();
    },
  );
}

test('the document is answered for the paths of pages and for no others, under a strict policy', async (t) => {
  const { server } = await startTestServer(t, { pages: buildFolder(t) });
  for (const path of ['/', '/?a=1', '/tx/12', '/index.html']) {
    const { status, headers, bytes } = await ask(server.url, path);
    assert.equal(status, 200, path);
    assert.equal(bytes.toString(), DOCUMENT, path);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
    assert.doesNotMatch(policy.replace("'wasm-unsafe-eval'", ''), /unsafe|\*|https?:/);
  }
  for (const path of ['/tx', '/tx/', '/tx/1/2', '/blocks', '/TX/1', '//']) {
    assert.equal((await ask(server.url, path)).status, 404, path);
  }
});

test('files that are named by what they hold may be kept for ever, and come packed', async (t) => {
  const { server } = await startTestServer(t, { pages: buildFolder(t) });
  const path = '/assets/a-1.js';
  const encodings = [
    ['gzip, deflate, br', 'br', brotliCompressSync(SCRIPT)],
    ['GZIP', 'gzip', gzipSync(SCRIPT)],
    ['br;q=0, gzip;q=0.5', 'gzip', gzipSync(SCRIPT)],
    ['identity', undefined, Buffer.from(SCRIPT)],
    ['*;q=0', undefined, Buffer.from(SCRIPT)],
  ] as const;
  const etags = new Set<unknown>();
  for (const [accepted, encoding, expected] of encodings) {
    const { headers, bytes } = await ask(server.url, path, { 'accept-encoding': accepted });
    assert.equal(headers['content-encoding'], encoding, accepted);
    assert.deepEqual(bytes, expected, accepted);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.match(String(headers['vary']), /accept-encoding/);
    etags.add(headers['etag']);
  }
  assert.equal(etags.size, 3, 'one for each way in which it is packed');
});

test('what a browser has is not sent again, and HEAD has no body', async (t) => {
  const { server } = await startTestServer(t, { pages: buildFolder(t) });
  const etag = String((await ask(server.url, '/')).headers['etag']);
  for (const known of [etag, `"x", W/${etag}`]) {
    const { status, bytes } = await ask(server.url, '/', { 'if-none-match': known });
    assert.deepEqual([status, bytes.length], [304, 0]);
  }
  assert.equal((await ask(server.url, '/', { 'if-none-match': '"other"' })).status, 200);
  const head = await ask(server.url, '/', {}, 'HEAD');
  assert.deepEqual([head.status, head.bytes.length], [200, 0]);
  assert.equal(head.headers['content-length'], String(DOCUMENT.length));
});

test('the docs are documents of their own, beside the description of the API', async (t) => {
  const { server } = await startTestServer(t, { pages: buildFolder(t) });
  const { status, headers, bytes } = await ask(server.url, '/docs/guides/api');
  assert.deepEqual([status, bytes.toString()], [200, DOCS]);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.match(String(headers['content-security-policy']), /^default-src 'none'; script-src 'self'[ ;]/);
  assert.match((await ask(server.url, '/docs/api')).bytes.toString(), /JSON-RPC/);
  for (const path of ['/docs/guides/api.html', '/docs/guides', '/docs/guides/api/']) {
    assert.equal((await ask(server.url, path)).status, 404, path);
  }
});

test('what is small by its kind is sent as it is', async (t) => {
  const { server } = await startTestServer(t, { pages: buildFolder(t) });
  const { status, headers, bytes } = await ask(server.url, '/docs/images/a.webp', {
    'accept-encoding': 'br',
  });
  assert.deepEqual([status, bytes.toString()], [200, 'RIFF']);
  assert.equal(headers['content-encoding'], undefined);
  assert.equal(headers['content-type'], 'image/webp');
});

test('no path leads out of the list of the build', async (t) => {
  const { server } = await startTestServer(t, { pages: buildFolder(t) });
  const paths = [
    '/unlisted.txt',
    '/pages.json',
    '/assets/a-1.js.br',
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '/tx/../../../secret.txt',
    '/assets/a-1.js%00.txt',
    '/__proto__',
    '/constructor',
    '/assets',
  ];
  for (const path of paths) {
    const { status, bytes } = await ask(server.url, path);
    assert.equal(status, 404, path);
    assert.match(bytes.toString(), /server\/not-found/, path);
  }
  const raw = await sendRaw(
    server.port,
    'GET ../secret.txt HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
  );
  assert.match(raw, /^HTTP\/1\.1 40[04] /);
});

test('calls are made by POST to the same path, and other methods are told what there is', async (t) => {
  const { server } = await startTestServer(t, { pages: buildFolder(t) });
  assert.match(await (await post(server.url, statusCall())).text(), /"result"/);
  const refused = await post(`${server.url}/tx/1`, '{}');
  assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
  const put = await fetch(server.url, { method: 'PUT' });
  assert.deepEqual([put.status, put.headers.get('allow')], [405, 'GET, HEAD, OPTIONS, POST']);
  assert.equal((await fetch(`${server.url}/rpc`)).status, 405);
  const foreign = await ask(server.url, '/', { host: 'evil.example' });
  assert.equal(foreign.status, 403);
  assert.equal((await ask(server.url, '/', { origin: 'https://evil.example' })).status, 403);
});

test('pages that are not built, or are built anew, are refused with what to do and answered again', async (t) => {
  const pages = buildFolder(t);
  renameSync(pages, `${pages}.away`);
  const { server } = await startTestServer(t, { pages });
  const missing = await fetch(server.url);
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /server\/no-pages.*npm run pages/);
  renameSync(`${pages}.away`, pages);
  assert.equal((await fetch(server.url)).status, 200);
  rmSync(join(pages, 'assets'), { recursive: true });
  const gone = await fetch(`${server.url}/assets/a-1.js`);
  assert.deepEqual([gone.status, gone.headers.get('etag')], [404, null]);
  assert.equal((await fetch(server.url)).status, 200);
});

test('a server that was told no folder has no pages', async (t) => {
  const { server } = await startTestServer(t);
  assert.equal((await fetch(server.url)).status, 405);
  assert.equal((await fetch(`${server.url}/tx/1`)).status, 404);
});
