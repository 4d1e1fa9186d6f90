import { writeSync } from 'node:fs';
import type { Refusal } from '@calin/core/base/result.ts';
import type { Answer, CommandIo } from './command.ts';

const RED = '\x1b[31m';
const DIM = '\x1b[2m';
const PLAIN = '\x1b[0m';

/** The world of a command on this process: answers on standard output, everything else on standard error. */
export function createIo(isJson: boolean): CommandIo {
  const { env } = process;
  return {
    isJson,
    isColour: process.stderr.isTTY === true && (env['NO_COLOR'] ?? '') === '',
    env,
    answer: ({ json, text }: Answer) => print(1, isJson ? JSON.stringify(json) : text),
    note: (text) => print(2, text),
  };
}

/** A refusal for a person: what is wrong, what to do, by which rule and with which evidence. */
export function formatRefusal({ message, help, rule, evidence }: Refusal, isColour: boolean): string {
  const paint = (colour: string, text: string) => (isColour ? `${colour}${text}${PLAIN}` : text);
  const facts = Object.entries(evidence).map(([name, value]) => `${name}=${value}`);
  const details = [rule, ...facts].join('  ');
  const nearest = evidence['didYouMean'];
  const advice = nearest === undefined ? help : `Did you mean "${String(nearest)}"? ${help}`;
  return `${paint(RED, 'calin:')} ${message}\n  ${printable(advice)}\n  ${paint(DIM, printable(details))}`;
}

/** Rows under each other, in columns as wide as their widest cell; numbers to the right. */
export function formatTable(
  rows: readonly (readonly string[])[],
  rightColumns: readonly number[] = [],
): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  const line = (row: readonly string[]) =>
    row.map((cell, i) =>
      rightColumns.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
    );
  return rows.map((row) => line(row).join('  ').trimEnd()).join('\n');
}

/** Names and values, one pair a line. */
export function formatFields(fields: readonly (readonly [string, string])[]): string {
  return formatTable(fields);
}

/** Control characters but line feed and tab, and those that turn the direction of text or break its line. */
const HIDDEN = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A text without control characters, which a stranger's text could use to rewrite the terminal. */
export function printable(text: string): string {
  return text.replace(HIDDEN, (found) => (found === '\n' || found === '\t' ? found : '?'));
}

/** Writes a line at once, also when the process ends right after. */
export function print(file: 1 | 2, text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(file, bytes, offset);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe that is full is tried again; one whose reader went away is none of our business.
      if (code !== 'EAGAIN') return;
    }
  }
}
