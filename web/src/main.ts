// The page's start: gives the lab its surroundings in the browser and the
// screen its lab, and lets both rest while nobody can see them.

import { browser } from './browser';
import { carriedFiles } from './carried';
import './components/app';
import { startEngine } from './engine/client';
import { missing } from './engine/support';
import { framed, tellSize, watchView } from './frame';
import { Lab } from './store/lab';
import './styles/tokens.css';

const carried = carriedFiles();
const around = browser(
  carried && { module: carried.module, wasm: carried.wasm },
);

const lacks = missing();
const lab = new Lab(startEngine(lacks === null, carried?.worker), around);

const dress = (): void => {
  const { dataset } = document.documentElement;
  const { theme } = lab.state.flags;
  // Every canvas is drawn anew whenever it is set, even to what it was.
  if (dataset['theme'] !== theme) dataset['theme'] = theme;
};
dress();
lab.store.subscribe(dress);

const app = document.createElement('unnoise-app');
app.lab = lab;
document.body.append(app);
if (lab.state.form === 'embed') tellSize(app);

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

declare global {
  interface HTMLElementTagNameMap {
    'unnoise-app': import('./components/app').AppElement;
  }
}
