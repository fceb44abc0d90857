import { expect, test } from 'vitest';
import { readIdentityProviders } from './identity-providers';

const okta = {
  id: 'okta',
  name: 'Okta',
  issuer: 'https://x.okta.com',
  clientId: 'a',
  clientSecret: 'top secret',
};

test('no setting means passwords only', () => {
  expect(readIdentityProviders(undefined)).toEqual([]);
  expect(readIdentityProviders(' ')).toEqual([]);
});

test('providers are read as they are written', () => {
  expect(readIdentityProviders(JSON.stringify([okta]))).toEqual([okta]);
});

test.each([
  ['no JSON', 'okta', 'not valid JSON'],
  ['no secret', JSON.stringify([{ ...okta, clientSecret: undefined }]), 'clientSecret'],
  ['an issuer that is no address', JSON.stringify([{ ...okta, issuer: 'okta' }]), 'issuer'],
  ['two of one id', JSON.stringify([okta, okta]), 'ids must differ'],
  ['the id of passwords', JSON.stringify([{ ...okta, id: 'credentials' }]), 'taken by passwords'],
])('%s is one sentence that names the place and never quotes a secret', (_, json, words) => {
  const read = () => readIdentityProviders(json);
  expect(read).toThrow(words);
  expect(read).not.toThrow('top secret');
});
