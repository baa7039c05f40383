// Keyboard: j and k move in a list, Enter opens, / searches, ? helps, g then a letter goes somewhere.
const typing = (target) => target.closest('input, textarea, select, [contenteditable]');
let going = 0;

const move = (step) => {
  const rows = [...document.querySelectorAll('[data-row]')];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement.closest('[data-row]'));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  (next.querySelector('a') ?? next).focus();
  next.scrollIntoView({ block: 'nearest' });
};

const jump = (key) => document.querySelector(`[data-go-key="${key}"]`)?.click();

export function startKeys() {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
    if (Date.now() - going < 1500) {
      going = 0;
      return jump(event.key);
    }
    const acts = {
      j: () => move(1),
      k: () => move(-1),
      '/': () => document.querySelector('[role=search] input')?.focus(),
      '?': () => document.getElementById('keys')?.showModal(),
      g: () => (going = Date.now()),
    };
    if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    }
  });
}
