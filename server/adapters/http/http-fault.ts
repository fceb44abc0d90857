export type HttpFaultCode =
  | 'address_refused'
  | 'dns_failed'
  | 'connection_failed'
  | 'tls_failed'
  | 'timeout'
  | 'aborted'
  | 'redirect_refused'
  | 'answer_invalid'
  | 'encoding_refused';

/** Why a call did not end with an answer. `sent` is true as soon as bytes may have reached the service. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';
  constructor(
    readonly code: HttpFaultCode,
    message: string,
    readonly sent: boolean,
  ) {
    super(message);
  }
}
