// A Vite plugin that makes pages once more as single files: unnoise.html, the
// whole lab to take away, and embed.html, the same for frames; likewise of the
// laboratories. Each holds script, style, worker and wasm module, so that
// it asks no server for anything: a sandboxed frame or a local file has no
// origin that a server, or the disk, would answer to.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

import { minified } from './modules.ts';

type Form = 'page' | 'embed';

/** Of each page: its worker, its module, and the form of each file made of it. */
const SINGLE: {
  page: string;
  worker: RegExp;
  module: string;
  files: Record<string, Form>;
}[] = [
  {
    page: 'index.html',
    worker: /(^|\/)worker-[^/]*\.js$/,
    module: 'unnoise',
    files: { 'unnoise.html': 'page', 'embed.html': 'embed' },
  },
  {
    page: 'solvers.html',
    worker: /(^|\/)solver-worker-[^/]*\.js$/,
    module: 'unnoise_solvers',
    files: { 'unnoise_solvers.html': 'page', 'solvers_embed.html': 'embed' },
  },
  {
    page: 'processes.html',
    worker: /(^|\/)process-worker-[^/]*\.js$/,
    module: 'unnoise_processes',
    files: {
      'unnoise_processes.html': 'page',
      'processes_embed.html': 'embed',
    },
  },
];

export function singleFiles(wasmFolder: string): Plugin {
  return {
    name: 'unnoise:single-files',
    enforce: 'post',

    generateBundle(_, bundle) {
      const textOf = (name: string): string => {
        const file = bundle[name];
        if (!file) throw new Error(`The build made no ${name}.`);
        const text = file.type === 'chunk' ? file.code : file.source;
        return typeof text === 'string' ? text : new TextDecoder().decode(text);
      };
      for (const { page, worker, module, files } of SINGLE) {
        const program = Object.keys(bundle).find((name) => worker.test(name));
        if (!program) throw new Error(`The build made no worker of ${page}.`);
        // From a blob it starts as a classic script (engine/client.ts): one that
        // is a module in more than its name does not parse.
        new Script(textOf(program));
        const loader = built(wasmFolder, `${module}.mjs`);
        const bytes = readFileSync(built(wasmFolder, `${module}.wasm`));
        const carried = [
          carry('worker.js', Buffer.from(textOf(program))),
          carry('module.mjs', Buffer.from(minified(loader))),
          carry('module.wasm', bytes),
        ].join('\n');
        const whole = inline(page, textOf, carried);
        for (const [fileName, form] of Object.entries(files)) {
          const source = withForm(whole, form);
          this.emitFile({ type: 'asset', fileName, source });
        }
      }
    },

    // While developing, embed.html is the page in its other form.
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = request.originalUrl ?? '';
        const name = url.replace(/^\/|\?.*$/g, '');
        const of = SINGLE.find(({ files }) => files[name] === 'embed');
        if (!of) {
          next();
          return;
        }
        const page = readFileSync(join(server.config.root, of.page), 'utf8');
        server
          .transformIndexHtml(url, withForm(page, 'embed'))
          .then((html) => {
            response.setHeader('content-type', 'text/html');
            response.end(html);
          })
          .catch(next);
      });
    },
  };
}

function withForm(page: string, form: Form): string {
  return replaceOne(page, /<html /, `<html data-form="${form}" `);
}

/** Puts the page's style sheet and script where they are asked for. */
function inline(
  name: string,
  textOf: (name: string) => string,
  carried: string,
): string {
  let script = '';
  let style = '';
  const rest = textOf(name)
    .replace(/\s*<link rel="modulepreload"[^>]*>/g, '')
    .replace(
      /\s*<link rel="stylesheet"[^>]*href="\.\/([^"]+)"[^>]*>/,
      (_, name) => {
        style = textOf(name as string);
        return '';
      },
    )
    .replace(
      /\s*<script type="module"[^>]*src="\.\/([^"]+)"[^>]*><\/script>/,
      (_, name) => {
        script = textOf(name as string);
        return '';
      },
    );
  if (!script || !style || /<(script|link)[^>]*(src|href)="\.\//.test(rest)) {
    throw new Error(`${name} is not one script and one style sheet.`);
  }
  const withStyle = replaceOne(
    rest,
    /<\/head>/,
    `<style>${style}</style>\n</head>`,
  );
  return replaceOne(
    withStyle,
    /<\/body>/,
    `${carried}\n<script type="module">${asInlineScript(script)}</script>\n</body>`,
  );
}

/** What would end a script element early, or begin a comment, in escapes. */
function asInlineScript(code: string): string {
  return code.replace(/<(?=!--|\/?script)/gi, '\\x3c');
}

/** See src/carried.ts. */
function carry(name: string, bytes: Buffer): string {
  const text = gzipSync(bytes, { level: 9 }).toString('base64');
  return `<script type="text/plain" data-carried="${name}">${text}</script>`;
}

/** The path of a file of the module, which must be there. */
function built(folder: string, name: string): string {
  const path = join(folder, name);
  if (!existsSync(path)) {
    throw new Error(`${name} is missing; build the wasm preset first.`);
  }
  return path;
}

function replaceOne(text: string, pattern: RegExp, by: string): string {
  if (!pattern.test(text)) throw new Error(`A page has no ${pattern.source}.`);
  return text.replace(pattern, () => by);
}
