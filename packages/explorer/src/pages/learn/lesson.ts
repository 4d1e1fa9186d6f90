/** A step of a lesson: a few sentences, and something to do. */
export interface Step {
  readonly id: string;
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  /** What to do; when it is done the step is. */
  readonly task: string;
  /** What can be seen from it, said when it is done. */
  readonly learned: string;
  /** The file that runs when it is done, from the root of the repository. */
  readonly source: string;
}

/** A lesson. Its last step is a question that is answered by doing. */
export interface Lesson {
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** The document that says all of it, from the root of the repository. */
  readonly docs: string;
  readonly steps: readonly Step[];
}
