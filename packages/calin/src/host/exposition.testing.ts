import assert from 'node:assert/strict';

/** One line of a metric. */
export interface MetricSample {
  /** Of a histogram with `_bucket`, `_sum` or `_count` at its end. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all its lines. */
export interface MetricFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: MetricSample[];
}

const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(
  `^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:${LABEL},?)*)\\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|[+-]Inf|NaN)$`,
);

/**
 * Reads the text format of Prometheus as strictly as it is written down, and throws where a text does not keep to it:
 * HELP and TYPE once and before the samples, all of a metric together, nothing twice, histograms that add up.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function readExposition(text: string): ReadonlyMap<string, MetricFamily> {
  assert.ok(text.endsWith('\n'), 'the last line ends with a line feed');
  const families = new Map<string, MetricFamily>();
  const seen = new Set<string>();
  let help: readonly [string, string] | undefined;
  let current = '';
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    const [, word, name = '', rest = ''] = comment ?? [];
    if (word === 'HELP') {
      assert.ok(!families.has(name), `${name} is told of twice`);
      help = [name, rest];
    } else if (word === 'TYPE') {
      assert.equal(help?.[0], name, 'HELP stands before TYPE');
      assert.match(rest, /^(?:counter|gauge|histogram)$/);
      families.set(name, { type: rest, help: help?.[1] ?? '', samples: [] });
      current = name;
    } else {
      const sample = readSample(line);
      assert.ok(isOf(sample.name, current, families.get(current)?.type), `${line} stands below ${current}`);
      const key = `${sample.name} ${JSON.stringify(sample.labels)}`;
      assert.ok(!seen.has(key), `${key} is there twice`);
      seen.add(key);
      families.get(current)?.samples.push(sample);
    }
  }
  for (const [name, family] of families) if (family.type === 'histogram') checkHistogram(name, family);
  return families;
}

function readSample(line: string): MetricSample {
  const found = SAMPLE.exec(line);
  assert.ok(found !== null, `no sample: ${line}`);
  const [, name = '', labels = '', value = ''] = found;
  const pairs = [...labels.matchAll(new RegExp(LABEL, 'g'))].map(([pair]) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 2, -1)] as const;
  });
  return { name, labels: Object.fromEntries(pairs), value: Number(value.replace('Inf', 'Infinity')) };
}

function isOf(name: string, family: string, type: string | undefined): boolean {
  if (type !== 'histogram') return name === family;
  return ['_bucket', '_sum', '_count'].some((end) => name === `${family}${end}`);
}

function checkHistogram(name: string, { samples }: MetricFamily): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('Inf', 'Infinity')));
  assert.equal(bounds.at(-1), Number.POSITIVE_INFINITY, `${name} ends with +Inf`);
  for (const [i, { value }] of buckets.entries()) {
    assert.ok(i === 0 || (bounds[i] ?? 0) > (bounds[i - 1] ?? 0), `${name} has ascending buckets`);
    assert.ok(
      i === 0 || value >= (buckets[i - 1]?.value ?? 0),
      `${name} has buckets that include those before`,
    );
  }
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value;
  assert.equal(count, buckets.at(-1)?.value, `${name} counts what its last bucket has`);
}
