import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, OptionSpecs } from './command.ts';
import { COMMANDS, loadCommands, namesBelow } from './command-table.ts';
import { CONFIG_KEYS } from './config-file.ts';
import { formatHelp, formatOverview } from './help.ts';
import { allOptions, parseCommandLine } from './parse-options.ts';

const commands: readonly Command[] = await loadCommands();

test('every command is called as the table says, and says what it does', () => {
  assert.deepEqual(
    commands.map(({ name }) => name),
    Object.keys(COMMANDS),
  );
  for (const { name, summary, examples } of commands) {
    assert.match(summary, /^[A-Z].*\.$/, name);
    assert.ok(examples.length > 0 && examples.every((example) => example.startsWith(name)), name);
  }
});

test('the help of every command names each of its options once', () => {
  for (const command of commands) {
    const text = formatHelp(command);
    for (const option of Object.keys(allOptions(command))) {
      assert.equal(text.split(`--${option} `).length > 1 || text.includes(`--${option}\n`), true, option);
    }
  }
  for (const name of Object.keys(COMMANDS).filter((one) => !one.includes(' '))) {
    assert.ok(formatOverview(commands).includes(`  ${name}`), name);
  }
});

test('groups list what is below them', () => {
  for (const { name, subcommands } of commands) {
    assert.deepEqual(
      (subcommands ?? []).map((below) => `${name} ${below}`),
      namesBelow(name),
    );
  }
});

test('every example is understood by its command', () => {
  const env = { CALIN_DATA: '/nonexistent' };
  for (const command of commands.filter(({ subcommands }) => subcommands === undefined)) {
    for (const example of command.examples) {
      const [line = ''] = example.split(/ [<>] /);
      const words = line.slice(command.name.length).split(' ').filter(Boolean);
      const parsed = parseCommandLine(command, words, env);
      assert.ok(parsed.ok, `${example}: ${JSON.stringify(parsed)}`);
    }
  }
});

test('a configuration file may hold exactly the ambient options', () => {
  const names = new Set<string>();
  const ambient = (options: OptionSpecs) =>
    Object.entries(options).filter(([, spec]) => spec.ambient === true);
  for (const { options } of commands) for (const [name] of ambient(options)) names.add(name);
  assert.deepEqual([...names].toSorted(), [...CONFIG_KEYS].toSorted());
});
