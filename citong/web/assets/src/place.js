// A point on the map becomes the coordinates of the form around it.
export function startPlace(map) {
  map.addEventListener('citong:pick', (event) => {
    for (const name of ['lon', 'lat']) map.closest('form').querySelector(`[name$="-${name}"]`).value = event.detail[name].toFixed(6);
  });
}
