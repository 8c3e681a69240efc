// The start of the solver laboratory: gives it its surroundings in the browser
// and the screen its laboratory, and lets both rest while nobody can see them.

import { browser } from './browser';
import { carriedFiles } from './carried';
import './components/solvers-app';
import { Engine, portOf } from './engine/client';
import type { SolverCalls } from './engine/solver-protocol';
import { missing } from './engine/support';
import { framed, tellSize, watchView } from './frame';
import { SolverLab } from './store/solvers';
import './styles/tokens.css';

const lacks = missing();
const carried = carriedFiles();
const port = portOf(
  lacks === null,
  () =>
    new Worker(new URL('./engine/solver-worker.ts', import.meta.url), {
      type: 'module',
    }),
  carried?.worker,
);
const lab = new SolverLab(
  new Engine<SolverCalls>(port),
  browser(carried && { module: carried.module, wasm: carried.wasm }),
);

const dress = (): void => {
  const { dataset } = document.documentElement;
  const { theme } = lab.state.flags;
  // Every canvas is drawn anew whenever it is set, even to what it was.
  if (dataset['theme'] !== theme) dataset['theme'] = theme;
};
dress();
lab.subscribe(dress);

const app = document.createElement('unnoise-solvers');
app.lab = lab;
document.body.append(app);
tellSize(app);

// Nothing is loaded before the page is first seen, which the top one always is.
let seen = !framed;
let started = false;
function attend(): void {
  if (!started && seen) {
    started = true;
    void lab.start(lacks).then(attend);
  }
  lab.hold(document.hidden || !seen);
}
if (framed) {
  watchView(app, (inView) => {
    seen = inView;
    attend();
  });
}
document.addEventListener('visibilitychange', attend);
addEventListener('hashchange', ({ newURL }) => {
  // Not location.hash: the page may have written its own address since.
  if (started) void lab.openLink(new URL(newURL).hash);
});
attend();
