import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { sprite, images } from './citong/web/assets/sprite.js';

const assets = fileURLToPath(new URL('citong/web/assets/', import.meta.url));

// Pages name only citong.js and citong.css, whose names never change; what those two load later (map, charts)
// carries a hash of its content in its name.
const stable = (file) => (file.names?.some((name) => name === 'citong.css') ? '[name][extname]' : 'chunks/[name]-[hash][extname]');

export default defineConfig({
  root: assets,
  base: './',
  publicDir: false,
  plugins: [sprite(), images()],
  css: { preprocessorOptions: { scss: { loadPaths: [fileURLToPath(new URL('node_modules', import.meta.url))], quietDeps: true } } },
  build: {
    outDir: fileURLToPath(new URL('citong/web/static/built', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome107', 'safari16', 'firefox104'],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
    rollupOptions: {
      input: { citong: `${assets}src/citong.js` },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', assetFileNames: stable },
    },
  },
});
