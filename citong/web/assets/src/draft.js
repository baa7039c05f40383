// What somebody has written and not sent outlives a closed page or a lost network, in this tab only.
// data-draft on a form; fields that say who one is (autocomplete) and hidden ones are never kept.
const keyOf = (form) => `draft:${form.id}`;

const kept = (form) =>
  [...form.elements].filter((one) => one.name && one.matches('textarea, select, input[type=text], input[type=radio]') && !one.autocomplete && one.type !== 'hidden');

function write(form) {
  const values = {};
  for (const one of kept(form)) if (one.type !== 'radio' || one.checked) values[one.name] = one.value;
  sessionStorage.setItem(keyOf(form), JSON.stringify(values));
}

function put(one, value) {
  if (one.type === 'radio') {
    one.checked = one.value === value;
  } else {
    if (one.value || !value) return;
    one.value = value;
  }
  one.dispatchEvent(new Event(one.matches('select, [type=radio]') ? 'change' : 'input', { bubbles: true }));
}

function restore(form) {
  const values = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? '{}');
  if (values.sent) return sessionStorage.removeItem(keyOf(form));
  for (const one of kept(form)) if (one.name in values) put(one, values[one.name]);
}

export function startDraft(form) {
  try {
    restore(form);
    form.addEventListener('input', () => write(form));
    form.addEventListener('submit', () => sessionStorage.setItem(keyOf(form), '{"sent": true}'));
  } catch {
    // Some browsers forbid the store: then nothing is kept.
  }
}
