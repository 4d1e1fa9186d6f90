import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Node } from '@calin/core/node/node.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { guard } from '@calin/core/rpc/guard.ts';
import { ANSWERS, errorAnswer } from './answers.ts';
import type { LineLimits } from './limits.ts';
import type { LineAnswerer } from './line-connection.ts';
import { type LineCommand, parseLine } from './parse-line.ts';
import { PaymentDesk } from './payment-desk.ts';
import { readBlockchain } from './read-blockchain.ts';
import { BlockImport } from './sync-blockchain.ts';

/** Checks the whole blockchain again, away from the node's thread. */
export interface Validator {
  /** @returns whether everything is right; refuses when that could not be found out */
  validate(done: (isValid: Result<boolean>) => void): void;
}

/** What the commands work with. */
export interface LineCommandsDependencies {
  readonly node: Node;
  /** The node's face, of which only `request`, `whenDurable` and `failed` are used. */
  readonly host: Pick<RpcHost, 'request' | 'whenDurable' | 'failed' | 'view'>;
  readonly validator: Validator;
}

/** Takes the answer to a command, or its refusal. */
type Done = (answer: Result<string>) => void;

/** The four commands on a node. */
export class LineCommands implements LineAnswerer {
  readonly #limits: LineLimits;
  readonly #deps: LineCommandsDependencies;
  readonly #desk: PaymentDesk;
  readonly #import: BlockImport;

  constructor(options: { readonly limits: LineLimits }, dependencies: LineCommandsDependencies) {
    this.#limits = options.limits;
    this.#deps = dependencies;
    this.#desk = new PaymentDesk(dependencies);
    this.#import = new BlockImport(options, dependencies);
  }

  answer(line: string, done: (answer: string) => void): void {
    const command = parseLine(line, this.#deps.node.spec.addressPrefix);
    if (!command.ok) return done(errorAnswer(command.error));
    guard<string>(
      this.#deps.host,
      (answer) => done(answer.ok ? answer.value : errorAnswer(answer.error)),
      (once) => this.#do(command.value, once),
    );
  }

  #do(command: LineCommand, done: Done): void {
    const { node, host, validator } = this.#deps;
    switch (command.kind) {
      case 'add-transaction':
        return this.#desk.pay(command, (paid) => done(paid.ok ? ok(ANSWERS.success) : paid));
      case 'get-blockchain': {
        const found = readBlockchain(node.chain, command.from, this.#limits);
        if (!found.ok) return done(found);
        // What is told has to outlive a power cut.
        return host.whenDurable((durable) => done(durable.ok ? found : durable));
      }
      case 'sync-blockchain':
        return this.#import.take(command.data, (taken) => done(taken.ok ? ok(ANSWERS.success) : taken));
      case 'validate-blockchain':
        return host.whenDurable((durable) => {
          if (!durable.ok) return done(durable);
          // Called from the node's loop, which nothing thrown here may reach.
          guard<boolean>(
            host,
            (valid) => done(valid.ok ? ok(valid.value ? ANSWERS.valid : ANSWERS.invalid) : valid),
            (once) => validator.validate(once),
          );
        });
    }
  }
}
