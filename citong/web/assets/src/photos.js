// Large photos are made smaller before they travel: kind to slow networks, and what the camera wrote into the file
// stays on the phone. Whatever can not be read here is sent as it is; the server checks it anyway.
const LONGEST_SIDE = 2560;
const LIGHT_ENOUGH = 1_500_000; // bytes
const QUALITY = 0.85;

async function smaller(file) {
  if (file.size < LIGHT_ENOUGH || !/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg', lastModified: file.lastModified });
  } catch {
    return file;
  }
}

const light = new WeakSet();

async function lighten(input) {
  const files = await Promise.all([...input.files].map(smaller));
  const held = new DataTransfer();
  files.forEach((file) => held.items.add(file));
  input.files = held.files;
  light.add(input);
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

// The chooser's own event is held back until the files are light; everybody else hears the second one.
export function startPhotos() {
  document.addEventListener(
    'change',
    (event) => {
      const input = event.target;
      if (light.delete(input) || input.type !== 'file' || !input.accept.includes('image/') || !window.createImageBitmap) return;
      if (![...input.files].some((file) => file.size >= LIGHT_ENOUGH)) return;
      event.stopImmediatePropagation();
      const buttons = [...(input.form?.querySelectorAll('button:not([type=button])') ?? [])];
      buttons.forEach((button) => (button.disabled = true));
      lighten(input).finally(() => buttons.forEach((button) => (button.disabled = false)));
    },
    true,
  );
}
