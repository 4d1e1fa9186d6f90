import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { FinishedRun, RunJudge } from '@calin/sim/run-judge.ts';
import type { FinalNews, TurnNews } from '@calin/sim/sim-part.ts';

/** What a part says, turn by turn and at last. */
export type PartNews =
  | { readonly kind: 'turn'; readonly atUs: number; readonly news: TurnNews }
  | { readonly kind: 'finished'; readonly news: FinalNews };

/**
 * Gathers what the parts of a run say, and gives the judge each turn when all of them are through with it. Parts are
 * never further from each other than their lookahead, so next to nothing waits here.
 */
export class NewsDesk {
  readonly #ports: readonly MessagePort[];
  readonly #judge: RunJudge;
  /** What has come from each part and waits for that of others, the first one's first. */
  readonly #waiting: readonly PartNews[][];

  /** @param ports - where the news of all parts but the first one come */
  constructor(ports: readonly MessagePort[], judge: RunJudge) {
    this.#ports = ports;
    this.#judge = judge;
    this.#waiting = Array.from({ length: 1 + ports.length }, () => []);
  }

  /** Takes the news of the first part. */
  add(news: PartNews): void {
    this.#waiting[0]?.push(news);
  }

  /** Reads what has come and judges what is whole; the result when everything is. */
  work(): FinishedRun | undefined {
    this.#ports.forEach((port, i) => {
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port))
        this.#waiting[i + 1]?.push(got.message as PartNews);
    });
    while (this.#waiting.every((queue) => queue.length > 0)) {
      const finished = this.#judgeOne(this.#waiting.map((queue) => queue.shift() as PartNews));
      if (finished !== undefined) return finished;
    }
    return undefined;
  }

  #judgeOne(all: readonly PartNews[]): FinishedRun | undefined {
    const finals = all.flatMap((one) => (one.kind === 'finished' ? [one.news] : []));
    if (finals.length > 0) return this.#judge.finish(finals);
    const turns = all.flatMap((one) => (one.kind === 'turn' ? [one] : []));
    this.#judge.turn(
      (turns[0] as (typeof turns)[0]).atUs,
      turns.map(({ news }) => news),
    );
    return undefined;
  }
}
