import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';

/**
 * What operations filter cases by in the Temporal UI. Stored in plain text and outside the payload codec, so nothing
 * about a person stands here. Changed only when the stage, the need or the amount changes: each change is an event.
 */
export const CaseAttributes = {
  stage: defineSearchAttributeKey('KeptStage', SearchAttributeType.KEYWORD),
  strategy: defineSearchAttributeKey('KeptStrategy', SearchAttributeType.KEYWORD),
  overdueMinor: defineSearchAttributeKey('KeptOverdueMinor', SearchAttributeType.INT),
  needsHuman: defineSearchAttributeKey('KeptNeedsHuman', SearchAttributeType.BOOL),
} as const;
