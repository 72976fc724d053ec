import { CHANNELS, type Channel, type Strategy } from '../../domain/strategy.ts';
import type { PolicyFile } from '../policy-file.ts';
import { openPolicyFile } from '../policy-file.ts';
import { checkAllowedUses } from '../providers/allowed-uses.ts';
import type { Templates } from '../templates.ts';
import { readProvider } from './read-provider.ts';
import type { ChannelSettings, ProviderSettings } from './settings.ts';
import { type TextUse, textsOn } from './uses.ts';

const FIELDS: Readonly<Record<Channel, string>> = {
  sms: '{ provider: gateway }',
  email: '{ provider: smtp }',
  push: '{ provider: gateway }',
  voice: '{ provider: gateway }',
};

/**
 * Reads the file that says who delivers which channel (docs/providers.md), and holds it against the messages of the
 * strategy that is to be served: the provider's terms allow their kinds, and its templates are there for their texts.
 * @param known.env where the secrets are that the file names.
 * @throws FILE_UNREADABLE; CONFIG_INVALID for faults of the file, PROVIDER_USE_FORBIDDEN for uses that the terms do not
 *   allow, each with every fault on its own line as `file:line:column: message`, never with a secret.
 */
export function loadChannels(
  path: string,
  known: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly strategy: Strategy;
    readonly templates: Templates;
  },
): ChannelSettings {
  const file = openPolicyFile(path);
  const fields = file.content.fields('the table of channels', {}, FIELDS);
  const secrets = { env: known.env, policyFile: path };
  const given = CHANNELS.filter((channel) => fields[channel].isGiven);
  const drafts = given.map((channel) => [channel, readProvider(fields[channel], channel, secrets)] as const);
  file.throwFaults('CONFIG_INVALID');
  // Without a fault nothing is missing.
  const settings = Object.fromEntries(drafts) as ChannelSettings;
  for (const channel of given) {
    refuseMissingTemplates(file, channel, settings[channel], textsOn(channel, known.strategy, known.templates));
  }
  file.throwFaults('CONFIG_INVALID');
  for (const channel of given) {
    refuseForbiddenUses(file, channel, settings[channel], textsOn(channel, known.strategy, known.templates));
  }
  file.throwFaults('PROVIDER_USE_FORBIDDEN');
  return settings;
}

/** A text without its template, or a template that wants a value that the text lacks, would fail when it is sent. */
function refuseMissingTemplates(
  file: PolicyFile,
  channel: Channel,
  settings: ProviderSettings | undefined,
  texts: readonly TextUse[],
): void {
  if (settings === undefined || !('options' in settings) || !('templates' in settings.options)) return;
  const { templates = {} } = settings.options;
  for (const { template, templateCode, params } of texts) {
    const path = [channel, 'templates', templateCode];
    const known = Object.hasOwn(templates, templateCode) ? templates[templateCode] : undefined;
    if (known === undefined) {
      file.refuseAt(path, 'value', `The provider's template for ${templateCode} of "${template}" is missing.`);
      continue;
    }
    for (const [index, name] of known.params.entries()) {
      if (params.includes(name)) continue;
      const message = `The text ${templateCode} of "${template}" has no value "${name}"; it has ${params.join(', ')}.`;
      file.refuseAt([...path, 'params', index], 'value', message);
    }
  }
}

function refuseForbiddenUses(
  file: PolicyFile,
  channel: Channel,
  settings: ProviderSettings | undefined,
  texts: readonly TextUse[],
): void {
  if (settings === undefined || !('terms' in settings)) return;
  const kinds = texts.map(({ kind }) => kind);
  for (const [index, { message }] of checkAllowedUses(settings.provider, kinds, settings.terms).entries()) {
    // The path says more than the file does, so that a provider may have several of these faults.
    file.refuseAt([channel, 'provider', index], 'value', message);
  }
}
