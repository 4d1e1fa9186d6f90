import type { Node } from '@calin/core/node/node.ts';
import { NodeQueries } from '@calin/core/node/queries.ts';
import type { Runner } from '@calin/core/node/runner.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { StoreCorruption } from '../adapters/store-corruption.ts';

/** Does one method of the kind `host`. */
export type HostMethodRunner = RpcHost['hostMethod'];

/** Connects JSON-RPC with a node. */
export function createRpcHost(node: Node, runner: Runner, hostMethod: HostMethodRunner): RpcHost {
  return {
    view: new NodeQueries(node),
    request: (request, done) => runner.request(request, done),
    whenDurable: (done) => runner.whenDurable(done),
    hostMethod,
    failed(error) {
      // What a handler throws is answered by "internal error"; a damaged store must stop the node beside that.
      setImmediate(() => {
        if (error instanceof StoreCorruption) throw error;
        console.error(error);
      });
    },
  };
}

/** For hosts that hold no key to send from. */
export const noHostMethods: HostMethodRunner = (name, _params, done) =>
  done(refuseRpc('rpc/method-unknown', { got: name }));
