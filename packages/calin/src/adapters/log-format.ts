import type { LogEntry, LogLevel } from '@calin/core/ports/log.ts';

/** How a line is drawn. */
export interface LineStyle {
  readonly timeMs: number;
  readonly colour: boolean;
}

/** SGR colours: grey, green, yellow, red. */
const COLOURS: Readonly<Record<LogLevel, number>> = { debug: 90, info: 32, warn: 33, error: 31 };

/**
 * One line for a terminal: the time of day (UTC), level, part, message and `name=value`. Control characters are
 * written as escapes, so that a stranger's text can neither forge a line nor steer the terminal.
 */
export function formatEntry(
  { level, part, message, fields }: LogEntry,
  { timeMs, colour }: LineStyle,
): string {
  const paint = (code: number, text: string): string => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const time = new Date(timeMs).toISOString().slice(11, 23);
  const values = Object.entries(fields).map(
    ([name, value]) => `${paint(2, `${escapeControl(name)}=`)}${formatValue(value)}`,
  );
  const words = [
    paint(2, time),
    paint(COLOURS[level], level.padEnd(5)),
    escapeControl(part).padEnd(8),
    escapeControl(message),
  ];
  return `${[...words, ...values].join(' ')}\n`;
}

/** Text with spaces, quotes or an equals sign is quoted, so that values can be told apart. */
function formatValue(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = escapeControl(value);
  return text === '' || /[\s"=]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}

/** C0, DEL, C1 and the characters that turn the direction of text or break lines. */
const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function escapeControl(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}
