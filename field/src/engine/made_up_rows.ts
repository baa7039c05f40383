/** A made-up grid: forty dwellings, a hundred and twenty persons, a week's plan, errands, notices. */

import type { Day, Id, MapData, Point } from './engine.ts';
import type { CaseRow, HouseholdRow, NoticeRow, PlanRow, RecordRow, Row, TieRow } from './rows.ts';

export const GRID = '350502001001';
const CENTRE: Point = [118.589, 24.9075];
const SURNAMES = '陈林黄张吴李王郑蔡刘杨许苏庄曾谢';
const GIVEN = ['志强', '丽华', '建国', '秀英', '伟民', '美玲', '文彬', '淑珍', '阿水', '晓燕', '国栋', '雅婷', '明辉', '春梅', '子轩', '雨桐'];
const WHY = ['time', 'alone', 'absent', 'illness', 'never'];

export const madeUpId = (sort: number, number: number): Id => `0192f000-000${sort}-7000-8000-${String(number).padStart(12, '0')}`;

export function dayFrom(today: Date, days: number): Day {
  return new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

function dwelling(number: number): RecordRow {
  const values = { address: `中山路${12 + Math.floor(number / 8)}号`, building: '', unit: '', room: String(101 + (number % 8) + Math.floor((number % 8) / 2) * 98), use: number % 9 === 8 ? 'let' : 'home' };
  const at: Point = [CENTRE[0] + ((number % 8) - 4) * 0.00022, CENTRE[1] + (Math.floor(number / 8) - 2) * 0.0003];
  return { what: 'record', id: madeUpId(1, number), version: 1, kind: 'dwelling', name: `${values.address} ${values.room}`, grid: GRID, at, values, said: { address: 1, room: 1 } };
}

function person(number: number): RecordRow {
  const name = SURNAMES[number % SURNAMES.length]! + GIVEN[(number * 7) % GIVEN.length]!;
  const values = {
    name, gender: number % 2 ? 'f' : 'm', born_on: `${1935 + ((number * 13) % 80)}-0${1 + (number % 9)}-1${number % 10}`,
    phone: number % 5 ? `1380000${String(1000 + number)}` : '', stay: number % 11 === 10 ? 'rents' : 'lives',
  };
  return { what: 'record', id: madeUpId(2, number), version: 1, kind: 'person', name, grid: GRID, at: null, values, said: { name: 1, phone: 1 } };
}

function livesIn(number: number): TieRow {
  return { what: 'tie', id: madeUpId(3, number), version: 1, kind: 'lives_in', subject: madeUpId(2, number), object: madeUpId(1, number % 40), since: '2019-03-01', until: null };
}

function household(number: number, today: Date): HouseholdRow {
  const why = WHY[number % WHY.length]!;
  const visited = number < 6;
  const last = visited && number !== 5 ? today.toISOString() : `${dayFrom(today, -120 + number * 2)}T02:30:00Z`;
  return {
    what: 'household', id: madeUpId(1, number), version: 1, grid: GRID, last, tried: visited ? today.toISOString() : last, outcome: number === 5 ? 'absent' : 'done',
    due: dayFrom(today, number - 6), why, needs: why === 'alone' || why === 'illness' ? [why] : [],
  };
}

function plan(today: Date): PlanRow {
  const monday = dayFrom(today, -((today.getUTCDay() + 6) % 7));
  const households = Array.from({ length: 32 }, (_, number) => ({
    dwelling: madeUpId(1, number), due: dayFrom(today, number - 6), why: WHY[number % WHY.length]!,
  }));
  return { what: 'plan', id: madeUpId(4, 1), version: 1, week: monday, quota: 30, households, done: 5, absent: 1, refused: 0, more: 2 };
}

function situation(number: number, today: Date): RecordRow {
  const values = { sort: number ? 'danger' : 'alone', details: number ? '楼道电线外露' : '每周买一次药', since: dayFrom(today, -40), until: dayFrom(today, 50) };
  return { what: 'record', id: madeUpId(5, number), version: 1, kind: 'situation', name: number ? '尚存的危险' : '独居老人', grid: GRID, at: null, values, said: {} };
}

function concerns(number: number): TieRow {
  return { what: 'tie', id: madeUpId(6, number), version: 1, kind: 'concerns', subject: madeUpId(5, number), object: number ? madeUpId(1, 3) : madeUpId(2, 7), since: '2026-10-01', until: null };
}

function cases(today: Date): CaseRow[] {
  const made = (number: number, service: string, state: string, title: string, text: string, mine: boolean, days: number): CaseRow => ({
    what: 'case', id: madeUpId(7, number), version: 4, number: `QZ2611-00${number}7-K`, service, state, title, text, address: '中山路13号',
    at: [CENTRE[0] + number * 0.0002, CENTRE[1]], due: `${dayFrom(today, days)}T09:00:00Z`, mine,
  });
  return [
    made(1, 'requests', 'dispatched', '路面破损', '店门口路面破了一个坑，老人容易绊倒。', true, 1),
    made(2, 'requests', 'handling', '堵塞消防通道', '三轮车长期停在消防通道。', true, -1),
    made(3, 'errands', 'agreed', '代取药品', '为三楼陈阿婆到医院取降压药。', true, 0),
    made(4, 'errands', 'under_way', '代缴电费', '收现金200元，缴费后退还余额。', true, 2),
    made(5, 'requests', 'handled', '路灯不亮', '巷口路灯不亮。', false, 5),
  ];
}

function notices(today: Date): NoticeRow[] {
  const texts = ['案件“路面破损”派给了您。', '您的走访已满三十户，辛苦了。', '周五下午三点社区开会。', '“堵塞消防通道”已超过时限，请尽快办理。'];
  return texts.map((text, number) => ({
    what: 'notice', id: madeUpId(8, number), version: 1, text, at: `${dayFrom(today, -number)}T0${number + 1}:15:00Z`, case: number === 0 ? madeUpId(7, 1) : null, read: number > 1,
  }));
}

export function madeUpRows(today: Date): Row[] {
  const times = <R>(count: number, make: (number: number, today: Date) => R): R[] => Array.from({ length: count }, (_, number) => make(number, today));
  return [
    ...times(40, dwelling), ...times(120, person), ...times(120, livesIn), ...times(40, household), ...times(2, situation), ...times(2, concerns),
    plan(today), ...cases(today), ...notices(today),
    { what: 'proposal', id: madeUpId(9, 1), version: 1, record: madeUpId(2, 9), values: { phone: '13800009999' }, why: '办公室同时改了这一项', state: 'open' },
  ];
}

function box(west: number, south: number, east: number, north: number, properties: Record<string, string>): GeoJSON.Feature {
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
}

export function madeUpMap(): MapData {
  const [lon, lat] = CENTRE;
  const around = [-1, 1].map((side) => box(lon + side * 0.002 - 0.001, lat - 0.001, lon + side * 0.002 + 0.001, lat + 0.001, { name: side < 0 ? '西网格' : '东网格' }));
  return {
    grids: { type: 'FeatureCollection', features: [box(lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001, { code: GRID, name: '中山社区第一网格' })] },
    around: { type: 'FeatureCollection', features: around },
    bounds: [lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001],
  };
}
