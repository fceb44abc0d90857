const WORDS: Readonly<Record<string, string>> = {
  unauthenticated: 'The e-mail address or the password is wrong. Check both and try again.',
  forbidden:
    'You cannot sign in with this account: it is disabled, or its address is not verified. Ask an owner of your workspace.',
  not_entitled: 'You have no role here yet. Ask an owner of your workspace to give you one.',
  person_unknown:
    'Nobody with this e-mail address is in this workspace. Ask an owner to invite you, or use another account.',
  unavailable: 'Holdpoint cannot sign you in right now. Try again in a few seconds.',
  unreachable: 'Holdpoint cannot be reached. Check your connection and try again.',
  cookies: 'Your browser did not keep our cookie. Allow cookies for this site and try again.',
  AccessDenied: 'You were not let in. Ask an owner of your workspace to invite you.',
};

/** What a word from sign-in means to a person and what to do. An unknown word says no more than that it did not work. */
export function signInWords(word: string, now: Date = new Date()): string {
  const limited = /^rate_limited\.(\d{1,6})$/.exec(word);
  if (limited?.[1] !== undefined) {
    const minutes = Math.max(1, Math.ceil(Number(limited[1]) / 60));
    const at = new Date(now.getTime() + Number(limited[1]) * 1000);
    const time = at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
    return `Too many attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, at ${time}.`;
  }
  return Object.hasOwn(WORDS, word)
    ? (WORDS[word] ?? '')
    : 'Signing in did not work. Try again, or use another way to sign in.';
}
