import type { Database } from '../../db/client.ts';
import { acceptEvents } from '../../db/intake.ts';
import { collectionCase, strategyVersion } from '../../db/schema.ts';
import type { LoanEvent, Statement } from '../../domain/events.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { INTAKE } from './intake.ts';
import { SEEN_AT, dueSoon, statementOf } from './loans.ts';
import { strategy } from './strategy.ts';

/** Takes events in as the API does; throws what is refused. */
export async function post(db: Database, ...events: LoanEvent[]): Promise<void> {
  for (const result of await acceptEvents(db, events, INTAKE)) if (result.status === 'refused') throw result.error;
}

/** A loan with an open case under a strategy that names rule packs, as the rows of a running workflow have it. */
export async function openCaseOf(
  db: Database,
  loanRef: string,
  given: {
    readonly rulePacks?: readonly string[];
    readonly debtor?: Partial<Statement['debtor']>;
    readonly agreements?: Strategy['agreements'];
  } = {},
): Promise<void> {
  const statement = statementOf(loanRef);
  const debtor = { ...statement.debtor, ...given.debtor };
  const { rulePacks = [], agreements } = given;
  const id = ['plain', ...rulePacks, ...(agreements ? ['agreeing'] : [])].join('-');
  const content: Strategy = strategy({ id, rulePacks, ...(agreements && { agreements }) });
  await post(db, dueSoon({ ...statement, debtor }));
  await db
    .insert(strategyVersion)
    .values({ id: content.id, version: content.version, sha256: content.id, content, firstUsedAt: SEEN_AT })
    .onConflictDoNothing();
  await db.insert(collectionCase).values({
    loanRef,
    episode: 1,
    debtorRef: debtor.debtorRef,
    openedByRun: 'a-run',
    strategyId: content.id,
    strategyVersion: content.version,
    timetable: [],
    openedAt: SEEN_AT,
  });
}
