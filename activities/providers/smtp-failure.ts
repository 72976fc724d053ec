import type { Delivery } from '../ports.ts';
import { unreachable } from './unreachable.ts';

/** The parts of a mail client's error that hold no addresses and no texts, except `response`. */
interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

export interface SmtpPhase {
  readonly contentBegun: boolean;
  readonly cancelled: boolean;
}

/**
 * What became of a mail whose sending failed, by the phase it had reached.
 * @param phase.contentBegun whether the first byte of the content may have gone to the server.
 * @param phase.cancelled whether the caller has called it off.
 * @returns `rejected` for a refusal for good of the recipient or the content, `unknown` when the content may have
 * been taken and no reply says otherwise.
 * @throws DomainError PROVIDER_UNREACHABLE with `taken` `no` for everything else.
 */
export function deliveryOfFailure(error: unknown, phase: SmtpPhase): Delivery {
  const { code, command, responseCode, response } = partsOf(error);
  const aboutThisMail = command === 'RCPT TO' || command === 'DATA';
  if (responseCode !== undefined && responseCode >= 500 && responseCode !== 503 && aboutThisMail) {
    return { result: 'rejected', reason: replyCode(responseCode, response) };
  }
  // Only a reply to the content itself says that the server does not have it.
  const refusedContent = code === 'EMESSAGE' && responseCode !== undefined;
  if (phase.contentBegun && !refusedContent) {
    return { result: 'unknown', reason: whyOf(code, phase) };
  }
  throw unreachable({ provider: 'smtp', why: whyOf(code, phase, responseCode), taken: 'no', status: responseCode });
}

function whyOf(code: string | undefined, phase: SmtpPhase, responseCode?: number): string {
  switch (code) {
    case 'EABORT':
      return phase.cancelled ? 'cancelled' : 'timeout';
    case 'ETIMEDOUT':
      return 'timeout';
    case 'ECONNECTION':
    case 'ESOCKET':
      // A server may say 421 and hang up before the reply is matched to its command.
      return responseCode === undefined ? 'connectionLost' : 'refused';
    case 'EDNS':
      return 'hostUnknown';
    case 'EAUTH':
    case 'ENOAUTH':
      return 'loginRefused';
    case 'ETLS':
      return 'tlsFailed';
    case 'EENVELOPE':
    case 'EMESSAGE':
      return 'refused';
    default:
      return 'failed';
  }
}

/** `smtp-550` or, with the server's enhanced code, `smtp-550-5.1.1`; the words of a reply may hold the address. */
function replyCode(responseCode: number, response: string | undefined): string {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  return enhanced === undefined ? `smtp-${responseCode}` : `smtp-${responseCode}-${enhanced}`;
}

function partsOf(error: unknown): SmtpError {
  if (typeof error !== 'object' || error === null) return {};
  const { code, command, responseCode, response } = error as Record<string, unknown>;
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof command === 'string' ? { command } : {}),
    ...(typeof responseCode === 'number' ? { responseCode } : {}),
    ...(typeof response === 'string' ? { response } : {}),
  };
}
