import Bowser from 'bowser';

/** What a browser says it is, as a person would: `Firefox on Linux`. Only a hint: it is the client's own word. */
export function deviceWords(userAgent: string | null): string {
  if (userAgent === null || userAgent.trim() === '') return 'An unknown device';
  const { browser, os } = Bowser.parse(userAgent);
  if (!browser.name) return 'A script or an unknown browser';
  return os.name ? `${browser.name} on ${os.name}` : browser.name;
}
