// Do trained models reach the data? Trains the default family for its default
// number of steps with three seeds on each data set, and holds the median
// sliced Wasserstein distance against what two sets of data score. Options:
// --steps N and --seeds N for a quicker look, which decides nothing.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const cli = join(import.meta.dirname, '../../build/native/unnoise');
const dataSets = ['two_moons', 'eight_gaussians'];
const allowed = 2; // times the distance between two sets of data

const { values } = parseArgs({
  options: {
    steps: { type: 'string' },
    seeds: { type: 'string', default: '3' },
  },
});

const unnoise = (args) =>
  execFileSync(cli, args, { stdio: ['ignore', 'pipe', 'inherit'] }).toString();
const median = (numbers) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const folder = mkdtempSync(join(tmpdir(), 'unnoise-quality-'));
let failed = 0;
try {
  for (const data of dataSets) {
    const ratios = [];
    for (let seed = 0; seed < Number(values.seeds); ++seed) {
      const out = join(folder, `${data}-${seed}`);
      const steps = values.steps ? ['--steps', values.steps] : [];
      unnoise([
        ...['train', `data=${data}`, '--seed', String(seed), '--out', out],
        ...['--quiet', ...steps],
      ]);
      const report = JSON.parse(unnoise(['eval', out, '--json']));
      const { value, data_data: reference } = report.sliced_wasserstein;
      ratios.push(value / reference);
      console.log(
        `${data}, seed ${seed}: ${value.toFixed(4)}, data against data ` +
          `${reference.toFixed(4)}, ratio ${(value / reference).toFixed(2)}`,
      );
    }
    const ratio = median(ratios);
    const good = ratio < allowed;
    if (!good) ++failed;
    console.log(
      `${data}: median ratio ${ratio.toFixed(2)}, ` +
        `${good ? 'below' : 'NOT below'} ${allowed}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${dataSets.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
