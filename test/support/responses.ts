import { ALWAYS, type Odds, type ResponseKind, type ResponseModel } from '../../domain/responses/model.ts';

/** Odds by which everybody does one thing, or nobody anything, on the next day at the latest. */
export function odds(kind: ResponseKind | null, change: Partial<Odds> = {}): Odds {
  const chances = { promise: 0, plan: 0, call: 0, optOut: 0, ...(kind && { [kind]: ALWAYS }) };
  return { withinDays: 1, reached: ALWAYS, chances, ...change };
}

/** A model in which nobody responds, unless told otherwise: promises are of the half, plans of two or three parts. */
export function responses(after: ResponseModel['after'] = {}, change: Partial<ResponseModel> = {}): ResponseModel {
  return {
    seed: 1,
    hours: { from: '08:00', to: '22:00' },
    promise: { percent: [50, 50], withinDays: [5, 5], honest: 0 },
    plan: { parts: [2, 3], firstWithinDays: [10, 10], honest: 0 },
    after,
    ...change,
  };
}
