import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { images, sprite, sweep } from './citong/web/assets/sprite.js';

// Tabler writes its custom properties without a prefix and adds it when it builds; so do we.
const tabler = {
  postcssPlugin: 'citong-tabler-prefix',
  Once(root) {
    const prefixed = (text) => text.replace(/--(?!tblr-|ct-|bs-)(?=[a-z])/g, '--tblr-');
    root.walkDecls((one) => {
      if (one.prop.startsWith('--')) one.prop = prefixed(one.prop);
      if (one.value.includes('var(--')) one.value = one.value.replace(/var\(\s*--[\w-]+/g, prefixed);
    });
  },
};

const assets = fileURLToPath(new URL('citong/web/assets/', import.meta.url));

// Pages name only citong.js and citong.css, whose names never change; what those two load later (map, charts)
// carries a hash of its content in its name.
const stable = (file) => (file.names?.some((name) => name === 'citong.css') ? '[name][extname]' : 'chunks/[name]-[hash][extname]');

export default defineConfig({
  root: assets,
  base: './',
  publicDir: false,
  plugins: [sprite(), images(), sweep()],
  css: {
    postcss: { plugins: [tabler] },
    preprocessorOptions: { scss: { loadPaths: [fileURLToPath(new URL('node_modules', import.meta.url))], quietDeps: true } },
  },
  build: {
    outDir: fileURLToPath(new URL('citong/web/static/built', import.meta.url)),
    emptyOutDir: false,
    target: ['chrome107', 'safari16', 'firefox104'],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
    rollupOptions: {
      input: { citong: `${assets}src/citong.js` },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', assetFileNames: stable },
    },
  },
});
