import { DomainError } from '../../domain/errors.ts';

/** What is known about a message whose hand-over failed. */
export interface Unreachable {
  readonly provider: 'gateway' | 'smtp';
  /** What happened, as a short code without addresses or texts, such as `timeout` or `ECONNREFUSED`. */
  readonly why: string;
  /**
   * `no`: the provider cannot have the message. `perhaps`: it may have it, but sending again under the same key
   * makes no second message, because the provider knows keys.
   */
  readonly taken: 'no' | 'perhaps';
  /** The HTTP status or SMTP reply code, when there was one. */
  readonly status?: number | undefined;
  /** How long the provider asked to be left alone, when it said so. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * The one failure after which the same message may be sent again under the same key.
 * @returns DomainError PROVIDER_UNREACHABLE; `details` holds `provider`, `why`, `taken` and, when known, `status`
 * and `retryAfterMs`.
 */
export function unreachable(what: Unreachable): DomainError {
  const name = what.provider === 'gateway' ? 'The message gateway' : 'The mail server';
  return unreachableError(`${name} ${what.taken === 'no' ? 'did not take' : 'did not confirm'}`, what);
}

/** The failure with its details; `saying` is who did what not, to which the message and the reason are added. */
export function unreachableError(
  saying: string,
  { provider, why, taken, status, retryAfterMs }: Omit<Unreachable, 'provider'> & { readonly provider: string },
): DomainError {
  const code = status === undefined ? '' : ` (${status})`;
  return new DomainError('PROVIDER_UNREACHABLE', `${saying} the message: ${why}${code}.`, {
    provider,
    why,
    taken,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const CODE = /^[A-Za-z0-9_.-]{1,64}$/;

/** A reason of the provider as a code; anything that is not one could hold an address or a text and is left out. */
export function reasonCode(reason: unknown, otherwise: string): string {
  return typeof reason === 'string' && CODE.test(reason) ? reason : otherwise;
}
