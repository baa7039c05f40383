/** Photos are drawn anew before they are kept: smaller, upright, and without what a camera writes unseen (place, device). */

import { Trouble } from './engine.ts';

const LONG_SIDE = 1600;
const QUALITY = 0.8;

export async function drawnAnew(file: Blob): Promise<Blob> {
  if (!file.type.startsWith('image/')) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext('2d')!;
    pen.fillStyle = '#fff'; // a signature is drawn on nothing
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return await written(canvas);
  } catch {
    throw new Trouble('file', 'the picture cannot be read');
  }
}

function written(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no blob'))), 'image/jpeg', QUALITY));
}
