import { DomainError } from '../../domain/errors.ts';
import type { OutgoingMessage } from '../ports.ts';

/** A template as a provider approved it. */
export interface VendorTemplate {
  /** The provider's own id of it. */
  readonly id: string;
  /** The names of our parameters that it uses, in the order of its variables. Others are not sent. */
  readonly params: readonly string[];
}

/** The provider's templates by the `templateCode` of the template files, which is one a language. */
export type VendorTemplates = Readonly<Record<string, VendorTemplate>>;

/** A template filled in for one message. */
export interface FilledTemplate {
  readonly id: string;
  /** Name and value, in the order of the template's variables. */
  readonly values: readonly (readonly [name: string, value: string])[];
}

/**
 * The provider's template of a message with its values.
 * @throws DomainError CONFIG_INVALID when the provider has no such template; TEMPLATE_PARAM_MISSING.
 */
export function fillTemplate(templates: VendorTemplates, { templateCode, params }: OutgoingMessage): FilledTemplate {
  const template = Object.hasOwn(templates, templateCode) ? templates[templateCode] : undefined;
  if (template === undefined) {
    throw new DomainError('CONFIG_INVALID', `The SMS provider is not told its id of the template ${templateCode}.`, {
      templateCode,
    });
  }
  const values = template.params.map((name) => {
    const value = params[name];
    if (value === undefined) {
      throw new DomainError('TEMPLATE_PARAM_MISSING', `The template ${templateCode} wants "${name}".`, {
        templateCode,
      });
    }
    return [name, value] as const;
  });
  return { id: template.id, values };
}
