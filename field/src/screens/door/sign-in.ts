/** The platform's own page for signing in, and from there back to the app. */
export const signInAddress = (): string => `/account/login/?next=${encodeURIComponent('/field/')}`;
