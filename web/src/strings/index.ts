// Every text of the page by its key. Names and help of experiment fields come
// from the core's description instead.

import english from './en.json';

export type Key = keyof typeof english;

/** The text, with {name} replaced by its parameter; numbers in local form. */
export function t(
  key: Key,
  parameters: Record<string, string | number> = {},
): string {
  return english[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? number(value) : value;
  });
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A number for people: "12,000", "0.413", "3.1e-5". */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return whole.format(value);
  const size = Math.abs(value);
  if (size < 1e-3) return value.toExponential(Math.max(0, digits - 2));
  return size >= 1000 ? whole.format(value) : value.toPrecision(digits);
}
