// The native tests and the fuzz targets under the sanitizers, and the tests
// built by clang, whose bits must be those of g++. The second half of .ci/run.
import fuzz from './fuzz.mjs';
import { build, run } from './lib.mjs';
import { installPackages } from './setup.mjs';

export default async function checkCompilers() {
  installPackages('build', 'checks');
  for (const preset of ['native-asan', 'native-clang']) {
    console.log(`\n== ${preset}`);
    build(preset);
    run('ctest', ['--preset', preset]);
  }
  console.log('\n== fuzz, a minute each');
  await fuzz(['--seconds', '60']);
}
