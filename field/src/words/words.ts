import { en } from './en.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

/** The shape of the words: every language must have each of them, or tsc says which is missing. */
type Same<T> = { [K in keyof T]: T[K] extends string ? string : T[K] extends readonly string[] ? readonly string[] : T[K] extends (...given: infer G) => string ? (...given: G) => string : Same<T[K]> };
export type Words = Same<typeof en>;

export type Language = 'zh-hans' | 'zh-hant' | 'en';

export const LANGUAGES: Record<Language, string> = { 'zh-hans': '简体中文', 'zh-hant': '繁體中文', en: 'English' };
export const WORDS: Record<Language, Words> = { 'zh-hans': zhHans, 'zh-hant': zhHant, en };

const KEY = 'citong-language';
const isLanguage = (value: string | null | undefined): value is Language => value !== null && value !== undefined && value in LANGUAGES;

/** The language chosen on this phone, else the account's, else the browser's; Chinese where none of them is ours. */
export function chosen(account?: string): Language {
  const kept = localStorage.getItem(KEY);
  if (isLanguage(kept)) return kept;
  if (isLanguage(account?.toLowerCase())) return account.toLowerCase() as Language;
  const browser = navigator.language.toLowerCase();
  if (browser.startsWith('en')) return 'en';
  return /hant|tw|hk|mo/.test(browser) ? 'zh-hant' : 'zh-hans';
}

export function keep(language: Language): void {
  localStorage.setItem(KEY, language);
}
