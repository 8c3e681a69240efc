// Runs the task of the given name, .ci/<name>.mjs, once node is new enough.
// Written for any old node, so that it can say so; the tasks are not.
'use strict';
var version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error(
    'unnoise needs node 20.19 or newer, and this is node ' +
      process.versions.node +
      ': see https://nodejs.org/en/download.',
  );
  process.exit(2);
}
import('./' + process.argv[2] + '.mjs')
  .then(function (task) {
    return task.default(process.argv.slice(3));
  })
  .catch(function (error) {
    // A Failure is a message for the reader; anything else is a bug here.
    console.error(error.exitCode ? error.message : error);
    process.exitCode = error.exitCode || 1;
  });
