import { z } from 'zod';
import { eventId, instant } from './fields.ts';

/** One type of event, with an example of it. */
export function event<Type extends string, Data extends z.ZodObject>(
  type: Type,
  data: Data,
  doc: { id: string; description: string; example: z.input<Data>; at: string },
) {
  const example = { id: `${type}-1`, type, timestamp: doc.at, data: doc.example };
  return z
    .strictObject({
      id: eventId,
      type: z.literal(type),
      timestamp: instant.describe('When it took effect, which is not when it is sent'),
      data,
    })
    .meta({ id: doc.id, description: doc.description, examples: [example] });
}

type EventType = ReturnType<typeof event>;

/** One of several types of events, told apart by `type`. @param id its name in the OpenAPI document. */
export function anyOf<const Types extends readonly [EventType, ...EventType[]]>(types: Types, id: string) {
  const names = types.map((each) => each.shape.type.value);
  const mapping = types.map((each) => [each.shape.type.value, `#/components/schemas/${each.meta()?.id}`]);
  return z
    .discriminatedUnion('type', types, {
      error: ({ code }) => (code === 'invalid_union' ? `one of ${names.join(', ')}` : undefined),
    })
    .meta({ id, discriminator: { propertyName: 'type', mapping: Object.fromEntries(mapping) } });
}
