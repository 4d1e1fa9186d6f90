import { assert } from '@calin/core/base/assert.ts';
import type { FuzzTarget, SeededRandom } from '@calin/core/base/fuzz.testing.ts';
import { errorAnswer } from './answers.ts';
import { LineBuffer } from './line-buffer.ts';
import { parseBlockchain } from './parse-blockchain.ts';
import { parseLine } from './parse-line.ts';

const LIMITS = { lineBytesMax: 256, dataBytesMax: 4096 };
const KEY = '0123456789abcdef'.repeat(4);
const WORDS = [
  'ADD_TRANSACTION',
  'GET_BLOCKCHAIN',
  'SYNC_BLOCKCHAIN:',
  'VALIDATE_BLOCKCHAIN',
  'dcal1qqqq',
  KEY,
  '1.5',
  ':',
  '\r',
  '\n',
  '\0',
  '{"blocks":[{"bytes":"00","id":1}]}',
  '[[[[[[[[',
  '"__proto__"',
  ' HTTP/1.1',
];

/**
 * Random and damaged lines in random pieces, through the buffer, the parser and the reader of blocks: each line has a
 * value or a refusal that is one printable line without the key, and what the lines took is given back.
 */
export const fuzz: FuzzTarget = {
  name: 'line/lines',
  run(random, iterations) {
    for (let i = 0; i < iterations; i++) tryStream(random);
  },
};

function tryStream(random: SeededRandom): void {
  let out = 0;
  const budget = {
    take: (bytes: number) => {
      out += bytes;
      return true;
    },
    give: (bytes: number) => {
      out -= bytes;
    },
  };
  const buffer = new LineBuffer(LIMITS, budget);
  for (let pieces = random.below(8); pieces >= 0; pieces--) {
    buffer.push(Buffer.from(randomPiece(random)));
    let line = buffer.next();
    for (; line?.ok === true; line = buffer.next()) {
      checkLine(line.value);
      buffer.release();
    }
    if (line !== undefined) break;
  }
  buffer.release();
  assert(out === 0, `${out} bytes were not given back`);
}

function checkLine(line: string): void {
  assert(line.length <= LIMITS.dataBytesMax, 'a line is not above its limit');
  const parsed = parseLine(line, 'dcal');
  const read =
    parsed.ok && parsed.value.kind === 'sync-blockchain'
      ? parseBlockchain(parsed.value.data, new Uint8Array(32), { blocksMax: 4 })
      : parsed;
  if (read.ok) return;
  const answer = errorAnswer(read.error);
  assert(/^ERROR:[a-z]+\/[a-z-]+: [\x20-\x7e]+$/.test(answer), `not one printable line: ${answer}`);
  const isPayment = line.startsWith('ADD_TRANSACTION');
  assert(!isPayment || !answer.includes(KEY), `the key is repeated for ${line}`);
}

function randomPiece(random: SeededRandom): Uint8Array {
  if (random.oneIn(6)) return random.bytes(random.below(400));
  const words = Array.from({ length: random.below(12) }, () => random.pick(WORDS));
  return Buffer.from(words.join(random.oneIn(2) ? ':' : ''), 'latin1');
}
