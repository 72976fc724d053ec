import type { Draft } from '../../domain/strategy-fault.ts';
import type { PolicyValue } from '../policy-value.ts';
import { CONDITIONS, type Condition } from '../providers/allowed-uses.ts';
import type { VendorTemplates } from '../providers/vendor-template.ts';
import type { Terms } from './settings.ts';

const CONDITION_IDS = Object.keys(CONDITIONS) as Condition[];

/** Reads what the operator says about the use of a cloud service. */
export function readTerms({
  destinations,
  confirmed,
}: Readonly<Record<'destinations' | 'confirmed', PolicyValue>>): Draft<Terms> {
  const isCountry = (given: unknown) => (typeof given === 'string' && /^[A-Z]{2}$/.test(given) ? given : undefined);
  const countries = destinations.items('TW')?.map((each) => each.scalar('a country (ISO 3166)', isCountry));
  return {
    ...(countries !== undefined && countries.length > 0 && { destinations: countries }),
    confirmed: confirmed.items('provider-agreed')?.map((each) => each.oneOf('a condition', CONDITION_IDS)) ?? [],
  };
}

/** The service's templates by our template codes. */
export function readTemplates(value: PolicyValue): Draft<VendorTemplates> {
  const entries = value.entries('the table of templates', { OVERDUE_FIRST_ZH: '{ id: ..., params: [...] }' });
  return Object.fromEntries(
    entries.map(({ key, value: template }) => {
      const { id, params } = template.fields('a template of the provider', {
        id: "'1234'",
        params: '[total, hotline]',
      });
      return [key, { id: id.text(), params: params.items('total')?.map((name) => name.text()) }];
    }),
  );
}

/** An http or https address. */
export function readUrl(value: PolicyValue): string | undefined {
  return value.scalar('an http or https address', (given) =>
    typeof given === 'string' && URL.canParse(given) && /^https?:$/.test(new URL(given).protocol) ? given : undefined,
  );
}

/** A number in E.164; without its quotes YAML takes it for a sum. */
export function readNumber(value: PolicyValue): string | undefined {
  return value.scalar('a number in E.164, in quotes', (given) =>
    typeof given === 'string' && /^\+[1-9]\d{6,14}$/.test(given) ? given : undefined,
  );
}

/** One optional field: left out when it is not given, as exact types want it. */
export function given<Name extends string, T>(name: Name, value: T | undefined): { readonly [Key in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: T });
}
