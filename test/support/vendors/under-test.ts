import type { ChannelProvider } from '../../../activities/ports.ts';
import type { ProviderUnderTest } from '../../activities/providers/conformance.ts';
import type { ScriptedVendor, TakenMessage, VendorAnswer, VendorFault } from './scripted-vendor.ts';

export interface VendorParts {
  readonly vendor: ScriptedVendor;
  readonly provider: ChannelProvider;
  readonly withWrongCredentials: ChannelProvider;
  /** The vendor's answers: a refusal of the number for good, a refusal for now, a failure of its own. */
  readonly refusal: VendorAnswer;
  readonly notNow: VendorAnswer;
  readonly failure: VendorAnswer;
  /** The key of a taken message, where the vendor carries none. */
  readonly keyOf?: (message: TakenMessage) => string;
}

/** An adapter and its scripted vendor, in the form of the conformance kit. */
export function vendorUnderTest(parts: VendorParts): ProviderUnderTest {
  const { vendor, provider, withWrongCredentials, refusal, notNow, failure } = parts;
  const carriesKeys = parts.keyOf === undefined;
  const keyOf = parts.keyOf ?? (({ key }) => key);
  const once = (fault: VendorFault) => () => vendor.script({ fault, times: 1 });
  const garbled = { status: 200, body: '<html>it works</html>' };
  return {
    provider,
    withWrongCredentials,
    next: {
      refuseForGood: once({ do: 'answer', answer: refusal }),
      notNow: once({ do: 'answer', answer: notNow }),
      dropBeforeTaking: once({ do: 'drop' }),
      failBeforeTaking: once({ do: 'answer', answer: failure }),
      takeThenFail: once({ do: 'takeThenAnswer', answer: failure }),
      takeThenDrop: once({ do: 'takeThenDrop' }),
      takeThenHalf: once({ do: 'takeThenHalf' }),
      takeThenGarble: once({ do: 'takeThenAnswer', answer: garbled }),
      takeThenAnswerAfter: (ms) => once({ do: 'takeThenDelay', ms })(),
    },
    takenUnder: (key) => vendor.taken().filter((each) => keyOf(each) === key).length,
    ...(carriesKeys ? { keysSeen: () => vendor.keysSeen() } : {}),
    stopOtherSide: () => vendor.stop(),
    stop: () => vendor.stop(),
  };
}
