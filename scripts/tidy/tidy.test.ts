import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeProject } from './laws.ts';
import { projectOf } from './project.ts';

/** The findings on these files, as `path:line law`. */
function judge(files: Record<string, string>, exceptions: Parameters<typeof judgeProject>[1] = []): string[] {
  return judgeProject(projectOf(files), exceptions).map(({ path, line, law }) => `${path}:${line} ${law}`);
}

const at = (path: string, law: string, line = 1) => `${path}:${line} ${law}`;
const inCore = (text: string) => ({ 'packages/core/src/ledger/x.ts': text });
const used = { 'packages/core/src/ledger/x.test.ts': "import { x } from './x.ts';\nx();\n" };
const X = 'packages/core/src/ledger/x.ts';

test('a small well-kept project has no findings', () => {
  const x =
    "import { y } from '../base/y.ts';\n\n/** Twice y. */\nexport function x(): number {\n  return 2 * y;\n}\n";
  const y = '/** One. */\nexport const y = 1;\n';
  assert.deepEqual(judge({ ...inCore(x), ...used, 'packages/core/src/base/y.ts': y }), []);
});

test('import table: folders of core, packages and Node', () => {
  const cases: [string, string, string][] = [
    [X, '../consensus/engine.ts', 'packages/core/src/consensus/engine.ts'],
    ['packages/core/src/consensus/x.ts', '../ledger/coin.ts', 'packages/core/src/ledger/coin.ts'],
    ['packages/core/src/mempool/x.ts', '../chain/tree.ts', 'packages/core/src/chain/tree.ts'],
    ['packages/core/src/base/x.ts', '../codec/reader.ts', 'packages/core/src/codec/reader.ts'],
    ['packages/client/src/x.ts', 'calin/cli/main.ts', 'packages/calin/src/cli/main.ts'],
    ['packages/explorer/src/x.tsx', 'calin/cli/main.ts', 'packages/calin/src/cli/main.ts'],
    ['packages/explorer/src/x.tsx', 'node:fs', ''],
    ['packages/client/src/x.ts', '../../core/src/base/y.ts', 'packages/core/src/base/y.ts'],
    [X, '../base/y.testing.ts', 'packages/core/src/base/y.testing.ts'],
    [X, 'node:fs', ''],
    [X, 'left-pad', ''],
    [X, './missing.ts', ''],
    [X, '../base/y', 'packages/core/src/base/y.ts'],
  ];
  for (const [from, specifier, target] of cases) {
    const files = { [from]: `import '${specifier}';\n`, ...(target === '' ? {} : { [target]: '' }) };
    assert.deepEqual(judge(files), [at(from, 'import-table')], `${from} → ${specifier}`);
  }
});

test('import table: chain takes ports as types, never as values', () => {
  const port = { 'packages/core/src/ports/store.ts': '/** A store. */\nexport interface Store {}\n' };
  const path = 'packages/core/src/chain/x.ts';
  const line = (kind: string) => ({ [path]: `import ${kind} { Store } from '../ports/store.ts';\n` });
  assert.deepEqual(judge({ ...port, ...line('type') }), []);
  assert.deepEqual(judge({ ...port, ...line('') }), [at(path, 'import-table')]);
});

test('import table: declared dependencies pass, export * does not', () => {
  const manifest = { 'packages/core/package.json': '{"dependencies":{"@noble/hashes":"2.4.0"}}' };
  const decision = { 'docs/decisions/0001.md': 'We use `@noble/hashes`.\n' };
  const text = "import '@noble/hashes/blake3.js';\n";
  assert.deepEqual(judge({ ...manifest, ...decision, ...inCore(text) }), []);
  const star = judge({ ...inCore("export * from './y.ts';\n"), 'packages/core/src/ledger/y.ts': '' });
  assert.deepEqual(star, [at(X, 'import-table')]);
});

test('import table: a worker is an import, a data file is not', () => {
  const path = 'packages/calin/src/x.ts';
  const url = (target: string) => ({ [path]: `new Worker(new URL('${target}', import.meta.url));\n` });
  assert.deepEqual(judge(url('../../../docs/page.md')), []);
  assert.deepEqual(judge(url('./worker.ts')), [at(path, 'import-table')]);
  assert.deepEqual(judge({ ...url('./worker.ts'), 'packages/calin/src/worker.ts': '' }), []);
});

test('import cycles: of values, not of types', () => {
  const pair = (kind: string) => ({
    'scripts/lib/a.ts': `import ${kind} './b.ts';\n/** A. */\nexport type A = 1;\n`,
    'scripts/lib/b.ts': `import type { A } from './a.ts';\nimport './c.ts';\n/** B. */\nexport type B = A;\n`,
    'scripts/lib/c.ts': "import './a.ts';\n",
  });
  assert.deepEqual(judge(pair('type { B } from')), []);
  assert.deepEqual(judge(pair('')), [at('scripts/lib/a.ts', 'import-cycle')]);
});

test('banned names bite in core code, not in its tests, comments, strings or other packages', () => {
  const names = [
    'Date.now()',
    'new Date()',
    'Math.random()',
    'Math.pow(2, 3)',
    'new Intl.Collator()',
    'a.localeCompare(b)',
    'a.toLocaleString()',
    'JSON.stringify(a)',
    'a.sort()',
    'a.toSorted()',
    'await a',
    'async () => 1',
    'Promise.resolve()',
    'setTimeout(a, 1)',
    'console.log(a)',
    'process.exit()',
    'new WeakRef(a)',
    'randomBytes(32)',
  ];
  for (const name of names) {
    assert.deepEqual(judge(inCore(`\nconst x = ${name};\n`)), [at(X, 'banned-name', 2)], name);
    assert.deepEqual(judge({ 'packages/core/src/ledger/x.test.ts': `const x = ${name};\n` }), [], name);
    assert.deepEqual(judge({ 'packages/calin/src/x.ts': `const x = ${name};\n` }), [], name);
    assert.deepEqual(judge(inCore(`// ${name}\nconst x = "${name}";\n`)), [], name);
  }
  const fine =
    'Math.floor(a) + a.toSorted(compare) + a.process() + { date: 1, console: 2 } + updateDate + $Date;';
  assert.deepEqual(judge(inCore(fine)), []);
  assert.deepEqual(judge({ 'packages/core/src/rpc/x.ts': 'JSON.stringify(a);\n' }), []);
});

test('sizes: 500 lines and 120 characters, strings not counted', () => {
  assert.deepEqual(judge(inCore('a();\n'.repeat(500))), []);
  assert.deepEqual(judge(inCore('a();\n'.repeat(501))), [at(X, 'file-length', 501)]);
  assert.deepEqual(judge(inCore(`// Generated by x.ts\n${'a();\n'.repeat(501)}`)), []);
  assert.deepEqual(judge(inCore(`a();\n// ${'a'.repeat(117)}\n`)), []);
  assert.deepEqual(judge(inCore(`a();\n// ${'a'.repeat(118)}\n`)), [at(X, 'line-length', 2)]);
  assert.deepEqual(judge(inCore(`f(${'a'.repeat(118)});\n`)), [at(X, 'line-length')]);
  assert.deepEqual(judge(inCore(`f('${'a'.repeat(400)}');\n`)), []);
});

test('dead exports: a test keeps a library export alive, and elsewhere only what its own file uses', () => {
  const text = '/** X. */\nexport const x = 1;\n';
  assert.deepEqual(judge(inCore(text)), [at(X, 'dead-export', 2)]);
  assert.deepEqual(judge({ ...inCore(text), ...used }), []);
  const server = 'packages/calin/src/x.ts';
  const tested = { 'packages/calin/src/x.test.ts': "import { x } from './x.ts';\nx;\n" };
  assert.deepEqual(judge({ [server]: text, ...tested }), [at(server, 'dead-export', 2)]);
  assert.deepEqual(judge({ [server]: `${text}f(x);\n`, ...tested }), []);
  assert.deepEqual(judge({ [server]: `${text}f(x);\n` }), [at(server, 'dead-export', 2)]);
  assert.deepEqual(judge({ [server]: '/** X. */\nexport type X = 1;\nconst y: X = 1;\n' }), []);
  assert.deepEqual(judge({ [server]: '/** X. */\nexport type X = 1;\n' }), [at(server, 'dead-export', 2)]);
});

test('docstrings: right before the export, and not just a comment', () => {
  for (const before of ['', '// X.\n', '/* X. */\n', '/** X. */\nconst y = 1;\n']) {
    const line = before.split('\n').length;
    assert.deepEqual(judge({ ...inCore(`${before}export const x = 1;\n`), ...used }), [
      at(X, 'docstring', line),
    ]);
  }
  const overloads = '/** X. */\nexport function x(): void;\nexport function x(): void {}\n';
  assert.deepEqual(judge({ ...inCore(overloads), ...used }), []);
});

test('documents: paths, links, headings and commands exist', () => {
  const files = {
    'package.json': '{"scripts":{"test":"","tidy":""}}',
    'packages/calin/src/cli/commands/send.ts': '',
    'packages/core/src/ledger/rules.ts': '',
    'docs/other.md': '# The Title, here\n',
  };
  const page = 'docs/page.md';
  const good = [
    '`packages/core/src/ledger/`, `ledger/rules.ts`, `@calin/core/ledger/rules.ts`, `tx/coin-missing`, `a/b`, `calin/1/`',
    '[x](other.md#the-title-here), [y](../packages/core), [z](https://example.org/nothing)',
    'npm left a path such as docs/x.md alone, and ./calin nothing too',
    '`npm run tidy`, `npm test`, `npm ci`, `./calin send`, `./calin --help`, `docs/decisions/NNNN-title.md`',
  ].join('\n');
  assert.deepEqual(judge({ ...files, [page]: good }), []);
  const bad: [string, string][] = [
    ['`packages/core/src/vm/`', 'document-path'],
    ['`docs/nothing.md`', 'document-path'],
    ['`ledger/nothing.ts`', 'document-path'],
    ['`@calin/core/ledger/nothing.ts`', 'document-path'],
    ['`NOTHING.md`', 'document-path'],
    ['[x](nothing.md)', 'document-path'],
    ['[x](other.md#no-title)', 'document-path'],
    ['`npm run nothing`', 'document-command'],
    ['```\nnpm start\n```', 'document-command'],
    ['`./calin nothing`', 'document-command'],
  ];
  for (const [text, law] of bad) {
    const line = text.startsWith('```') ? 2 : 1;
    assert.deepEqual(judge({ ...files, [page]: `${text}\n` }), [at(page, law, line)], text);
  }
  assert.deepEqual(judge({ ...files, ...inCore('// See docs/nothing.md.\n') }), [at(X, 'document-path')]);
});

test('forbidden words', () => {
  // Joined here, so that this file does not hold them.
  const words = [
    ['TO', 'DO'],
    ['FIX', 'ME'],
    ['/ho', 'me/ann'],
    ['/tm', 'p/x'],
    ['test.', 'skip('],
    ['@ts-', 'ignore'],
  ];
  for (const word of words) {
    assert.deepEqual(judge(inCore(`\n// ${word.join('')}\n`)), [at(X, 'forbidden-word', 2)], word.join(''));
  }
  assert.deepEqual(judge(inCore('// https://example.org/home/x, docs/work/x, HACKATHON, hack\n')), []);
});

test('manifests: exact, explained, used, and noble alone in core', () => {
  const path = 'packages/core/package.json';
  const manifest = (name: string, range: string) => ({
    [path]: JSON.stringify({ dependencies: { [name]: range } }),
    'docs/decisions/0001.md': '`@noble/hashes` `left-pad`\n',
    [X]: `import '${name}/x.js';\n`,
  });
  assert.deepEqual(judge(manifest('@noble/hashes', '2.4.0')), []);
  assert.deepEqual(judge(manifest('@noble/hashes', '^2.4.0')), [at(path, 'manifest')]);
  assert.deepEqual(judge(manifest('@noble/curves', '2.4.0')), [at(path, 'manifest')]);
  assert.deepEqual(judge(manifest('left-pad', '2.4.0')), [at(path, 'manifest')]);
  assert.deepEqual(judge({ ...manifest('@noble/hashes', '2.4.0'), [X]: '' }), [at(path, 'manifest')]);
  const versions = { 'package.json': '{"version":"1.0.0"}', [path]: '{"version":"1.0.1"}' };
  assert.deepEqual(judge(versions), [at(path, 'manifest')]);
  const script = { 'package.json': '{"scripts":{"x":"node scripts/x.ts --flag"}}' };
  assert.deepEqual(judge(script), [at('package.json', 'manifest')]);
  assert.deepEqual(judge({ ...script, 'scripts/x.ts': '' }), []);
});

test('lockfile: every package it names is in it', () => {
  const lock = (packages: object) => ({ 'package-lock.json': JSON.stringify({ packages }) });
  const whole = { '': { dependencies: { a: '1.0.0' } }, 'node_modules/a': {} };
  assert.deepEqual(judge(lock(whole)), []);
  const broken = { ...whole, 'node_modules/a': { optionalDependencies: { '@b/c': '1.0.0' } } };
  assert.deepEqual(judge(lock(broken)), [at('package-lock.json', 'lockfile')]);
});

test('exceptions excuse a law in a file, and a useless one is a finding', () => {
  const exception = { path: X, law: 'file-length', reason: 'a table of a standard' };
  assert.deepEqual(judge(inCore('a();\n'.repeat(501)), [exception]), []);
  assert.deepEqual(judge(inCore('a();\n'), [exception]), [at(X, 'file-length')]);
});
