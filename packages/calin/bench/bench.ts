/** One option of a benchmark, given on the command line as `--name value`. */
export interface BenchOption {
  /** What it sets, with its unit. */
  readonly summary: string;
  /** Used when it is not given; its type (number, text or flag) decides how the text is read. */
  readonly default: number | string | boolean;
}

/** The values of all options of a run. */
export type BenchOptions = Readonly<Record<string, number | string | boolean>>;

/** Tells a person how far a long run is: `done` of `total` steps, and what is being done. */
export type BenchProgress = (done: number, total: number, label: string) => void;

/**
 * A benchmark, exported as `bench` by a file `*.bench.ts` in this folder; `npm run bench -- NAME` runs it.
 * The result is one flat object; where there is a bound (such as the raw signature rate) it is measured in the
 * same run and the result holds the ratio to it.
 */
export interface Bench {
  readonly name: string;
  /** One sentence: what is measured. */
  readonly summary: string;
  readonly options: Readonly<Record<string, BenchOption>>;
  run(options: BenchOptions, progress: BenchProgress): Promise<Readonly<Record<string, unknown>>>;
}
