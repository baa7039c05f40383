// A pad to sign on with a finger, pen or mouse. What is drawn travels in the input as the data URL of a small PNG.
const WIDTH = 600;
const HEIGHT = 200;
const STROKE = 4;

export function startSignature(input) {
  const pad = document.createElement('canvas');
  pad.width = WIDTH;
  pad.height = HEIGHT;
  pad.className = 'signature-pad';
  pad.tabIndex = 0;
  pad.setAttribute('role', 'img');
  pad.setAttribute('aria-label', `${input.labels[0]?.innerText ?? ''} ${input.dataset.hint}`);
  const clear = document.createElement('button');
  clear.type = 'button';
  clear.className = 'btn btn-sm';
  clear.textContent = input.dataset.clear;
  const hint = document.createElement('small');
  hint.textContent = input.dataset.hint;
  const bar = document.createElement('div');
  bar.className = 'signature-bar';
  bar.append(hint, clear);
  input.type = 'hidden';
  input.after(pad, bar);

  const ink = pad.getContext('2d');
  const wipe = () => {
    ink.fillStyle = '#fff';
    ink.fillRect(0, 0, WIDTH, HEIGHT);
    Object.assign(ink, { strokeStyle: '#000', lineWidth: STROKE, lineCap: 'round', lineJoin: 'round' });
  };
  const place = (event) => {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * WIDTH, ((event.clientY - box.top) / box.height) * HEIGHT];
  };
  wipe();
  if (input.value) {
    const before = new Image();
    before.onload = () => ink.drawImage(before, 0, 0, WIDTH, HEIGHT);
    before.src = input.value;
  }

  let drawing = false;
  pad.addEventListener('pointerdown', (event) => {
    drawing = true;
    pad.setPointerCapture(event.pointerId);
    ink.beginPath();
    ink.moveTo(...place(event));
    event.preventDefault();
  });
  pad.addEventListener('pointermove', (event) => {
    if (!drawing) return;
    for (const point of event.getCoalescedEvents?.() ?? [event]) ink.lineTo(...place(point));
    ink.stroke();
  });
  const lift = () => {
    if (!drawing) return;
    drawing = false;
    input.value = pad.toDataURL('image/png');
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  pad.addEventListener('pointerup', lift);
  pad.addEventListener('pointercancel', lift);
  clear.addEventListener('click', () => {
    wipe();
    input.value = '';
  });
}
