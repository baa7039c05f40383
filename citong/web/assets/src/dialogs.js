// Dialogs: `data-open="#id"` opens one, `data-close` closes it, `data-confirm="sentence"` asks before danger.
const shared = () => document.getElementById('confirm');

export function startDialogs(root) {
  root.querySelectorAll('dialog[data-show]').forEach((dialog) => dialog.showModal());
}

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open]');
  if (opener?.dataset.open.startsWith('#')) document.querySelector(opener.dataset.open)?.showModal();
  if (event.target.closest('[data-close]')) event.target.closest('dialog')?.close();
  if (event.target.matches('dialog')) event.target.close();
});

// Danger is asked about once more; the answer sends the same form.
document.addEventListener(
  'click',
  (event) => {
    const button = event.target.closest('[data-confirm]');
    const dialog = shared();
    if (!button || !dialog || button.dataset.sure) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog.querySelector('[data-words]').textContent = button.dataset.confirm;
    dialog.querySelector('[data-yes]').onclick = () => {
      dialog.close();
      button.dataset.sure = 'yes';
      button.click();
      delete button.dataset.sure;
    };
    dialog.showModal();
  },
  true,
);
