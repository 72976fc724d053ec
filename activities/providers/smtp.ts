import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import { DomainError } from '../../domain/errors.ts';
import type { ChannelProvider, Delivery, OutgoingMessage } from '../ports.ts';
import { deliveryOfFailure } from './smtp-failure.ts';

export interface SmtpOptions {
  /** `smtp://user:password@host:port` (STARTTLS when offered, always with `?requireTLS=true`) or `smtps://…`. */
  readonly url: string;
  /** The sender: `name@domain` or `Name <name@domain>`. The domain also ends the Message-IDs. */
  readonly from: string;
  /** The longest a mail may take, waiting for a free connection included. */
  readonly timeoutMs: number;
  /** Connections that the pool opens at most; 5 unless given. */
  readonly maxConnections?: number;
}

/** A provider whose connections have to be closed. */
export interface SmtpProvider extends ChannelProvider {
  /** Ends the pool at once; a mail under way fails as its phase allows. */
  close(): void;
}

/** One mailbox and nothing that could start a second one or a header. */
const MAILBOX = /^[^\s,;:<>()"]+@[^\s,;:<>()"@]+$/;

/**
 * A provider of e-mail over SMTP.
 *
 * What `send` makes of a failure turns on one instant, the first byte of the mail's content, which goes out only
 * after the server has agreed to take it:
 * 1. Before it nothing was taken: PROVIDER_UNREACHABLE with `taken` `no`; a refusal of the recipient for good (5xx)
 *    is `rejected`.
 * 2. After it only a reply decides: 4xx is PROVIDER_UNREACHABLE, 5xx is `rejected`. A lost connection or a timeout
 *    is `unknown`, because SMTP cannot be asked, and no second mail may follow.
 *
 * @throws DomainError CONFIG_INVALID when the URL or the sender cannot be used.
 */
export function createSmtpProvider(options: SmtpOptions): SmtpProvider {
  const domain = /@([^\s<>@]+)>?\s*$/.exec(options.from)?.[1];
  if (domain === undefined) throw new DomainError('CONFIG_INVALID', 'The sender of mails has no domain.');
  const transport = createTransport({
    pool: true,
    ...serverOf(options.url),
    maxConnections: options.maxConnections ?? 5,
    // The pool would hand a mail to a second connection when the first one breaks. Only the caller may do that.
    maxRequeues: 0,
    dnsTimeout: options.timeoutMs,
    connectionTimeout: options.timeoutMs,
    greetingTimeout: options.timeoutMs,
    socketTimeout: options.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transport.use('stream', (mail, done) => {
    const { onContent } = mail.data as { onContent?: () => void };
    if (onContent !== undefined) mail.message.processFunc((content) => reportFirstRead(content, onContent));
    done();
  });

  async function send(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    if (!MAILBOX.test(message.to)) return { result: 'rejected', reason: 'addressInvalid' };
    const timeout = AbortSignal.timeout(options.timeoutMs);
    let contentBegun = false;
    const mail = {
      from: options.from,
      to: { name: '', address: message.to },
      messageId: messageIdOf(message.key, domain ?? ''),
      headers: { 'X-Kept-Key': message.key },
      subject: message.subject ?? '',
      text: message.text,
      ...(message.html === undefined ? {} : { html: message.html }),
      signal: AbortSignal.any([signal, timeout]),
      onContent: () => {
        contentBegun = true;
      },
    };
    try {
      const info = await transport.sendMail(mail);
      return { result: 'accepted', providerRef: info.serverMessageId ?? mail.messageId };
    } catch (error) {
      return deliveryOfFailure(error, { contentBegun, cancelled: signal.aborted });
    }
  }

  return {
    send,
    lookUp: async () => ({ result: 'unknown', reason: 'smtpCannotBeAsked' }),
    close: () => transport.close({ force: true }),
  };
}

/** The Message-ID of a key: the same key gives the same id for ever, and the id does not show the key. */
export function messageIdOf(key: string, domain: string): string {
  return `<${createHash('sha256').update(key).digest('hex')}@${domain}>`;
}

/** The same bytes; `onFirstRead` is called when the first of them is about to go to the server. */
function reportFirstRead(content: Readable, onFirstRead: () => void): Readable {
  async function* report(): AsyncGenerator<Buffer> {
    onFirstRead();
    yield* content;
  }
  return Readable.from(report(), { objectMode: false });
}

function serverOf(address: string) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new DomainError('CONFIG_INVALID', 'The address of the mail server is not an smtp or smtps URL.');
  }
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: url.searchParams.get('requireTLS') === 'true',
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
  };
}
