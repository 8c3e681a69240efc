// Points as files: CSV for people, with a column of labels if there are any, and NPY (format 1.0, float32, [n, dim]) for
// programs, the same bytes that the command line writes.

export function toCsv(
  values: Float32Array,
  dim: number,
  labels: Uint8Array = new Uint8Array(),
): string {
  const head = Array.from({ length: dim }, (_, axis) => `x${axis}`);
  if (labels.length > 0) head.push('label');
  const lines = [head.join(',')];
  for (let i = 0; i * dim < values.length; ++i) {
    const point = values.subarray(i * dim, (i + 1) * dim);
    const cells = Array.from(point, shortest);
    if (labels.length > 0) cells.push(String(labels[i]));
    lines.push(cells.join(','));
  }
  return lines.join('\n') + '\n';
}

/** The shortest decimal that reads back as the same float32. */
export function shortest(value: number): string {
  for (let digits = 6; digits < 9; ++digits) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

/** The name under which points are saved as CSV. */
export function csvNameOf(file: string): string {
  return file.replace(/(\.[^.]*)?$/, '.csv');
}

export function toNpy(values: Float32Array, dim: number): Uint8Array {
  const shape = `(${values.length / dim}, ${dim})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + 4 * values.length).fill(0x20, 0, start);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY
  const view = new DataView(bytes.buffer);
  view.setUint16(8, start - 10, true);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes[start - 1] = 0x0a;
  values.forEach((value, i) => {
    view.setFloat32(start + 4 * i, value, true);
  });
  return bytes;
}
