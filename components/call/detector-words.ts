const WORDS: Readonly<Record<string, { one: string; many: string }>> = {
  email: { one: 'e-mail address', many: 'e-mail addresses' },
  phone: { one: 'phone number', many: 'phone numbers' },
  payment_card: { one: 'payment card', many: 'payment cards' },
  iban: { one: 'IBAN', many: 'IBANs' },
  national_id: { one: 'national id', many: 'national ids' },
  secret: { one: 'secret', many: 'secrets' },
};

/** What a detector finds, in words: `national_id.no` and `secret.aws` by their family. */
export const detectorWords = (detector: string): { one: string; many: string } =>
  WORDS[detector.split('.')[0] ?? ''] ?? { one: detector, many: detector };
