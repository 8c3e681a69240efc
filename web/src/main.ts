// The page's start: gives the lab its surroundings in the browser and the
// screen its lab, and lets both rest while nobody can see them.

import { carriedFiles } from './carried';
import './components/app';
import { startEngine } from './engine/client';
import { missing } from './engine/support';
import { framed, tellSize, watchView } from './frame';
import { Lab } from './store/lab';
import type { Surroundings } from './store/surroundings';
import './styles/tokens.css';

const carried = carriedFiles();
const around: Surroundings = {
  base: document.baseURI,
  page: location.href.replace(/#.*$/, ''),
  form: document.documentElement.dataset['form'] === 'embed' ? 'embed' : 'page',
  carried: carried && { module: carried.module, wasm: carried.wasm },
  hash: () => location.hash,
  setHash: (hash) => {
    try {
      history.replaceState(null, '', hash);
    } catch {
      // Some frames have no address to write; the link can still be copied.
    }
  },
  reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
  nextFrame: (callback) => {
    requestAnimationFrame(callback);
  },
  copy: async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false; // Refused, as in most frames of other sites.
    }
  },
  save: (name, content) => {
    const blob = new Blob([content as BlobPart]);
    const anchor = document.createElement('a');
    anchor.href = URL.createObjectURL(blob);
    anchor.download = name;
    anchor.click();
    setTimeout(() => {
      URL.revokeObjectURL(anchor.href);
    }, 10_000);
  },
};

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
