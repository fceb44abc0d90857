import { describe, expect, it } from 'vitest';
import type { Footprint } from './footprint';
import { maskFindings } from './mask-findings';
import type { OriginFact } from './origins';

const args = { to: 'ana@acme.com', body: 'Card 4111 1111 1111 1111, call Ana.', 'a/b': [{ pin: 4200 }] };
const footprint: Footprint = {
  version: 1,
  items: [],
  unknowns: [],
  subjects: null,
  method: 'declared',
  readOnly: false,
  measuredAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  payload: {
    classes: [{ class: 'financial', from: 'scan' }],
    findings: [
      { pointer: '/body', start: 5, end: 24, class: 'financial', detector: 'payment_card' },
      { pointer: '/a~1b/0/pin', start: 0, end: 4, class: 'health', detector: 'x' },
    ],
    truncated: false,
  },
  request: {
    method: 'POST',
    url: 'https://x.example/pay?card=4111%201111%201111%201111',
    headers: [],
    contentType: null,
    operation: 'pay',
    operationId: 'pay',
    summary: 'Pays',
    etag: null,
  },
};
const origin: OriginFact = {
  pointer: '/body',
  value: '4111 1111',
  role: 'content',
  start: 5,
  end: 14,
  origin: 'nowhere',
  detail: '',
  trusted: false,
  alarming: false,
};
const seen = { args, origins: [origin], footprint };
const none = new Set<string>();

describe('what scanning found in a call', () => {
  it('is covered wherever the call is shown, character by character, for who may not see its class', () => {
    const masked = maskFindings(seen, { clearances: ['internal'], revealed: none });
    expect(masked.args).toEqual({
      to: 'ana@acme.com',
      body: 'Card •••••••••••••••••••, call Ana.',
      'a/b': [{ pin: '••••' }],
    });
    expect(masked.origins[0]?.value).toBe('•••••••••');
    expect(masked.footprint?.request?.url).toBe('https://x.example/pay?card=•••••••••••••••••••');
    expect(JSON.stringify(masked)).not.toContain('4111');
    expect(args.body).toContain('4111');
  });

  it('is shown to who may see it, and of a class to be revealed only once it is', () => {
    const clearances = ['financial', 'health'];
    expect(maskFindings(seen, { clearances, revealed: none }).args).toMatchObject({
      body: args.body,
      'a/b': [{ pin: '••••' }],
    });
    expect(maskFindings(seen, { clearances, revealed: new Set(['health']) }).args).toEqual(args);
  });
});
