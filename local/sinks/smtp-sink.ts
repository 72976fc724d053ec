import { setTimeout as pause } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { openJsonlLog } from './jsonl-log.ts';
import { listenOnLoopback, LOOPBACK } from './listen.ts';
import { createScript, type ScriptEntry } from './script.ts';

/** A mail that the server took. */
export interface Mail {
  /** 1 for the first mail. */
  readonly no: number;
  /** When it was taken: ISO 8601 UTC by the machine's clock. */
  readonly at: string;
  /** Of the header X-Kept-Key; empty without one. */
  readonly key: string;
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One recipient or one mail, as a script sees it. */
export interface SmtpSeen {
  readonly to: string;
  /** Known with the content only; empty at the recipient. */
  readonly key: string;
  /** 1 for the first time of this recipient or, with the content, of this key. */
  readonly attempt: number;
}

/** What the server does wrong with a recipient, before the content is sent. */
export type RecipientFault =
  /** Waits, then behaves. */
  | { readonly do: 'delay'; readonly ms: number }
  /** Refuses with the reply code: 451 is a greylist, 550 a mailbox that does not exist. */
  | { readonly do: 'refuse'; readonly code: number; readonly text?: string }
  /** Ends the connection without a reply. */
  | { readonly do: 'drop' };

/** What the server does wrong after it got the content. */
export type ContentFault =
  | { readonly do: 'delay'; readonly ms: number }
  /** Refuses with the reply code and keeps nothing. */
  | { readonly do: 'refuse'; readonly code: number; readonly text?: string }
  /** Keeps nothing and ends the connection without a reply. */
  | { readonly do: 'drop' }
  /** Keeps the mail and ends the connection without a reply. */
  | { readonly do: 'acceptThenDrop' }
  /** Keeps the mail and replies late. */
  | { readonly do: 'acceptThenDelay'; readonly ms: number };

export interface SmtpSinkOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** JSON Lines, appended: one mail a line. */
  readonly logFile?: string;
  /** Faults for mails whose content has arrived. */
  readonly script?: readonly ScriptEntry<SmtpSeen, ContentFault>[];
}

export interface SmtpSink {
  /** `smtp://127.0.0.1:port`, without authentication and TLS. */
  readonly url: string;
  /** What was taken, in order. */
  messages(): readonly Mail[];
  /** Adds faults for mails whose content has arrived. */
  script(...entries: ScriptEntry<SmtpSeen, ContentFault>[]): void;
  /** Adds faults for recipients. */
  scriptRecipients(...entries: ScriptEntry<SmtpSeen, RecipientFault>[]): void;
  /** Forgets every fault. */
  behave(): void;
  stop(): Promise<void>;
}

const MAIL_LIMIT_BYTES = 1024 * 1024;

/**
 * A real mail server on loopback that keeps what it gets and delivers nothing.
 * @throws DomainError PORT_IN_USE or OUTPUT_UNWRITABLE.
 */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const log = openJsonlLog(options.logFile);
  const mails: Mail[] = [];
  const contents = createScript(options.script);
  const recipients = createScript<SmtpSeen, RecipientFault>();
  const attempts = new Map<string, number>();
  const stopped = new AbortController();

  function attemptOf(what: string): number {
    const attempt = (attempts.get(what) ?? 0) + 1;
    attempts.set(what, attempt);
    return attempt;
  }

  async function onRecipient(to: string, session: SMTPServerSession): Promise<void> {
    const fault = recipients.next({ to, key: '', attempt: attemptOf(`to ${to}`) });
    if (fault?.do === 'delay') await pause(fault.ms, undefined, { signal: stopped.signal });
    if (fault?.do === 'refuse') throw refusal(fault.code, fault.text);
    if (fault?.do === 'drop') drop(session);
  }

  async function onContent(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const mail = await parseMail(stream, session);
    const fault = contents.next({ to: mail.to, key: mail.key, attempt: attemptOf(`key ${mail.key}`) });
    if (fault?.do === 'delay') await pause(fault.ms, undefined, { signal: stopped.signal });
    if (fault?.do === 'refuse') throw refusal(fault.code, fault.text);
    if (fault?.do === 'drop') return drop(session);
    const kept: Mail = { no: mails.length + 1, at: new Date().toISOString(), ...mail };
    log.append(kept);
    mails.push(kept);
    if (fault?.do === 'acceptThenDrop') drop(session);
    if (fault?.do === 'acceptThenDelay') await pause(fault.ms, undefined, { signal: stopped.signal });
  }

  function drop(session: SMTPServerSession): void {
    for (const connection of server.connections) {
      if (connection.session.id === session.id) connection._socket.destroy();
    }
  }

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAIL_LIMIT_BYTES,
    rejectOversized: true,
    closeTimeout: 50,
    onRcptTo: ({ address }, session, done) => {
      onRecipient(address, session).then(() => done(), done);
    },
    onData: (stream, session, done) => {
      onContent(stream, session).then(() => done(), done);
    },
  });
  // A client that goes away is no failure of the server.
  server.on('error', () => undefined);
  const port = await listenOnLoopback(server.server, options.port ?? 0).catch((error: unknown) => {
    log.close();
    throw error;
  });
  return {
    url: `smtp://${LOOPBACK}:${port}`,
    messages: () => mails,
    script: (...entries) => contents.add(entries),
    scriptRecipients: (...entries) => recipients.add(entries),
    behave: () => {
      contents.clear();
      recipients.clear();
    },
    stop: async () => {
      stopped.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of server.connections) connection._socket.destroy();
      await closed;
      log.close();
    },
  };
}

async function parseMail(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Omit<Mail, 'no' | 'at'>> {
  const parsed = await simpleParser(stream, { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true });
  const key = parsed.headers.get('x-kept-key');
  const { mailFrom, rcptTo } = session.envelope;
  return {
    key: typeof key === 'string' ? key : '',
    messageId: parsed.messageId ?? '',
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address).join(', '),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: typeof parsed.html === 'string' ? parsed.html : '',
  };
}

function refusal(code: number, text: string | undefined): Error {
  return Object.assign(new Error(text ?? (code < 500 ? 'Try again later' : 'Refused')), { responseCode: code });
}
