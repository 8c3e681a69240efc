// Controls from the description: a control for each type of field, what is
// read from it, and the words that change an experiment.

import type { TemplateResult } from 'lit';
import { describe, expect, it } from 'vitest';
import { FieldElement, FieldsElement } from '../../web/src/components/fields';
import type { FieldSchema } from '../../web/src/engine/core';
import type { Lab } from '../../web/src/store/lab';
import {
  fieldsOf,
  fromSlider,
  kindOf,
  labelOf,
  readEntry,
  slides,
  topFields,
  toSlider,
  valueAt,
  wordOf,
  wordsBelow,
} from '../../web/src/store/schema';
import { DESCRIPTION, fieldAt, makeDouble } from './double';

const core = makeDouble();
const defaults = core.resolve('', [], new Uint8Array());
const values = 'values' in defaults ? defaults.values : {};

/** A template as text: its strings with the plain values between them. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value === 'object' && value !== null && 'strings' in value) {
    const { strings, values } = value as TemplateResult;
    return strings.map((part, i) => part + textOf(values[i])).join('');
  }
  return ['string', 'number', 'boolean'].includes(typeof value)
    ? String(value)
    : '';
}

function control(
  field: FieldSchema,
  value: unknown,
  draft?: FieldElement['draft'],
): string {
  const element = new FieldElement();
  Object.assign(element, { field, value, draft });
  return textOf(element.render());
}

describe('the control of', () => {
  it.each([
    ['int', 'network.width', 128, /type="range"[^]*type="text"/],
    ['real', 'data.noise', 0.05, /type="range"[^]*type="text"/],
    ['bool', 'ema.on', true, /type="checkbox"/],
    ['option', 'network.activation', 'silu', /<select[^]*silu[^]*tanh[^]*relu/],
    ['numbers', 'data.means', [[0, 0]], /<textarea[^]*\[\[0,0\]\]/],
    ['text', 'data.file', 'a.csv', /type="text"[^]*a\.csv/],
    ['kind', 'data', 'rings', /<select[^]*Two moons[^]*Rings/],
  ])('%s fits its type and explains itself', (type, path, value, looks) => {
    const field = fieldAt(path);
    expect(field.type).toBe(type);
    expect(control(field, value)).toMatch(looks);
    expect(control(field, value)).toContain(field.help);
  });

  it('a wide range has no slider', () => {
    expect(control(fieldAt('seed'), 0)).not.toContain('type="range"');
  });

  it('a bad entry keeps the entry and shows the problem beside it', () => {
    const problems = [
      { path: 'network.width', message: 'must be at most 1024' },
    ];
    const shown = control(fieldAt('network.width'), 128, {
      text: '9999',
      problems,
    });
    expect(shown).toContain('9999');
    expect(shown).toMatch(/network\.width[^]*must be at most 1024/);
    expect(shown).toContain('aria-invalid=true');
  });
});

describe('a group of controls', () => {
  const paths = (
    fields: FieldSchema[],
    from: Record<string, unknown>,
  ): string[] => {
    const element = new FieldsElement();
    Object.assign(element, {
      fields,
      values: from,
      lab: null as unknown as Lab,
    });
    const found: string[] = [];
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(visit);
      else if (typeof value === 'object' && value !== null) {
        if ('path' in value && 'help' in value) found.push(String(value.path));
        else if ('strings' in value)
          (value as TemplateResult).values.forEach(visit);
      }
    };
    visit(element.render());
    return found;
  };

  it('opens sections and the chosen kind', () => {
    expect(paths([fieldAt('network')], values)).toEqual([
      'network.width',
      'network.activation',
    ]);
    expect(paths([fieldAt('data')], values)).toEqual(['data', 'data.noise']);
  });

  it('asks nothing where there is one kind only', () => {
    const sampler = topFields(DESCRIPTION.experiment, values).find(
      ({ path }) => path === 'sampler',
    )!;
    const alone = { ...sampler, kinds: sampler.kinds!.slice(0, 1) };
    expect(paths([alone], values)).toEqual(['sampler.steps']);
  });
});

describe('reading the description', () => {
  it('puts the fields of an inline kind beside it', () => {
    const paths = topFields(DESCRIPTION.experiment, values).map(
      ({ path }) => path,
    );
    expect(paths).toEqual([
      'seed',
      'family',
      'batch',
      'network',
      'ema',
      'sampler',
      'data',
    ]);
  });

  it('finds values, kinds and fields', () => {
    expect(valueAt(values, 'data.noise')).toBe(0.05);
    expect(valueAt(values, 'data.none.at.all')).toBeUndefined();
    expect(kindOf(fieldAt('family'), values)).toBe('ddpm');
    expect(fieldsOf(fieldAt('data'), values).map(({ path }) => path)).toEqual([
      'data.noise',
    ]);
    expect(labelOf({ ...fieldAt('seed'), name: 'weight_decay' })).toBe(
      'Weight decay',
    );
  });

  it('writes words that the core takes', () => {
    expect(wordOf(fieldAt('data'), 'rings')).toBe('data=rings');
    expect(wordOf(fieldAt('data.means'), [[1, 2]])).toBe('data.means=[[1,2]]');
    expect(wordOf(fieldAt('data.file'), 'true')).toBe('data.file="true"');
    expect(wordsBelow(fieldAt('sampler'), values)).toEqual([
      'sampler=ddim',
      'sampler.steps=50',
    ]);
  });

  it.each([
    ['seed', ' 12 ', { value: 12 }],
    ['seed', '1.5', { problem: 'integer' }],
    ['seed', '9007199254740993', { problem: 'integer' }],
    ['data.noise', '1e-3', { value: 1e-3 }],
    ['data.noise', '', { problem: 'number' }],
    ['data.noise', '0,5', { problem: 'number' }],
    ['ema.on', 'false', { value: false }],
    ['data.means', '[[1, 2]]', { value: [[1, 2]] }],
    ['data.means', '[[1, 2]', { problem: 'numbers' }],
    ['data.file', ' a ', { value: ' a ' }],
  ])('takes for %s the entry %j', (path, text, entry) => {
    expect(readEntry(fieldAt(path), text)).toEqual(entry);
  });

  it('runs sliders on their scale, ends included', () => {
    const width = fieldAt('network.width');
    expect(toSlider(width, 32)).toBeCloseTo(0.5, 12); // 32 = sqrt(1 * 1024)
    expect(fromSlider(width, 0.5)).toBe(32);
    expect(fromSlider(width, 1)).toBe(1024);
    expect(fromSlider(fieldAt('data.noise'), 0.25)).toBe(0.25);
    expect(slides(fieldAt('seed'))).toBe(false);
    expect(slides({ ...fieldAt('data.noise'), max: undefined })).toBe(false);
  });
});
