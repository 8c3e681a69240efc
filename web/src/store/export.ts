// Points as files: CSV for people and NPY (format 1.0, float32, [n, dim]) for
// programs, the same bytes that the command line writes.

export function toCsv(values: Float32Array, dim: number): string {
  const axes = Array.from({ length: dim }, (_, axis) => `x${axis}`);
  const lines = [axes.join(',')];
  for (let i = 0; i < values.length; i += dim) {
    lines.push(Array.from(values.subarray(i, i + dim), shortest).join(','));
  }
  return lines.join('\n') + '\n';
}

/** The shortest decimal that reads back as the same float32. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; ++digits) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
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
