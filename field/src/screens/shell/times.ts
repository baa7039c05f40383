import { useMemo } from 'preact/hooks';
import type { Language, Words } from '../../words/words.ts';
import { useApp } from './context.ts';

const DAY = 86_400_000;
export const LOCALES: Record<Language, string> = { 'zh-hans': 'zh-Hans-CN', 'zh-hant': 'zh-Hant-TW', en: 'en-GB' };

const pad = (n: number): string => String(n).padStart(2, '0');
export const dayOf = (at: Date): string => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
export const today = (): string => dayOf(new Date());

/** Whole days from today to the day; below zero it is past. */
export function daysTo(day: string): number {
  return Math.round((Date.parse(`${day.slice(0, 10)}T00:00:00Z`) - Date.parse(`${today()}T00:00:00Z`)) / DAY);
}

export function ago(at: Date, w: Words): string {
  const minutes = Math.max(0, Math.floor((Date.now() - at.getTime()) / 60_000));
  if (minutes < 60) return w.times.minutes(minutes);
  if (minutes < 48 * 60) return w.times.hours(Math.floor(minutes / 60));
  return w.times.days(Math.floor(minutes / 1440));
}

/** Until a day, in words. */
export function dueWords(day: string, w: Words): string {
  const days = daysTo(day);
  return days < 0 ? w.times.late(-days) : days === 0 ? w.times.dueToday : w.times.due(days);
}

/** How the language of the app writes days and moments. */
export function useTimes() {
  const { language, words: w } = useApp();
  return useMemo(() => {
    const locale = LOCALES[language];
    const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false });
    const dayAndMonth = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
    const whole = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' });
    const day = (value: string | Date): string => {
      const at = typeof value === 'string' && value.length === 10 ? new Date(`${value}T00:00:00`) : new Date(value);
      if (Number.isNaN(at.getTime())) return String(value);
      return (at.getFullYear() === new Date().getFullYear() ? dayAndMonth : whole).format(at);
    };
    const moment = (value: string | Date): string => {
      const at = new Date(value);
      const days = daysTo(dayOf(at));
      const name = days === 0 ? w.times.today : days === -1 ? w.times.yesterday : day(at);
      return `${name} ${clock.format(at)}`;
    };
    return { day, moment };
  }, [language, w]);
}
