/** Names that usually hold a kind of data. The order matters: the more guarded class is asked first. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [
    /pass(word|wd|phrase)?(_|$)|passwd|secret|api_?key|token|private_?key|credential|(^|_)(salt|pin|otp|hash|hashed_pw)($|_)|session_id/,
    'credential',
  ],
  [/diagnos|medica|prescri|allerg|blood|health|disabilit|sick|patient|symptom|treatment/, 'health'],
  [
    /salar|(^|_)wage|payroll|(^|_)pay($|_)|income|bonus|compensation|iban|bic($|_)|account_?(no|num)|card|cvv|(^|_)(tax|vat)|balance|amount|price|invoice|credit|total|cost/,
    'financial',
  ],
  [
    /e_?mail|phone|mobile|(^|_)fax|(first|last|full|middle|sur|maiden|given|family|user|nick)_?name|^name$|birth|(^|_)dob|gender|nationalit|passport|ssn|social_security|national_id|address|street|(^|_)(zip|postal|postcode)|(^|_)ip($|_)|latitude|longitude|picture|photo/,
    'personal',
  ],
  [
    /(^|_)(id|created|updated|modified|deleted)(_at|_on|_by)?$|_id$|last_update|status|kind|type|count|quantity|position|version/,
    'internal',
  ],
];

/** What a column probably holds, by its name; null when the name says nothing. Nobody has accepted it yet. */
export function suggestClass(table: string, column: string): string | null {
  const name = column.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  for (const [pattern, suggestion] of BY_NAME) if (pattern.test(name)) return suggestion;
  return /token|credential|secret/i.test(table) ? 'credential' : null;
}
