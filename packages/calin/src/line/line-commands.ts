import { keySigner } from '@calin/client/transaction-builder/sign-transaction.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Node } from '@calin/core/node/node.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { guard } from '@calin/core/rpc/guard.ts';
import { PaymentDesk } from '../host/payment-desk.ts';
import { ANSWERS, errorAnswer } from './answers.ts';
import type { LineLimits } from './limits.ts';
import type { LineAnswerer } from './line-connection.ts';
import { type LineCommand, parseLine } from './parse-line.ts';
import { readBlockchain } from './read-blockchain.ts';
import { refuseLine } from './rules.ts';
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

type AddTransaction = Extract<LineCommand, { kind: 'add-transaction' }>;

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
        return this.#pay(command, done);
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

  /** Pays; the key is overwritten as soon as it has signed or was found to be a wrong one. */
  #pay({ sender, receiver, amount, secretKey }: AddTransaction, done: Done): void {
    const signer = keySigner(secretKey);
    const signed = (): void => void secretKey.fill(0);
    if (!equalBytes(keyAddress(signer.publicKey), sender)) {
      signed();
      return done(refuseLine('line/wrong-key'));
    }
    // Each connection waits for its answer, so no more wait at the desk than there are connections.
    this.#desk.pay({ signer, receiver, amount, signed }, (paid) =>
      done(paid.ok ? ok(ANSWERS.success) : paid),
    );
  }
}
