import { ok, type Result } from '../base/result.ts';
import { choice, type JsonSchema, type Schema } from '../base/schema.ts';
import { PRESET_NAMES, PRESETS, type PresetPart } from './consensus-presets.ts';

const preset = choice(
  'A whole choice of production, finality and kind of validators; what stands beside it counts instead of its own.',
  PRESET_NAMES,
);

/** A part beside a preset: the fields that differ. */
const differences = (what: string): JsonSchema => {
  return { type: 'object', description: `What of the ${what} shall be otherwise than in the preset.` };
};

/**
 * The choice of a consensus, which may also be a preset with whatever shall be otherwise. A part of the same kind as in
 * the preset, or without one, needs only the fields that differ; one of another kind takes the place of the preset's.
 *
 * @param whole - the shape without a preset; what is parsed always has that one
 */
export function withPreset<T>(whole: Schema<T>): Schema<T> {
  const { description = '' } = whole.json;
  const byName: JsonSchema = {
    type: 'object',
    description: 'By the name of a preset.',
    properties: {
      preset: preset.json,
      production: differences('production'),
      finality: differences('finality'),
      validators: differences('validators'),
    },
    required: ['preset'],
    additionalProperties: false,
  };
  return {
    json: { description, oneOf: [byName, whole.json] },
    optional: whole.optional,
    parse(value, path) {
      const expanded = expandPreset(value, path);
      return expanded.ok ? whole.parse(expanded.value, path) : expanded;
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Writes out what a preset stands for; anything else is left as it is. */
function expandPreset(value: unknown, path: string): Result<unknown> {
  if (!isFields(value) || !Object.hasOwn(value, 'preset')) return ok(value);
  const { preset: given, ...parts } = value;
  const name = preset.parse(given, `${path}.preset`);
  if (!name.ok) return name;
  const { production, finality, validators, needsValidators } = PRESETS[name.value];
  const hasValidators = needsValidators || parts['validators'] !== undefined;
  return ok({
    ...parts,
    production: mergePart(production, parts['production'], {}),
    finality: mergePart(finality, parts['finality'], {}),
    // Whatever they are, an epoch is a day.
    ...(hasValidators
      ? { validators: mergePart(validators, parts['validators'], { epochBlocks: validators.epochBlocks }) }
      : {}),
  });
}

/** @param common - what a part of another kind takes from the preset all the same */
function mergePart(part: PresetPart, given: unknown, common: Fields): unknown {
  if (given === undefined) return part;
  // What is no object is refused by the shape of the part.
  if (!isFields(given)) return given;
  const isOther = given['kind'] !== undefined && given['kind'] !== part.kind;
  return { ...(isOther ? common : part), ...given };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
