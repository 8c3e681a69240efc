// Training steps per second of the page's module: the same program in node and
// in a browser's worker, so that two of them can be compared. In a worker it
// answers messages [size, seconds]; once it is ready it says so.

export const SIZES = [
  { width: 64, batch: 128 },
  { width: 128, batch: 128 },
  { width: 128, batch: 512 },
  { width: 256, batch: 512 },
];

/** Opens a session for every size; returns what measures one of them. */
export function openSteps(core) {
  const none = new Uint8Array();
  const sessions = SIZES.map(({ width, batch }) => {
    const words = [`network.width=${width}`, `batch=${batch}`];
    const session = new core.Session();
    const { experiment, problems } = core.resolve('', words, none);
    const opened = problems ? { problems } : session.open(experiment, none);
    if (opened.problems) throw new Error(JSON.stringify(opened.problems));
    return session;
  });
  return (size, seconds) => {
    let count = 0;
    let passed = 0;
    const began = performance.now();
    do {
      // One at a time: V8 replaces no WebAssembly code while it runs.
      sessions[size].advance(1);
      ++count;
      passed = (performance.now() - began) / 1000;
    } while (passed < seconds);
    return count / passed;
  };
}

if (typeof WorkerGlobalScope !== 'undefined') {
  const { default: create } = await import('/unnoise.mjs');
  const measure = openSteps(await create());
  self.onmessage = ({ data }) => self.postMessage(measure(...data));
  self.postMessage('ready');
}
