import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { PresenceKeys } from '@/server/domain/ports';
import type { KeptPasskey } from '@/server/domain/presence';

const toDescriptor = ({ id, transports }: Pick<KeptPasskey, 'id' | 'transports'>) => ({
  id,
  transports: transports as AuthenticatorTransport[],
});

/** Passkeys by WebAuthn, for the address people open Holdpoint at. The person is verified each time: a key that is only touched proves nobody. */
export function createPresenceKeys(url: string): PresenceKeys {
  const { hostname: rpID, origin } = new URL(url);
  return {
    registrationOptions: ({ email, name, known, challenge }) =>
      generateRegistrationOptions({
        rpName: 'Holdpoint',
        rpID,
        userName: email,
        userDisplayName: name,
        challenge: new Uint8Array(challenge),
        attestationType: 'none',
        excludeCredentials: known.map(toDescriptor),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      }),
    async verifyRegistration(response, challenge) {
      try {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response: response as RegistrationResponseJSON,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: rpID,
          requireUserVerification: true,
        });
        if (!verified || !registrationInfo) return null;
        const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
        return { id, publicKey, counter, transports: [...transports] };
      } catch {
        return null;
      }
    },
    assertionOptions: ({ known, challenge }) =>
      generateAuthenticationOptions({
        rpID,
        challenge: new Uint8Array(challenge),
        allowCredentials: known.map(toDescriptor),
        userVerification: 'required',
      }),
    async verifyAssertion(response, challenge, passkey) {
      try {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response: response as AuthenticationResponseJSON,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: rpID,
          requireUserVerification: true,
          credential: {
            id: passkey.id,
            publicKey: new Uint8Array(passkey.publicKey),
            counter: passkey.counter,
            transports: passkey.transports as AuthenticatorTransport[],
          },
        });
        return verified ? { counter: authenticationInfo.newCounter } : null;
      } catch {
        return null;
      }
    },
  };
}
