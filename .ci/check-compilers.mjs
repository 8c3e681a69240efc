// The native tests under the sanitizers, and built by clang, whose bits must
// be those of g++. The second half of .ci/run.
import { build, run } from './lib.mjs';
import { installPackages } from './setup.mjs';

export default async function checkCompilers() {
  installPackages('build', 'checks');
  for (const preset of ['native-asan', 'native-clang']) {
    console.log(`\n== ${preset}`);
    build(preset);
    run('ctest', ['--preset', preset]);
  }
}
