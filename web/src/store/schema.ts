// Reading a description (engine/core.d.ts, FieldSchema) together with the
// values of an experiment, and writing words that change it.

import type { FieldSchema } from '../engine/core';

export type Values = Record<string, unknown>;

/** Who takes what a person enters into a field. */
export interface FieldOwner {
  readonly experiment: {
    setText(field: FieldSchema, text: string): Promise<void>;
  };
}

/** The value at a dotted path, undefined where there is none. */
export function valueAt(values: Values, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? (value as Values)[key]
          : undefined,
      values,
    );
}

/** The chosen kind of a field of type `kind`. */
export function kindOf(field: FieldSchema, values: Values): string {
  const kind = valueAt(values, `${field.path}.kind`) ?? field.default;
  return typeof kind === 'string' ? kind : '';
}

/** The fields that stand below a field now: of a section, or of its kind. */
export function fieldsOf(field: FieldSchema, values: Values): FieldSchema[] {
  if (field.type === 'section') return field.fields ?? [];
  const kind = kindOf(field, values);
  return field.kinds?.find(({ name }) => name === kind)?.fields ?? [];
}

/** An experiment's fields in order; an inline kind's own stand beside it. */
export function topFields(
  fields: FieldSchema[],
  values: Values,
): FieldSchema[] {
  return fields.flatMap((field) =>
    field.inline
      ? [
          { ...field, kinds: withoutFields(field) },
          ...topFields(fieldsOf(field, values), values),
        ]
      : [field],
  );
}

function withoutFields({ kinds = [] }: FieldSchema): FieldSchema['kinds'] {
  return kinds.map((kind) => ({ ...kind, fields: [] }));
}

/** A key=value word. Texts are quoted, so that "7" or "true" stay texts. */
export function wordOf(field: FieldSchema, value: unknown): string {
  const plain = field.type === 'option' || field.type === 'kind';
  return `${field.path}=${plain ? String(value) : JSON.stringify(value)}`;
}

/** Every value below a field as words, the kind first. */
export function wordsBelow(field: FieldSchema, values: Values): string[] {
  if (field.type !== 'section' && field.type !== 'kind') {
    return [wordOf(field, valueAt(values, field.path))];
  }
  const below = fieldsOf(field, values).flatMap((child) =>
    wordsBelow(child, values),
  );
  return field.type === 'section'
    ? below
    : [wordOf(field, kindOf(field, values)), ...below];
}

const abbreviations = new Set(['ema']);

/** "weight_decay" -> "Weight decay", "ema" -> "EMA". */
export function labelOf(field: FieldSchema): string {
  if (abbreviations.has(field.name)) return field.name.toUpperCase();
  const words = field.name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export type Entry = { value: unknown } | { problem: string };

/** What a person typed, as a value of the field's type. Ranges are the core's. */
export function readEntry(field: FieldSchema, text: string): Entry {
  const trimmed = text.trim();
  switch (field.type) {
    case 'int':
    case 'real': {
      const value = Number(trimmed);
      if (trimmed === '' || !Number.isFinite(value)) {
        return { problem: 'number' };
      }
      return field.type === 'int' && !Number.isSafeInteger(value)
        ? { problem: 'integer' }
        : { value };
    }
    case 'bool':
      return { value: text === 'true' };
    case 'numbers':
      try {
        return { value: JSON.parse(trimmed) as unknown };
      } catch {
        return { problem: 'numbers' };
      }
    default:
      return { value: text };
  }
}

/** What a field of nested numbers looks like: "[[1, 2], [3, 4]]". */
export function exampleOf(field: FieldSchema): string {
  const nest = (rank: number): string =>
    rank <= 1 ? '[1, 2]' : `[${nest(rank - 1)}, ${nest(rank - 1)}]`;
  return nest(field.rank ?? 1);
}

/** A slider's position in [0, 1] for a value, and back, on the field's scale. */
export function toSlider(field: FieldSchema, value: number): number {
  const { min = 0, max = 1 } = field;
  const part =
    field.scale === 'log' && min > 0
      ? Math.log(value / min) / Math.log(max / min)
      : (value - min) / (max - min);
  return Math.min(1, Math.max(0, part));
}

export function fromSlider(field: FieldSchema, part: number): number {
  const { min = 0, max = 1 } = field;
  if (part <= 0) return min;
  if (part >= 1) return max;
  const value =
    field.scale === 'log' && min > 0
      ? min * (max / min) ** part
      : min + part * (max - min);
  if (field.type === 'int') return Math.round(value);
  return Number(value.toPrecision(3));
}

/** Whether a range is narrow enough for a slider to be of use. */
export function slides(field: FieldSchema): boolean {
  if (field.min === undefined || field.max === undefined) return false;
  if (field.type !== 'int' && field.type !== 'real') return false;
  return field.scale === 'log' && field.min > 0
    ? field.max / field.min <= 1e8
    : field.max - field.min <= 10_000;
}
