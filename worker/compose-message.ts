import type { Composed, MessageFacts } from '../activities/dependencies.ts';
import { messageParams } from '../activities/message-params.ts';
import { type Templates, render } from '../activities/templates.ts';
import { localDateOf } from '../domain/calendar.ts';
import type { ContactIntent } from '../domain/next-action.ts';

/** Fills in the texts of a contact, itemised as of the day of sending in the debtor's zone. @throws TEMPLATE_UNKNOWN */
export function composeMessage(
  templates: Templates,
): (intent: Pick<ContactIntent, 'template' | 'channel'>, facts: MessageFacts) => Composed {
  return ({ template, channel }, { statement, due, at, agreed }) => {
    const { loanRef, product, currency, dueOn, debtor } = statement;
    const { language, zone } = debtor;
    const facts = { loanRef, product, currency, due, dueOn, asOfOn: localDateOf(at, zone), agreed };
    return render(templates, {
      template,
      channel,
      language,
      params: messageParams(templates, { template, language, facts }),
    });
  };
}
