import { ok, type Result } from '@calin/core/base/result.ts';
import type { Node } from '@calin/core/node/node.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { lineLimits } from '../line/limits.ts';
import { LineCommands } from '../line/line-commands.ts';
import { startLineServer } from '../line/start-line-server.ts';
import { FolderValidator } from './folder-validator.ts';

/** The line protocol of a node that runs. */
export interface LineDoor {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Opens the line protocol of a node on the loopback.
 *
 * @param options - `folder` is the data folder, which a validation reads
 */
export async function openLine(
  { folder, port }: { readonly folder: string; readonly port: number },
  { node, host, log }: { readonly node: Node; readonly host: RpcHost; readonly log: Log },
): Promise<Result<LineDoor>> {
  const limits = lineLimits(node.spec);
  const validator = new FolderValidator({ folder }, { log });
  const answerer = new LineCommands({ limits }, { node, host, validator });
  const server = await startLineServer({ port, answerer, limits, log });
  if (!server.ok) return server;
  const { close } = server.value;
  const closeAll = async (): Promise<void> => {
    await Promise.all([validator.close(), close()]);
  };
  return ok({ port: server.value.port, close: closeAll });
}
