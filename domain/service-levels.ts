/** How soon a grievance of a kind has to be dealt with. A day is 24 hours, whatever the calendar says. */
export interface ServiceLevels {
  /** From its raising until the debtor knows that it has arrived. */
  readonly acknowledgeWithinHours: number;
  /** From its raising until it is decided. */
  readonly decideWithinDays: number;
  /** From the decision until the debtor was told. */
  readonly answerWithinDays: number;
  /** From the answer until the loan system has what the outcome asks of it. */
  readonly correctWithinDays: number;
  /** From the first escalation of a duty to the second, which is the last. */
  readonly escalateAgainAfterDays: number;
  /** How long an agent or agency may not call after a complaint about them was upheld; 0: they may go on. */
  readonly suspendDays: number;
}

export type ServiceLevelsByKind = Readonly<Record<'complaint' | 'dispute', ServiceLevels>>;
