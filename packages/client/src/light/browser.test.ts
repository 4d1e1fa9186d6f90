import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Modules that a page loads to follow a chain, with the text of each. */
function moduleGraph(entry: string): {
  readonly files: ReadonlyMap<string, string>;
  readonly others: ReadonlySet<string>;
} {
  const files = new Map<string, string>();
  const others = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    const source = readFileSync(fileURLToPath(path), 'utf8');
    // What is left is what runs: imports of types are gone.
    const text = path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
    files.set(path, text);
    for (const [, name = ''] of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (/^(\.|@calin\/|@noble\/)/.test(name)) waiting.push(resolveFrom(name, path));
      else others.add(name);
    }
  }
  return { files, others };
}

function resolveFrom(name: string, from: string): string {
  if (name.startsWith('.')) return new URL(name, from).href;
  return import.meta.resolve(name);
}

test('everything that a light client loads runs in a browser', (context) => {
  const { files, others } = moduleGraph(import.meta.resolve('./follow-light.ts'));
  assert.ok(files.size > 60, `${files.size} modules`);
  assert.deepEqual([...others], [], 'nothing but this project and its hashes and curves');
  for (const [path, text] of files) {
    for (const name of ['node:', 'process.', 'Buffer.', '__dirname', 'require(']) {
      const isUsed = new RegExp(`(^|[^\\w.'"\`])${name.replace('(', '\\(').replace('.', '\\.')}`, 'm').test(
        withoutComments(text),
      );
      assert.ok(!isUsed, `${path} uses ${name}`);
    }
  }
  const all = [...files.values()].map(withoutComments).join('\n');
  const packed = gzipSync(all).length;
  context.diagnostic(`${files.size} modules, ${all.length} bytes without comments, ${packed} packed`);
  assert.ok(packed < 150_000, `${packed} bytes`);
});

function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/\s+$/gm, '');
}
