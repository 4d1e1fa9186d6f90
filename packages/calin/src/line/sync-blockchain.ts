import { OK, type Result } from '@calin/core/base/result.ts';
import type { Node } from '@calin/core/node/node.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import type { LineLimits } from './limits.ts';
import { parseBlockchain, type SentBlock } from './parse-blockchain.ts';
import { refuseLine } from './rules.ts';

type Done = (taken: Result<undefined>) => void;

/**
 * Brings blocks of a line to the node, by the same door through which all blocks come: one after the other, each with
 * everything checked, and on disk before the next one. Lines of several connections do not mix.
 */
export class BlockImport {
  readonly #limits: LineLimits;
  readonly #node: Node;
  readonly #host: Pick<RpcHost, 'request'>;
  #isTaking = false;

  constructor(
    options: { readonly limits: LineLimits },
    dependencies: { readonly node: Node; readonly host: Pick<RpcHost, 'request'> },
  ) {
    this.#limits = options.limits;
    this.#node = dependencies.node;
    this.#host = dependencies.host;
  }

  /**
   * Takes the blocks of a line; those that are here already count as taken. Stops at the first one that is refused and
   * keeps what came before it. Refuses by `line/…`, or by the rule that a block breaks, with its height.
   */
  take(data: string, done: Done): void {
    if (this.#isTaking) return done(refuseLine('line/syncing'));
    const parsed = parseBlockchain(data, this.#node.chain.chainId, this.#limits);
    if (!parsed.ok) return done(parsed);
    this.#isTaking = true;
    this.#takeNext(parsed.value, 0, (taken) => {
      this.#isTaking = false;
      done(taken);
    });
  }

  #takeNext(blocks: readonly SentBlock[], position: number, done: Done): void {
    const block = blocks[position];
    if (block === undefined) return done(OK);
    this.#host.request({ kind: 'import', block: block.bytes }, (imported) => {
      if (imported.ok) {
        // Answers may come at once, and a hundred blocks must not be a hundred calls deep.
        setImmediate(() => this.#takeNext(blocks, position + 1, done));
        return;
      }
      const { error } = imported;
      const evidence = { ...error.evidence, block: block.height, position };
      done({ ok: false, error: { ...error, evidence } });
    });
  }
}
