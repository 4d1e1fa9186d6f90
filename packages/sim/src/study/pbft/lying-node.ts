import type { Signed, StudySigner } from '../study-keys.ts';
import type { StudyEffect, StudyEvent, StudyNode } from '../study-node.ts';
import {
  type NewViewBody,
  NOTHING,
  type PbftBody,
  type PbftMessage,
  type PrePrepareBody,
  type ViewChangeBody,
} from './pbft-messages.ts';
import { reproposals } from './proofs.ts';
import type { PbftRecord } from './replica.ts';

/** How it lies; see {@link LiarKind}. */
export interface LieOptions {
  readonly index: number;
  /** True when it also proposes, as a new primary, nothing at all. */
  readonly invents: boolean;
  readonly sign: StudySigner<PbftBody>;
}

/** A replica that does everything right but changes of view: there it has prepared nothing, whatever it has. */
export class LyingNode implements StudyNode<PbftMessage, PbftRecord> {
  readonly #node: StudyNode<PbftMessage, PbftRecord>;
  readonly #options: LieOptions;

  /** @param node - an honest replica with the same key, whose messages are changed */
  constructor(node: StudyNode<PbftMessage, PbftRecord>, options: LieOptions) {
    this.#node = node;
    this.#options = options;
  }

  step(event: StudyEvent<PbftMessage, PbftRecord>, nowMs: number): StudyEffect<PbftMessage, PbftRecord>[] {
    return this.#node
      .step(event, nowMs)
      .map((effect) =>
        effect.kind === 'send' ? { ...effect, message: this.#change(effect.message) } : effect,
      );
  }

  #change(message: PbftMessage): PbftMessage {
    const isOwn = 'signed' in message && message.signed.from === this.#options.index;
    if (isOwn && message.kind === 'view-change') {
      return { kind: 'view-change', signed: this.#forget(message.signed) };
    }
    if (isOwn && message.kind === 'new-view')
      return { kind: 'new-view', signed: this.#begin(message.signed) };
    return message;
  }

  #forget({ body }: Signed<ViewChangeBody>): Signed<ViewChangeBody> {
    return this.#options.sign({ ...body, prepared: [] });
  }

  /** A new view from its own lie and what the others said: right in itself, unless it invents. */
  #begin({ body }: Signed<NewViewBody>): Signed<NewViewBody> {
    const { sign, index, invents } = this.#options;
    const { view } = body;
    const viewChanges = body.viewChanges.map((one) => (one.from === index ? this.#forget(one) : one));
    const proposals = reproposals(viewChanges).map(({ seq, proof }) => {
      const digest = invents ? NOTHING : (proof?.prePrepare.body.digest ?? NOTHING);
      const prePrepare = sign<PrePrepareBody>({ kind: 'pre-prepare', view, seq, digest });
      return { prePrepare, request: invents ? undefined : proof?.request };
    });
    return sign<NewViewBody>({ ...body, viewChanges, proposals });
  }
}
