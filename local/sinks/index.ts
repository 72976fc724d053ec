import { join } from 'node:path';
import type { ReceiptOptions } from './gateway-receipts.ts';
import { type GatewaySink, startGatewaySink } from './gateway-sink.ts';
import type { GatewayMessage } from './gateway-store.ts';
import { renderPage } from './page.ts';
import { type Mail, type SmtpSink, startSmtpSink } from './smtp-sink.ts';

export interface SinksOptions {
  /** Where `sms-and-push.jsonl` and `mails.jsonl` go. */
  readonly dataDir: string;
  /** Free ones unless given. */
  readonly gatewayPort?: number;
  readonly smtpPort?: number;
  /** Bearer token that the gateway asks for; none unless given. */
  readonly token?: string;
  /** Receipts of what the gateway takes; none unless given. */
  readonly receipts?: ReceiptOptions;
  /** The text of a template for the page. */
  readonly renderText?: (message: GatewayMessage) => string | undefined;
}

export interface Sinks {
  /** Base URL of the HTTP gateway, for SMS and push. */
  readonly smsGatewayUrl: string;
  readonly smtpUrl: string;
  /** A page for people: what was sent. `/mails` beside it lists the e-mails. */
  readonly pageUrl: string;
  readonly gateway: GatewaySink;
  readonly smtp: SmtpSink;
  stop(): Promise<void>;
}

/**
 * Starts the gateway and the mail server that the local stack sends to.
 * @throws DomainError PORT_IN_USE or OUTPUT_UNWRITABLE; nothing keeps running then.
 */
export async function startSinks(options: SinksOptions): Promise<Sinks> {
  const { dataDir, gatewayPort, smtpPort, token, receipts, renderText } = options;
  const smtp = await startSmtpSink({
    logFile: join(dataDir, 'mails.jsonl'),
    ...(smtpPort === undefined ? {} : { port: smtpPort }),
  });
  const startGateway = startGatewaySink({
    logFile: join(dataDir, 'sms-and-push.jsonl'),
    pages: { '/mails': { title: 'Mails sent', render: () => mailPage(smtp.messages()) } },
    ...(gatewayPort === undefined ? {} : { port: gatewayPort }),
    ...(token === undefined ? {} : { token }),
    ...(receipts === undefined ? {} : { receipts }),
    ...(renderText === undefined ? {} : { renderText }),
  });
  const gateway = await startGateway.catch(async (error: unknown) => {
    await smtp.stop();
    throw error;
  });
  return {
    smsGatewayUrl: gateway.url,
    smtpUrl: smtp.url,
    pageUrl: `${gateway.url}/`,
    gateway,
    smtp,
    stop: async () => {
      await Promise.all([gateway.stop(), smtp.stop()]);
    },
  };
}

function mailPage(mails: readonly Mail[]): string {
  const items = mails.map(({ no, at, key, to, subject, text }) => {
    return { no, at, key, channel: 'email', to, title: subject, text };
  });
  return renderPage({ title: 'Mails sent', items, links: { 'Messages sent': '/' } });
}
