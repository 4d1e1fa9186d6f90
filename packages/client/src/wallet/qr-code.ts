import { assert } from '@calin/core/base/assert.ts';
import { encode } from 'uqr';

/** A QR code: rows of modules, true for dark. Without the light border, which whoever draws it adds. */
export type QrModules = readonly (readonly boolean[])[];

/** Light modules that must surround a code (ISO/IEC 18004: four). */
export const QR_BORDER = 4;

/** Characters of a text: what the largest code holds at level M is 2,331 bytes. */
const TEXT_LENGTH_MAX = 2000;

/** The QR code of a text, correcting up to 15 % (level M): what a scratched screen needs. */
export function qrModules(text: string): QrModules {
  assert(text.length <= TEXT_LENGTH_MAX, `${text.length} characters are too many for a QR code`);
  return encode(text, { ecc: 'M', border: 0 }).data;
}

/**
 * A code for a terminal: two modules in the height of one character, the border included.
 *
 * @param paint - how a line of half blocks is given black letters on white; without it, the letters are taken to be
 *   light on dark, as on most terminals
 */
export function qrLines(modules: QrModules, paint?: (line: string) => string): string[] {
  const size = modules.length + 2 * QR_BORDER;
  const isDark = (y: number, x: number) => modules[y - QR_BORDER]?.[x - QR_BORDER] === true;
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    let line = '';
    for (let x = 0; x < size; x++) {
      // Without paint the light modules are what is drawn.
      const [upper, lower] = [isDark(y, x), isDark(y + 1, x)].map((dark) => dark === (paint !== undefined));
      line += upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ';
    }
    lines.push(paint === undefined ? line : paint(line));
  }
  return lines;
}
