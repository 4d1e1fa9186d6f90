import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromRoot } from './workspace.ts';

/** The rules that Biome, configured as this repository is, reports for one file. */
function lint(name: string, text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'calin-biome-'));
  try {
    copyFileSync(fromRoot('biome.jsonc'), join(folder, 'biome.jsonc'));
    writeFileSync(join(folder, name), text);
    const args = [
      fromRoot('node_modules/.bin/biome'),
      'lint',
      '--vcs-enabled=false',
      '--reporter=json',
      folder,
    ];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    assert.ok(stdout.startsWith('{'), stderr);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; severity: string }[] };
    return diagnostics.filter(({ severity }) => severity === 'error').map(({ category }) => category);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const functionOf = (lines: number) => `export function f(): void {\n${'  f();\n'.repeat(lines)}}\n`;

test('Biome refuses functions of more than 70 lines, except the bodies of tests', () => {
  assert.deepEqual(lint('x.ts', functionOf(68)), []);
  assert.deepEqual(lint('x.ts', functionOf(71)), ['lint/complexity/noExcessiveLinesPerFunction']);
  assert.deepEqual(lint('x.test.ts', functionOf(71)), []);
});

test('Biome refuses what Node cannot strip and what hides types', () => {
  const cases: [string, string][] = [
    ['export enum X {\n  A,\n}\n', 'lint/style/noEnum'],
    ['export namespace X {\n  export const a = 1;\n}\n', 'lint/style/noNamespace'],
    ['export const a: any = 1;\n', 'lint/suspicious/noExplicitAny'],
    ["export * from './a.ts';\n", 'lint/performance/noReExportAll'],
    ["import { type A } from './a.ts';\nexport const a: A = 1;\n", 'lint/style/useImportType'],
  ];
  for (const [text, rule] of cases) assert.ok(lint('x.ts', text).includes(rule), rule);
});
