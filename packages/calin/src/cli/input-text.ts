import { createReadStream } from 'node:fs';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { parseUtf8 } from '@calin/core/base/text.ts';
import { ioFailure } from './accounts/key-files.ts';
import { refuseCli } from './rules.ts';

/**
 * Reads the text of a file, or of the standard input when none is named.
 *
 * @param bytesMax - what is longer is refused by `cli/file`, however long it is
 */
export async function readInputText(file: string | undefined, bytesMax: number): Promise<Result<string>> {
  const name = file ?? 'standard input';
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of file === undefined ? process.stdin : createReadStream(file)) {
      parts.push(part as Uint8Array);
      size += (part as Uint8Array).length;
      if (size > bytesMax)
        return refuseCli('cli/file', { file: name, why: `it is longer than ${bytesMax} bytes` });
    }
  } catch (error) {
    return ioFailure(name, error);
  }
  const text = parseUtf8(Buffer.concat(parts));
  return text === undefined ? refuseCli('cli/file', { file: name, why: 'it is no text in UTF-8' }) : ok(text);
}
