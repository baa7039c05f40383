// Three small Vite plugins: the icon sprite, images copied under their own names, and a broom.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const citong = fileURLToPath(new URL('../../', import.meta.url));
const outlines = fileURLToPath(new URL('../../../node_modules/@tabler/icons/icons/outline/', import.meta.url));
const pictures = fileURLToPath(new URL('images/', import.meta.url));
const skipped = new Set(['static', 'node_modules', 'locale', 'migrations', 'tests', '__pycache__']);
const sources = new Set(['.html', '.py', '.js']);

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (sources.has(extname(entry.name))) yield path;
  }
}

// Icons are named in templates and in Python alike, so every quoted word that is the name of an icon is taken.
// That takes a few too many, and never one too few.
function iconsNamed() {
  const names = new Set();
  for (const path of filesUnder(citong)) {
    for (const [, name] of readFileSync(path, 'utf8').matchAll(/["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']/g)) names.add(name);
  }
  return [...names].filter((name) => existsSync(`${outlines}${name}.svg`)).sort();
}

function symbol(name) {
  const drawing = readFileSync(`${outlines}${name}.svg`, 'utf8');
  const inside = drawing.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\s*\n\s*/g, '');
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inside}</symbol>`;
}

export function sprite() {
  return {
    name: 'citong-sprite',
    generateBundle() {
      const symbols = iconsNamed().map(symbol).join('\n');
      this.emitFile({ type: 'asset', fileName: 'icons.svg', source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>` });
    },
  };
}

export function images() {
  return {
    name: 'citong-images',
    generateBundle() {
      for (const name of readdirSync(pictures)) {
        this.emitFile({ type: 'asset', fileName: name, source: readFileSync(join(pictures, name)) });
      }
    },
  };
}

// What an earlier build left is taken away after the new files are written, so a running server never misses one.
export function sweep() {
  return {
    name: 'citong-sweep',
    writeBundle({ dir }, bundle) {
      for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile() && !(relative(dir, path).replaceAll('\\', '/') in bundle)) rmSync(path, { force: true });
      }
    },
  };
}
