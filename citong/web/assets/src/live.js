// Live screens: one EventSource for the page; each change is handed to the part that wants it.
// [data-live=url]: on a change, [data-live-said] is shown (its text comes from the server), or [data-case] is offered a reload.
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;

export function startLive() {
  const part = document.querySelector('[data-live]');
  if (!part || !window.EventSource) return;
  let wait = FIRST_WAIT;
  const changed = new Set();

  const heard = (event) => {
    let said;
    try {
      said = JSON.parse(event.data);
    } catch {
      return;
    }
    if (part.dataset.case && said.id !== part.dataset.case) return;
    changed.add(said.id);
    const bar = document.querySelector('[data-live-said]');
    if (!bar) return;
    bar.hidden = false;
    const count = bar.querySelector('[data-live-count]');
    if (count) count.textContent = changed.size;
  };
  const listen = () => {
    const source = new EventSource(part.dataset.live);
    source.onopen = () => (wait = FIRST_WAIT);
    source.onmessage = heard;
    source.addEventListener('case', heard);
    source.onerror = () => {
      source.close();
      setTimeout(listen, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
    addEventListener('pagehide', () => source.close(), { once: true });
  };
  // Whoever asked for the list anew has seen what changed.
  document.addEventListener('htmx:afterSwap', () => changed.clear());
  listen();
}
