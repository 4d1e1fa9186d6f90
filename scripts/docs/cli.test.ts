import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCommands } from '../../packages/calin/src/cli/command-table.ts';
import { formatPage } from './cli.ts';

test('the page has a heading for every command and a row for every option', async () => {
  const commands = await loadCommands();
  const page = formatPage(commands);
  for (const { name, options } of commands) {
    assert.ok(page.includes(`### calin ${name}\n`), name);
    for (const option of Object.keys(options))
      assert.match(page, new RegExp(`--${option}[ \`]`), `${name} --${option}`);
  }
});

test('every line of a table has as many cells as its head', async () => {
  const tables = formatPage(await loadCommands())
    .split('\n\n')
    .filter((part) => part.startsWith('| Option'));
  assert.ok(tables.length > 10);
  for (const table of tables) {
    for (const line of table.trim().split('\n')) assert.equal(line.match(/(?<!\\)\|/g)?.length, 5, line);
  }
});
