import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const BASE = '/static/field/';
const SHELL = '/field/';

/** Writes into the service worker what it keeps: every built file, under a version that changes when one of them does. */
function precache(): Plugin {
  return {
    name: 'citong-precache',
    enforce: 'post',
    generateBundle(_, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') return;
      const hash = createHash('sha256');
      const files = Object.values(bundle).filter((one) => one !== worker && !one.fileName.endsWith('.html'));
      const inOrder = Object.values(bundle).sort((a, b) => a.fileName.localeCompare(b.fileName));
      for (const one of inOrder) hash.update(one.type === 'chunk' ? one.code : one.source);
      const found = readdirSync(`${here}public`, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      const loose = found.map((one) => join(one.parentPath, one.name).slice(`${here}public/`.length)).sort();
      for (const name of loose) hash.update(readFileSync(`${here}public/${name}`));
      const kept = [SHELL, ...files.map((one) => BASE + one.fileName), ...loose.map((name) => BASE + name)];
      const version = hash.digest('hex').slice(0, 12);
      worker.code = worker.code.replace(/__VERSION__/g, JSON.stringify(version)).replace(/__KEPT__/g, JSON.stringify(kept));
      this.emitFile({ type: 'asset', fileName: 'version.txt', source: version }); // what the server tells phones is newest
    },
  };
}

export default defineConfig(({ command }) => ({
  root: here,
  base: command === 'build' ? BASE : '/',
  plugins: [precache()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  build: {
    outDir: fileURLToPath(new URL('../citong/adapters/field/static/field', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome107', 'safari16', 'firefox104'],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
    rollupOptions: {
      input: { app: `${here}index.html`, sw: `${here}src/worker.ts` },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
}));
