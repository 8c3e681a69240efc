// Stands before the WebAssembly programs that node runs, tests and benchmark.
// Reads the module from its file, where Emscripten 3.1.6 would fetch() it, and
// shows the program node's environment: ctest hands a shard over in it.
Module.wasmBinary = require('fs').readFileSync(
  __filename.replace(/\.js$/, '.wasm'),
);
Module.preRun = () => {
  // ENV stands only in programs that call getenv().
  if (typeof ENV !== 'undefined') Object.assign(ENV, process.env);
};
