import type { Field, Values } from '../../engine/engine.ts';

/** Kinds a report may be begun with, by the city's codes; a city without one asks for the kind as always. */
export const CATEGORIES: Record<string, string> = { danger: 'safety', child: 'safety.child' };

// What a grid worker is asked first; everything else is behind "more".
const FIRST = ['category', 'text', 'photos', 'place', 'address'];
const PLACE: Field = { name: 'place', label: '', help: '', type: 'place', required: false, choices: [], longest: null };
const POINT = ['lon', 'lat', 'datum'];

/** An opening form as the phone asks for it: the place beside the address, and the weighty answers first: those the
 * office does not call later ones, or of a report those named here. */
export function asked(fields: Field[]): { first: Field[]; more: Field[] } {
  const shown = placed(fields).filter((one) => one.type !== 'hidden' && !POINT.includes(one.name));
  if (shown.some((one) => one.later)) return { first: shown.filter((one) => !one.later), more: shown.filter((one) => one.later) };
  if (!fields.some((one) => one.name === 'category')) return { first: shown, more: [] };
  const first = FIRST.map((name) => shown.find((one) => one.name === name)).filter((one): one is Field => one !== undefined);
  const rest = shown.filter((one) => !first.includes(one));
  return { first: [...first, ...rest.filter((one) => one.required)], more: rest.filter((one) => !one.required) };
}

/** Longitude and latitude are one question, asked after the address. */
function placed(fields: Field[]): Field[] {
  const told = fields.find((one) => one.type === 'place') ?? (fields.some((one) => one.name === 'lon') ? PLACE : null);
  if (!told) return fields;
  const others = fields.filter((one) => one !== told);
  const at = others.findIndex((one) => one.name === 'address') + 1 || others.length;
  return [...others.slice(0, at), told, ...others.slice(at)];
}

/** The answers as the office's form names them. */
export function answered(fields: Field[], values: Values): Values {
  const point = values['place'] as { lon: number; lat: number } | undefined;
  const all: Values = point ? { ...values, lon: point.lon, lat: point.lat, datum: 'WGS84' } : values;
  const names = new Set(fields.map((one) => one.name));
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
}

export function preset(fields: Field[], sort: string | null): Values {
  const code = CATEGORIES[sort ?? ''];
  const known = fields.find((one) => one.name === 'category')?.choices.some(([value]) => value === code);
  return code && known ? { category: code } : {};
}
