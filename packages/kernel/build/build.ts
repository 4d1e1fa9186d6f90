/**
 * Builds the kernel: `npm run kernel`, or with `-- --check` only says whether what is committed is what would be
 * built. The compiler comes with npm and gives the same bytes on every machine.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { generateRounds } from './generate-rounds.ts';

/** A generated file: its path from the top of the package, and its text. */
export interface BuiltFile {
  readonly path: string;
  readonly text: string;
}

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const ROUNDS = 'assembly/blake3-rounds.ts';
const WASM = 'kernel.wasm';

const OPTIONS = [
  'assembly/index.ts',
  ...['--outFile', WASM],
  ...['--optimizeLevel', '3'],
  ...['--enable', 'simd'],
  // No heap, no collector: the kernel lays out its memory itself. No import either, not even one to abort with.
  ...['--runtime', 'stub'],
  ...['--use', 'abort='],
  '--noAssert',
  // AS112 says that JavaScript cannot pass vectors. Functions that take them are not exported.
  ...['--disableWarning', '112'],
];

/** Makes all generated files of the kernel in memory. */
export async function buildKernel(): Promise<BuiltFile[]> {
  const rounds = { path: ROUNDS, text: generateRounds() };
  const wasm = await compile(rounds);
  return [rounds, { path: 'src/kernel-wasm.ts', text: moduleText(wasm) }];
}

/** The generated files that are not what {@link buildKernel} makes. */
export function staleFiles(files: readonly BuiltFile[]): BuiltFile[] {
  return files.filter(({ path, text }) => readText(path) !== text);
}

/** Compiles assembly/ with the generated file in place of the one on disk. */
async function compile(generated: BuiltFile): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(OPTIONS, {
    readFile: (requested) => {
      // The compiler adds an ending to what an import names; here imports have one, as everywhere in the project.
      const path = requested.replace(/\.ts\.ts$/, '.ts');
      return path === generated.path ? generated.text : readText(path);
    },
    writeFile: (path, contents) => {
      if (path === WASM && typeof contents !== 'string') wasm = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || wasm === undefined) throw new Error(`the kernel does not compile:\n${stderr}`);
  return wasm;
}

/** The source of a module that carries the bytes as text, so that it loads wherever a module does. */
function moduleText(wasm: Uint8Array): string {
  const base64 = Buffer.from(wasm).toString('base64');
  const lines = base64.match(/.{1,100}/g) ?? [];
  return [
    '// Generated from assembly/ by build/build.ts; run: npm run kernel',
    '',
    `/** The WebAssembly module of the kernel in base64: ${wasm.length} bytes. */`,
    'export const KERNEL_WASM = `',
    ...lines,
    '`;',
    '',
  ].join('\n');
}

function readText(path: string): string | null {
  try {
    return readFileSync(`${PACKAGE}${path}`, 'utf8');
  } catch {
    // The compiler asks for files that it then finds elsewhere, such as its own library.
    return null;
  }
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const stale = staleFiles(await buildKernel());
  for (const { path, text } of check ? [] : stale) writeFileSync(`${PACKAGE}${path}`, text);
  for (const { path } of stale) console.log(`${check ? 'out of date' : 'written'}: packages/kernel/${path}`);
  if (stale.length === 0) console.log('the kernel is up to date');
  else if (check) console.log('run: npm run kernel');
  process.exitCode = check && stale.length > 0 ? 1 : 0;
}
