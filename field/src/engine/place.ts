/** The phone's place, read once when asked and never kept by itself. */

import type { Place } from './engine.ts';
import { Trouble } from './engine.ts';

const PATIENCE_MS = 20_000;
const DENIED = 1;

export function placeNow(): Promise<Place> {
  return new Promise((done, fail) => {
    if (!navigator.geolocation) return fail(new Trouble('place-unknown'));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lon: coords.longitude, lat: coords.latitude, accuracy: Math.round(coords.accuracy) }),
      ({ code }) => fail(new Trouble(code === DENIED ? 'place-denied' : 'place-unknown')),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 },
    );
  });
}
