import type { HandedOver } from '../activities/providers/sms-vendor.ts';
import type { Database } from '../db/client.ts';
import { recipientOf } from '../db/queries/recipient-of.ts';
import { DomainError } from '../domain/errors.ts';
import type { ContactIntent } from '../domain/next-action.ts';
import type { Channel } from '../domain/strategy.ts';
import type { MessageFacts, Composed } from '../activities/dependencies.ts';

type Compose = (intent: Pick<ContactIntent, 'template' | 'channel'>, facts: MessageFacts) => Composed;

/**
 * Tells an adapter where the message of a key went, from the ledger. Texts are not kept: the text is filled in again
 * from what it was filled in from. When the loan has changed since, or a template cannot be filled in any more, there is
 * none; when a template was edited, it is another one, and nothing is found by it.
 */
export function handedOverOf(db: Database, compose: Compose): (key: string) => Promise<HandedOver | undefined> {
  return async (key) => {
    const found = await recipientOf(db, key);
    if (found === undefined) return undefined;
    const { to, reservedAt, channel, template, at, loan } = found;
    const text =
      loan === null ? undefined : textOf(() => compose({ template, channel: channel as Channel }, { ...loan, at }));
    return { to, at: reservedAt, ...(text === undefined ? {} : { text }) };
  };
}

function textOf(compose: () => Composed): string | undefined {
  try {
    return compose().text;
  } catch (error) {
    // A template that is gone: without the text the provider says that it cannot tell, and a person looks.
    if (error instanceof DomainError && error.code.startsWith('TEMPLATE_')) return undefined;
    throw error;
  }
}
