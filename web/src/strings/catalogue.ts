// What makes texts of a catalogue, and numbers for people.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A number for people: "12,000", "0.413", "3.1e-5". */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return whole.format(value);
  const size = Math.abs(value);
  if (size < 1e-3) return value.toExponential(Math.max(0, digits - 2));
  return size >= 1000 ? whole.format(value) : value.toPrecision(digits);
}

/** The texts of a catalogue, with {name} replaced by its parameter; numbers in local form. */
export function textsOf<K extends string>(catalogue: Record<K, string>) {
  return (key: K, parameters: Record<string, string | number> = {}): string =>
    catalogue[key].replace(/\{(\w+)\}/g, (all, name: string) => {
      const value = parameters[name];
      if (value === undefined) return all;
      return typeof value === 'number' ? number(value) : value;
    });
}
