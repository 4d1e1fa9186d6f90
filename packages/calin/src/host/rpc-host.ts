import { ok } from '@calin/core/base/result.ts';
import type { Node } from '@calin/core/node/node.ts';
import { NodeQueries } from '@calin/core/node/queries.ts';
import type { Runner } from '@calin/core/node/runner.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import type { ApiDescription } from '@calin/core/rpc/openrpc/describe-api.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { CoinsLost } from '@calin/core/state/whole-coin-map.ts';
import { StoreCorruption } from '../adapters/store-corruption.ts';
import { version } from '../cli/version.ts';
import { describeNodeApi } from '../server/node-api.ts';

/** Does one method of the kind `host`. */
export type HostMethodRunner = RpcHost['hostMethod'];

/** Connects JSON-RPC with a node, as its owner; the server takes that from calls of other machines. */
export function createRpcHost(
  node: Node,
  runner: Runner,
  hostMethods: (host: RpcHost) => HostMethodRunner,
  log: Log,
): RpcHost {
  let description: ApiDescription | undefined;
  const host: RpcHost = {
    view: new NodeQueries(node),
    isOwner: true,
    request: (request, done) => runner.request(request, done),
    whenDurable: (done) => runner.whenDurable(done),
    hostMethod(name, params, done) {
      if (name !== 'rpc.discover') return methods(name, params, done);
      description ??= describeNodeApi(version);
      done(ok(description));
    },
    failed(error) {
      // What a handler throws is answered by "internal error"; a damaged store, a step that was left half way and coins
      // that are lost must end the node beside that.
      const isFatal = error instanceof StoreCorruption || error instanceof CoinsLost || runner.isBroken;
      if (isFatal) return void setImmediate(() => raise(error));
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.write({ level: 'error', part: 'rpc', message: 'a call failed', fields: { why } });
    },
  };
  const methods = hostMethods(host);
  return host;
}

function raise(error: unknown): never {
  throw error;
}

/** For hosts that hold no key to send from. */
export const noHostMethods = (): HostMethodRunner => (name, _params, done) =>
  done(refuseRpc('rpc/method-unknown', { got: name }));
