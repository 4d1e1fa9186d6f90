import { assert } from '../base/assert.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { ALIASES } from './aliases.ts';
import { METHODS } from './methods.ts';
import { TestFace } from './node-view.testing.ts';

const NAMES = [
  ...Object.keys(METHODS),
  ...Object.keys(ALIASES),
  '__proto__',
  'constructor',
  'rpc.discover',
  '',
];
const CHARACTERS = '{}[]",:\\ 0123456789eE+-.truefalsn\u0000é\u{1f600}';

/**
 * Random, damaged and oddly typed JSON to the dispatcher on a real node: the answer is always one well-formed
 * response, an array of them, or none where nothing but notifications was sent; no handler throws.
 */
export const fuzz: FuzzTarget = {
  name: 'rpc/dispatch',
  run(random, iterations) {
    const face = new TestFace();
    for (let i = 0; i < iterations; i++) {
      const text = randomText(random);
      const answer = face.answer(text);
      if (answer !== undefined) checkAnswer(answer, text);
      assert(face.failures.length === 0, `a handler threw ${String(face.failures[0])} for ${text}`);
    }
  },
};

function checkAnswer(answer: string, text: string): void {
  const parsed = JSON.parse(answer) as unknown;
  const responses = Array.isArray(parsed) ? parsed : [parsed];
  assert(responses.length > 0, `an empty answer to ${text}`);
  for (const response of responses as readonly Record<string, unknown>[]) {
    const { jsonrpc, id, result, error, ...rest } = response;
    assert(jsonrpc === '2.0' && Object.keys(rest).length === 0, `not a response: ${answer}`);
    assert(id === null || typeof id === 'string' || typeof id === 'number', `no id: ${answer}`);
    assert((result === undefined) !== (error === undefined), `neither or both: ${answer}`);
    if (error !== undefined) checkError(error as Record<string, unknown>, text);
  }
}

function checkError({ code, message, data }: Record<string, unknown>, text: string): void {
  const { rule } = data as Record<string, unknown>;
  assert(typeof code === 'number' && typeof message === 'string' && typeof rule === 'string', 'not an error');
  assert(code !== -32603, `an internal error for ${text}`);
}

/** A request, a batch, a damaged one, or no JSON at all. */
export function randomText(random: SeededRandom): string {
  const kind = random.below(8);
  if (kind === 0) return Array.from({ length: random.below(60) }, () => pickCharacter(random)).join('');
  const request =
    kind === 1 ? Array.from({ length: random.below(6) }, () => randomRequest(random)) : randomRequest(random);
  const text = JSON.stringify(request);
  return kind < 4 ? damage(text, random) : text;
}

function randomRequest(random: SeededRandom): unknown {
  if (random.oneIn(20)) return randomValue(random, 3);
  const method = random.oneIn(20) ? randomValue(random, 1) : random.pick(NAMES);
  const request: Record<string, unknown> = { jsonrpc: random.oneIn(20) ? '1.0' : '2.0', method };
  if (!random.oneIn(5)) request['id'] = random.oneIn(10) ? randomValue(random, 1) : random.u32();
  if (!random.oneIn(5)) request['params'] = randomParams(method, random);
  return request;
}

/** The example of the method with a field or two changed, so that what lies behind the schema is reached as well. */
function randomParams(method: unknown, random: SeededRandom): unknown {
  const known = typeof method === 'string' && Object.hasOwn(METHODS, method);
  if (!known && typeof method === 'string' && Object.hasOwn(ALIASES, method) && !random.oneIn(3))
    return random.pick([[], ['0x1'], [1], ['1'], [random.u32()], ['0x'], [1, 1], {}]);
  if (!known || random.oneIn(6)) return randomValue(random, 3);
  const { example, params } = METHODS[method as keyof typeof METHODS];
  const changed: Record<string, unknown> = { ...example };
  const fields = Object.keys(params.json.properties ?? {});
  for (let i = random.below(3); i > 0 && fields.length > 0; i--) {
    const field = random.pick(fields);
    if (random.oneIn(4)) delete changed[field];
    else changed[field] = randomValue(random, 2);
  }
  // Hundreds of blocks for each input would make the run slow, and nothing new.
  if (typeof changed['blocks'] === 'number') changed['blocks'] = 1;
  return changed;
}

function randomValue(random: SeededRandom, depth: number): unknown {
  switch (random.below(depth > 0 ? 11 : 9)) {
    case 0:
      return null;
    case 1:
      return random.oneIn(2);
    case 2:
      return random.below(4);
    case 3:
      return random.pick([-1, -0, 0.5, 2 ** 53, 1e308, 255, 256]);
    case 4:
      return random.pick(['', 'head', 'final', 'full', 'ids', 'heads', 'address', '__proto__']);
    case 5:
      return Array.from(random.bytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('');
    case 6:
      return Array.from(random.bytes(random.below(80)), (byte) => byte.toString(16).padStart(2, '0')).join(
        '',
      );
    case 7:
      return pickCharacter(random).repeat(random.below(200));
    case 8:
      return { txid: '00'.repeat(32), index: random.u32() };
    case 9:
      return Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1));
    default:
      return Object.fromEntries([[random.pick([...NAMES, 'height', 'id']), randomValue(random, depth - 1)]]);
  }
}

function damage(text: string, random: SeededRandom): string {
  const at = random.below(text.length);
  const kind = random.below(4);
  if (kind === 0) return text.slice(0, at);
  if (kind === 1) return text.slice(0, at) + text.slice(at + 1);
  if (kind === 2) return text.slice(0, at) + pickCharacter(random) + text.slice(at);
  return text.slice(0, at) + text.slice(random.below(text.length));
}

function pickCharacter(random: SeededRandom): string {
  return random.pick([...CHARACTERS]);
}
