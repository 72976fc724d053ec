import type { ContactStatus, LedgerChannel } from './contact-ledger.ts';
import type { ReviewQuestion } from './review-form.ts';
import type { Result } from './rules/facts.ts';
import { drawOf } from './stable-hash.ts';

/** Which contacts a reviewer looks at, and what they are asked about them: `policy/sampling.yaml`. */
export interface SamplingPolicy {
  /** Of the file: kept with each review, since questions change. */
  readonly version: number;
  /** Another seed draws other contacts. */
  readonly seed: string;
  /** By channel, in hundredths of a percent of the contacts that took place: 0 none, 10,000 all. */
  readonly shareBasisPoints: Readonly<Record<LedgerChannel, number>>;
  readonly questions: readonly ReviewQuestion[];
}

/** Why a contact is reviewed. `share`: it was drawn. `finding`: its note has wording that is not ours. */
export type SampleReason = 'share' | 'finding';

/** What the choice depends on. */
export interface SampledContact {
  readonly key: string;
  readonly channel: LedgerChannel;
  readonly status: ContactStatus;
  readonly result: Result | null;
  /** Entries of the word lists that were found in the note. */
  readonly noteFindings: readonly string[] | null;
}

const ALL_BASIS_POINTS = 10_000;
const DRAWS = 2 ** 32;

/** The contacts that took place for certain. */
const TOOK_PLACE: ReadonlySet<ContactStatus> = new Set(['sent', 'made', 'received']);
/** Calls that nobody took: there is nothing to hear in them. */
const UNANSWERED: ReadonlySet<Result> = new Set(['noAnswer', 'notConnected']);

/**
 * Whether a contact is reviewed, and why; null when it is not. By its key, the seed and the share of its channel alone,
 * so that nobody can choose, and a choice that is made again is the same. A note with findings is always reviewed.
 */
export function sampleReasonOf(
  { seed, shareBasisPoints }: Pick<SamplingPolicy, 'seed' | 'shareBasisPoints'>,
  { key, channel, status, result, noteFindings }: SampledContact,
): SampleReason | null {
  if (noteFindings !== null && noteFindings.length > 0) return 'finding';
  if (!TOOK_PLACE.has(status) || (result !== null && UNANSWERED.has(result))) return null;
  const isDrawn = drawOf(`${seed}\n${key}`) * ALL_BASIS_POINTS < shareBasisPoints[channel] * DRAWS;
  return isDrawn ? 'share' : null;
}
