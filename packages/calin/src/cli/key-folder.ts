import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseAdapter } from '../rules.ts';
import { dataFolderOf } from './accounts/network.ts';

/** The data folder that commands about keys work in; refuses by `folder/not-found` when there is no chain in it. */
export function openKeyFolder(data: string | undefined): Result<string> {
  const folder = dataFolderOf({ data });
  return existsSync(join(folder, 'node.json')) ? ok(folder) : refuseAdapter('folder/not-found', { folder });
}
