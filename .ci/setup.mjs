// Installs what is missing: Debian packages, with their size and the command
// shown first, and the npm packages of the lock file. Quick when all is there.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, capture, root, run, runAside } from './lib.mjs';

// The sizes are those on a bare Debian 12, for when apt cannot tell.
const groups = {
  build: {
    packages: [
      'g++',
      'cmake',
      'ninja-build',
      'libhwy-dev',
      'libeigen3-dev',
      'libcli11-dev',
      'nlohmann-json3-dev',
      'libgtest-dev',
      'libstb-dev',
      'libgif-dev',
      'emscripten',
    ],
    size: 'about 350 MB to download, 1.9 GB on disk',
  },
  browser: {
    packages: ['chromium', 'fonts-dejavu-core'],
    size: 'about 210 MB to download, 740 MB on disk',
  },
  checks: {
    packages: ['clang', 'clang-format', 'libclang-rt-dev', 'git'],
    size: 'about 50 MB to download, 250 MB on disk',
  },
};

/** The browser that the tests drive; undefined when there is none. */
export function findBrowser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const paths = names.map((name) => `/usr/bin/${name}`);
  return process.env.CHROMIUM_PATH ?? paths.find((path) => existsSync(path));
}

/** Makes sure of groups of Debian packages: build, browser, checks. */
export function installPackages(...names) {
  const missing = names
    .filter((name) => name !== 'browser' || !findBrowser())
    .map((name) => groups[name])
    .map(({ packages, size }) => ({ packages: notInstalled(packages), size }))
    .filter(({ packages }) => packages.length > 0);
  if (!missing.length) return;
  const packages = missing.flatMap(({ packages }) => packages);
  if (!capture('apt-get', ['--version']).ok) {
    throw new Failure(
      `Please install what these Debian packages hold: ${packages.join(' ')}.`,
      2,
    );
  }

  const isRoot = process.getuid() === 0;
  const mayInstall = isRoot || capture('sudo', ['-n', 'true']).ok;
  const sudo = isRoot ? [] : ['sudo', '-n'];
  const update = ['apt-get', 'update'];
  const install = ['apt-get', 'install', '-y', '--no-install-recommends'];
  install.push(...packages);

  const size =
    aptSize(packages) ?? missing.map(({ size }) => size).join(' and ');
  const prefix = isRoot ? '' : 'sudo ';
  console.error(`Missing packages: ${packages.join(' ')}
Size: ${size}
Command: ${prefix}${update.join(' ')} && ${prefix}${install.join(' ')}`);
  if (!mayInstall) {
    throw new Failure('Run this command, as root, and then try again.', 2);
  }

  console.error('Installing them takes a minute or two.');
  const quietly = { stdio: ['ignore', 'ignore', 'inherit'] };
  // Another apt may be at work, as on a machine that has just started.
  const wait = ['-qq', '-o', 'DPkg::Lock::Timeout=600'];
  const env = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  for (const [apt, ...args] of [update, install]) {
    const [command, ...rest] = [...sudo, ...env, apt, ...wait, ...args];
    run(command, rest, quietly);
  }
}

function notInstalled(packages) {
  const format = '${Package} ${db:Status-Status}\n';
  const { stdout } = capture('dpkg-query', ['-W', '-f', format, ...packages]);
  const installed = new Set(stdout.split('\n'));
  return packages.filter((name) => !installed.has(`${name} installed`));
}

// What apt itself says, or null before its first update.
function aptSize(packages) {
  const { stdout } = capture('apt-get', [
    ...['-o', 'Debug::NoLocking=1', '--assume-no'],
    ...['install', '--no-install-recommends', ...packages],
  ]);
  const summary = /^(Need to get|After this op|Download size|Space needed).*/gm;
  const lines = [...stdout.matchAll(summary)].map(([line]) => line.trim());
  return lines.length ? lines.join(' ') : null;
}

/** Makes sure of node_modules as the lock file has it. */
export function installModules() {
  const installed = join(root, 'node_modules/.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(lock).mtimeMs
  ) {
    return;
  }
  console.error('Installing the npm packages of package-lock.json');
  runAside('npm', ['ci', '--include=dev', '--loglevel=error']);
}
